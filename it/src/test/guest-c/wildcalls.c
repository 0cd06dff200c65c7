/* wildcalls SEED COUNT: COUNT children make random system calls with random arguments: numbers, wild pointers, pointers to
 * random bytes. Each ends by itself, by a signal or by its timer; what the calls answer is nobody's business. Left out are
 * those that make processes, signal others, or wait for ever with all signals blocked. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;
static volatile pid_t running;
static unsigned char *buffer;

static void stop(int signal)
{
    (void)signal;
    if (running > 0)
        kill(running, SIGKILL);
}

static void limit(long microseconds)
{
    struct itimerval timer = {{0, 0}, {microseconds / 1000000, microseconds % 1000000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static long argument(void)
{
    static const long special[] = {0, -1, -2, 1, 2, 3, 4096, 4095, 0x7fffffff, 0x80000000, 0xffffffff, -4096, -100, 64, 8, 1L << 47, 1L << 62, 1L << 63};
    switch (next() % 8) {
    case 0:
    case 1:
        return special[next() % (sizeof special / sizeof *special)];
    case 2:
        return (long)next();
    case 3:
        return (long)(next() % 64);
    case 4: /* the end of a mapping */
        return (long)buffer + 65536 - (long)(next() % 16);
    case 5:
        return (long)(next() % (1L << 40));
    default:
        return (long)buffer + (long)(next() % 65536);
    }
}

static int left_out(long number)
{
    switch (number) {
    case SYS_clone:
    case 435: /* clone3 */
    case SYS_kill:
    case SYS_tkill:
    case SYS_tgkill:
    case SYS_rt_sigqueueinfo:
    case SYS_rt_tgsigqueueinfo:
    case 424: /* pidfd_send_signal */
    case SYS_rt_sigprocmask:
    case SYS_rt_sigaction:
    case SYS_setitimer:
    case SYS_execve:
    case SYS_execveat:
    case SYS_sync:
    case SYS_syncfs:
    case SYS_rt_sigreturn:
        return 1;
    default:
        return 0;
    }
}

static void wild(uint64_t seed)
{
    signal(SIGALRM, SIG_DFL);
    state = seed * 0x9e3779b97f4a7c15u + 1;
    limit(30000);
    for (size_t i = 0; i < 65536; i += 8) {
        uint64_t value = next() % 3 ? next() : next() % 16;
        memcpy(buffer + i, &value, 8);
    }
    for (int i = 0; i < 40; i++) {
        long number = (long)(next() % 470);
        if (left_out(number))
            continue;
        long a = argument(), b = argument(), c = argument(), d = argument(), e = argument(), f = argument();
        syscall(number, a, b, c, d, e, f);
    }
    _exit(0);
}

int main(int count, char **words)
{
    uint64_t seed = count > 1 ? strtoull(words[1], NULL, 0) : 1;
    long children = count > 2 ? strtol(words[2], NULL, 0) : 100;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGALRM, &action, NULL);
    buffer = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long ended = 0, exited = 0;
    for (long n = 0; n < children; n++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            close(0);
            close(1);
            close(2);
            wild(seed + (uint64_t)n);
        }
        running = child;
        int status;
        limit(5000000);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            ;
        limit(0);
        running = 0;
        ended++;
        exited += WIFEXITED(status);
    }
    printf("%ld children ended, %s\n", ended, exited > children / 4 ? "many by themselves" : "few by themselves");
    return 0;
}
