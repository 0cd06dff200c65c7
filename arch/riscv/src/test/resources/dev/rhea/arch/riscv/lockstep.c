// Runs the cases of standard input, which Lockstep.java made, and writes what they leave behind.
// Layout: see Lockstep.java. The handler runs with whatever gp and tp the code under test left: built without relaxation and
// stack protector.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define STATE 0x10000000ul
#define CODE 0x20000000ul
#define BUFFER 0x3000000000ul
#define BUFFER_SIZE 0x20000ul
#define GUARD 0x100000000ul

static uint64_t faults, last;

static void mix(uint64_t v) { faults = (faults ^ v) * 0x9e3779b97f4a7c15ul; faults ^= faults >> 29; }

static void handler(int signal, siginfo_t *info, void *context) {
    ucontext_t *u = context;
    unsigned long pc = u->uc_mcontext.__gregs[0];
    mix(signal);
    mix(pc);
    // the reference reports 0 for what is no address on a host of 47 bits, and rounds misaligned ones down
    if (signal != SIGILL) mix(last = (uint64_t)info->si_addr >> 47 ? 0 : (uint64_t)info->si_addr & ~15ul);
    u->uc_mcontext.__gregs[0] = pc + 4;
}

static void *map(unsigned long at, unsigned long size, int rights) {
    void *p = mmap((void *)at, size, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) { perror("mmap"); exit(2); }
    return p;
}

int main(void) {
    static char stack[65536];
    stack_t alt = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alt, 0);
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigaction(SIGILL, &action, 0);
    sigaction(SIGSEGV, &action, 0);
    sigaction(SIGBUS, &action, 0);
    char *state = map(STATE, 0x1000, PROT_READ | PROT_WRITE);
    char *code = map(CODE, 0x10000, PROT_READ | PROT_WRITE | PROT_EXEC);
    map(BUFFER - GUARD, 2 * GUARD + BUFFER_SIZE, PROT_NONE);
    uint64_t *buffer = map(BUFFER, BUFFER_SIZE, PROT_READ | PROT_WRITE);
    uint32_t sizes[2];
    while (fread(sizes, 4, 2, stdin) == 2) {
        if (fread(state, 1, sizes[0], stdin) != sizes[0] || fread(code, 1, sizes[1], stdin) != sizes[1]) return 3;
        __builtin___clear_cache(code, code + sizes[1]);
        faults = last = 0;
        ((void (*)(char *))CODE)(state + 0x800);
        uint64_t hash = 0;
        for (unsigned long i = 0; i < BUFFER_SIZE / 8; i++) { hash = (hash ^ buffer[i]) * 0x100000001b3ul; hash ^= hash >> 31; }
        uint64_t tail[3] = {faults, hash, last};
        fwrite(state, 1, 0x1000, stdout);
        fwrite(tail, 8, 3, stdout);
    }
    return 0;
}
