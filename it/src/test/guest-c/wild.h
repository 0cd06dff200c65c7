/* What programs with wild children have in common: nothing that a child does can be seen from outside but how it ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;

/* Xorshift: the same sequence for the same seed. */
static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void limit(long microseconds)
{
    struct itimerval timer = {{0, 0}, {microseconds / 1000000, microseconds % 1000000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static volatile sig_atomic_t late;

static void stop(int signal)
{
    (void)signal;
    late = 1;
}

/* In the child: no descriptor but /dev/null, an end, and a group of its own, so that whatever it forks (a jump may lead to any
 * code of the C library, or to ours) goes with it. */
static void alone(uint64_t seed, long microseconds)
{
    struct rlimit none = {0, 0};
    setpgid(0, 0);
    signal(SIGALRM, SIG_DFL);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    syscall(SYS_close_range, 3, ~0u, 0);
    setrlimit(RLIMIT_CORE, &none);
    state = seed * 0x9e3779b97f4a7c15u + 1;
    limit(microseconds);
}

/* Waits for a child, which is killed with its group if its own timer does not end it (one that runs into the code that sets
 * the timer may set it for ever). Its status, or -1 if it is lost. */
static int end_of(pid_t child)
{
    int status;
    pid_t ended;
    late = 0;
    limit(2000000);
    while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
        if (late)
            kill(child, SIGKILL);
    limit(0);
    kill(-child, SIGKILL);
    return ended == child ? status : -1;
}

static void wild(void);

/* main: COUNT children, told apart by their seeds. Counts are kept here, where no child can reach them. */
static int run(int count, char **words, long microseconds, const char *(*verdict)(const long *ends, long children))
{
    uint64_t seed = count > 1 ? strtoull(words[1], NULL, 0) : 1;
    long children = count > 2 ? strtol(words[2], NULL, 0) : 100, ends[65] = {0};
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGALRM, &action, NULL);
    for (long n = 0; n < children; n++) {
        pid_t child = fork();
        if (child == 0) {
            alone(seed + (uint64_t)n, microseconds);
            wild();
            _exit(0);
        }
        int status = child < 0 ? -1 : end_of(child);
        if (status == -1) {
            printf("lost child %ld\n", n);
            return 1;
        }
        ends[WIFSIGNALED(status) ? WTERMSIG(status) & 63 : 64]++;
    }
    printf("%ld children ended, %s\n", children, verdict(ends, children));
    if (getenv("VERBOSE"))
        for (int i = 0; i <= 64; i++)
            if (ends[i])
                printf("%d: %ld\n", i, ends[i]);
    return 0;
}
