/* hostile SEED COUNT: COUNT children run random code until a signal or a timer ends them. RISC-V only. No system call is
 * among the random words: what a wild program would ask of the kernel is another test's business. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;
static volatile pid_t running;

/* A child that jumps back to where its timer is set may set it for ever: then its parent ends it. */
static void stop(int signal)
{
    (void)signal;
    if (running > 0)
        kill(running, SIGKILL);
}

static void limit(int seconds)
{
    struct itimerval timer = {{0, 0}, {seconds, 0}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void wild(uint64_t seed, unsigned char *code, size_t size)
{
    signal(SIGALRM, SIG_DFL);
    static const uint16_t likely[] = {0x0013, 0x0033, 0x0003, 0x0023, 0x0063, 0x006f, 0x0067, 0x003b, 0x001b, 0x0053, 0x0007, 0x0027, 0x002f, 0x0017};
    state = seed * 0x9e3779b97f4a7c15u + 1;
    for (size_t i = 0; i < size / 4; i++) {
        uint32_t word = (uint32_t)next();
        /* Half of the words are given the opcode of some instruction. */
        if (next() & 1)
            word = (word & ~0x7fu) | likely[next() % (sizeof likely / sizeof *likely)];
        memcpy(code + 4 * i, &word, 4);
    }
    for (size_t i = 0; i + 4 <= size; i += 2) {
        uint32_t word;
        memcpy(&word, code + i, 4);
        if (word == 0x00000073)
            code[i] = 0x13;
    }
    __builtin___clear_cache((char *)code, (char *)code + size);
    struct itimerval timer = {{0, 0}, {0, 30000}};
    setitimer(ITIMER_REAL, &timer, NULL);
    ((void (*)(uint64_t, uint64_t, void *, void *))code)(next(), next(), code, code + size);
    _exit(0);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    int count = argc > 2 ? atoi(argv[2]) : 100, ends[65] = {0}, kinds = 0;
    unsigned char *code = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGALRM, stop);
    for (int i = 0; i < count; i++) {
        int status;
        pid_t child = fork();
        if (!child)
            wild(seed + i, code, 4096);
        running = child;
        limit(2);
        if (child < 0 || waitpid(child, &status, 0) != child) {
            printf("lost child %d\n", i);
            return 1;
        }
        limit(0);
        ends[WIFSIGNALED(status) ? WTERMSIG(status) & 63 : 64]++;
    }
    for (int i = 0; i <= 64; i++)
        kinds += ends[i] != 0;
    printf("%d children ended, in %s ways\n", count, kinds > 1 ? "several" : "too few");
    if (getenv("VERBOSE"))
        for (int i = 0; i <= 64; i++)
            if (ends[i])
                printf("%d: %d\n", i, ends[i]);
    return 0;
}
