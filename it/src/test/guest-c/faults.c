/* Memory and instruction faults: every access size, with the address, code and pc that the handler must see. RISC-V only. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

static volatile int got, code;
static volatile uintptr_t address, pc;
static volatile uintptr_t a2_at_fault;
static sigjmp_buf back;

static void handler(int signal, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    got = signal;
    code = info->si_code;
    address = (uintptr_t)info->si_addr;
    pc = u->uc_mcontext.__gregs[0];
    a2_at_fault = u->uc_mcontext.__gregs[12];
    u->uc_mcontext.__gregs[0] += 4;
}

static const char *name_of(int signal)
{
    return signal == SIGSEGV ? "SEGV" : signal == SIGBUS ? "BUS" : signal == SIGILL ? "ILL" : signal == SIGTRAP ? "TRAP" : signal ? "?" : "none";
}

/* Runs one 4-byte instruction on a1 = where, with a2 and fa0 holding a value; checks that nothing else went on. */
#define TRY(text, where)                                                                                                          \
    do {                                                                                                                          \
        uintptr_t at, after = 0;                                                                                                  \
        register uintptr_t a1 __asm__("a1") = (uintptr_t)(where);                                                                 \
        register uintptr_t a2 __asm__("a2") = 0x5a5a5a5a;                                                                         \
        got = 0;                                                                                                                  \
        __asm__ volatile(".option push\n.option norvc\n fmv.d.x fa0, a2\n lla %0, 1f\n addi a3, zero, 1\n1: " text               \
                         "\n addi %1, a3, 1\n.option pop"                                                                         \
                         : "=&r"(at), "=&r"(after), "+r"(a2)                                                                      \
                         : "r"(a1)                                                                                                \
                         : "memory", "a3", "fa0");                                                                                \
        printf("%-24s %-4s code %d %s, pc %s, a2 %s, goes on %d\n", text, name_of(got), got ? code : 0,                           \
               !got ? "-" : address == (uintptr_t)(where) ? "right address" : "WRONG ADDRESS",                                    \
               !got ? "-" : pc == at ? "right" : "WRONG", a2_at_fault == 0x5a5a5a5a || !got ? "kept" : "LOST", (int)after);       \
    } while (0)

#define LOADS(where)                                                                                                              \
    TRY("lb a2, 0(a1)", where);                                                                                                   \
    TRY("lbu a2, 0(a1)", where);                                                                                                  \
    TRY("lh a2, 0(a1)", where);                                                                                                   \
    TRY("lhu a2, 0(a1)", where);                                                                                                  \
    TRY("lw a2, 0(a1)", where);                                                                                                   \
    TRY("lwu a2, 0(a1)", where);                                                                                                  \
    TRY("ld a2, 0(a1)", where);                                                                                                   \
    TRY("flw fa0, 0(a1)", where);                                                                                                 \
    TRY("fld fa0, 0(a1)", where);                                                                                                 \
    TRY("lr.w a2, (a1)", where);                                                                                                  \
    TRY("lr.d a2, (a1)", where)

#define STORES(where)                                                                                                             \
    TRY("sb a2, 0(a1)", where);                                                                                                   \
    TRY("sh a2, 0(a1)", where);                                                                                                   \
    TRY("sw a2, 0(a1)", where);                                                                                                   \
    TRY("sd a2, 0(a1)", where);                                                                                                   \
    TRY("fsw fa0, 0(a1)", where);                                                                                                 \
    TRY("fsd fa0, 0(a1)", where);                                                                                                 \
    TRY("amoadd.w a3, a2, (a1)", where);                                                                                          \
    TRY("amoswap.d a3, a2, (a1)", where)

static void leave(int signal, siginfo_t *info, void *context)
{
    got = signal;
    code = info->si_code;
    address = (uintptr_t)info->si_addr;
    pc = ((ucontext_t *)context)->uc_mcontext.__gregs[0];
    siglongjmp(back, 1);
}

static void fetch(const char *what, uintptr_t target)
{
    struct sigaction action = {0};
    got = 0;
    if (sigsetjmp(back, 1) == 0) {
        action.sa_sigaction = leave;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGILL, &action, NULL);
        ((void (*)(void))target)();
    }
    printf("fetch %-18s %-4s code %d %s, pc %s\n", what, name_of(got), code, address == target ? "right address" : "WRONG ADDRESS",
           pc == target ? "right" : "WRONG");
}

static volatile int bottom;

#pragma GCC diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) static int recurse(int n)
{
    volatile char room[4096];
    room[0] = n;
    return recurse(n + 1) + room[0];
}

static void overflowed(int signal, siginfo_t *info, void *context)
{
    uintptr_t sp = ((ucontext_t *)context)->uc_mcontext.__gregs[2];
    (void)signal;
    intptr_t distance = (intptr_t)((uintptr_t)info->si_addr - sp);
    printf("stack overflow: address near the stack pointer %d\n", distance > -65536 && distance < 65536);
    fflush(stdout);
    siglongjmp(back, 1);
}

int main(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    int all[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP};
    for (int i = 0; i < 4; i++)
        sigaction(all[i], &action, NULL);

    char *area = mmap(NULL, 6 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *none = area + 4096, *readable = area + 2 * 4096, *unmapped = area + 3 * 4096, *good = area + 4 * 4096;
    mprotect(none, 4096, PROT_NONE);
    mprotect(readable, 4096, PROT_READ);
    munmap(unmapped, 4096);

    puts("PROT_NONE");
    LOADS(none + 64);
    STORES(none + 64);
    puts("read-only");
    LOADS(readable + 8);
    STORES(readable + 8);
    puts("unmapped");
    LOADS(unmapped + 4088);
    STORES(unmapped + 4088);
    puts("good");
    LOADS(good);
    STORES(good);
    puts("null and wild");
    TRY("ld a2, 0(a1)", 0);
    TRY("sd a2, 0(a1)", 8);
    TRY("lb a2, 0(a1)", 0x3fffffffffffUL);
    TRY("sw a2, 0(a1)", 0x7fffffffffff0UL & ~0xfUL);

    puts("rights that change");
    for (int i = 0; i < 3; i++) {
        mprotect(good, 4096, PROT_READ | PROT_WRITE);
        TRY("sd a2, 0(a1)", good + 16);
        mprotect(good, 4096, PROT_READ);
        TRY("sd a2, 0(a1)", good + 16);
    }
    mprotect(good, 4096, PROT_READ | PROT_WRITE);
    printf("kept: %lx\n", *(long *)(good + 16));

    puts("past the end of a file");
    int fd = memfd_create("short", 0);
    if (ftruncate(fd, 100))
        return 1;
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    TRY("lb a2, 0(a1)", map + 200);
    TRY("lb a2, 0(a1)", map + 4096);
    TRY("sd a2, 0(a1)", map + 4096);

    puts("instructions");
    TRY(".word 0xffffffff", pc);
    TRY(".word 0x00000073 | 0x30200000", pc); /* mret: not for user mode */
    TRY("csrw mstatus, a2", pc);
    got = 0;
    __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop");
    printf("ebreak: %s code %d\n", name_of(got), code);

    fetch("NULL", 0);
    fetch("from data", (uintptr_t)good);
    fetch("from PROT_NONE", (uintptr_t)none);
    fetch("unmapped", (uintptr_t)unmapped);
    memset(good, 0, 16);
    mprotect(good, 4096, PROT_READ | PROT_EXEC);
    fetch("zeros", (uintptr_t)good);

    struct rlimit limit = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_STACK, &limit);
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaltstack(&stack, NULL);
    action.sa_sigaction = overflowed;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);
    if (sigsetjmp(back, 1) == 0)
        bottom = recurse(0);

    signal(SIGSEGV, SIG_DFL);
    puts("and now for good");
    fflush(stdout);
    *(volatile int *)16 = 1;
    return 0;
}
