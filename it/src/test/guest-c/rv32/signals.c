/* Signal frames, faults, threads and processes with 32-bit registers. */
#include "bare.h"

static volatile int got;
static volatile unsigned long seen[6];
static char *guarded;

static void fault(int signal, struct siginfo *info, struct context *context)
{
    got = signal;
    seen[0] = (unsigned long)info->code;
    seen[1] = (unsigned long)info->address - (unsigned long)guarded;
    seen[2] = context->x[9];
    seen[3] = (unsigned long)(context->f[8] >> 32);
    /* Past the instruction; a value for whoever looks at s1 afterwards. */
    context->x[0] += 4;
    context->x[9] = 0x1234;
    context->f[8] = 0x4008000000000000;
}

static void faults(void)
{
    guarded = (char *)call(SYS_mmap2, 0, 8192, 3, 0x22, -1, 0);
    call(SYS_mprotect, guarded + 4096, 4096, 0);
    on(11, fault, SA_SIGINFO);
    on(4, fault, SA_SIGINFO);
    on(5, fault, SA_SIGINFO);
    unsigned long s1;
    double d = 0.5;
    __asm__ volatile("fld fs0, %2\nli s1, 0x77777777\n.option push\n.option norvc\nlw t0, 0(%3)\n.option pop\nmv %0, s1\nfsd fs0, %1\n"
        : "=r"(s1), "=m"(d) : "m"(d), "r"(guarded + 4096 + 8) : "s1", "t0", "fs0", "memory");
    say("signal %d code %d at %x s1 %x fs0 %x\n", (long)got, seen[0], seen[1], seen[2], seen[3]);
    say("changed to %x %d\n", s1, (long)d);
    __asm__ volatile(".option push\n.option norvc\nsw zero, 0(%0)\n.option pop" : : "r"(0x10) : "memory");
    say("signal %d code %d at %x\n", (long)got, seen[0], seen[1] + (unsigned long)guarded);
    __asm__ volatile(".word 0xffffffff");
    say("signal %d code %d\n", (long)got, seen[0]);
    /* ld is none of this machine's instructions. */
    __asm__ volatile(".word 0x0005b503");
    say("signal %d code %d\n", (long)got, seen[0]);
    __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop");
    say("signal %d code %d\n", (long)got, seen[0]);
}

static void deep(int signal)
{
    char here;
    got = signal;
    seen[0] = (unsigned long)&here;
}

static void stacks(void)
{
    static char other[16384];
    struct {
        void *sp;
        int flags;
        unsigned long size;
    } stack = {other, 0, sizeof other}, old;
    say("sigaltstack %d\n", call(SYS_sigaltstack, &stack, 0));
    on(10, deep, SA_ONSTACK);
    call(SYS_kill, call(SYS_getpid), 10);
    say("handler ran on it: %d\n", (long)(seen[0] >= (unsigned long)other && seen[0] < (unsigned long)other + sizeof other));
    say("sigaltstack %d", call(SYS_sigaltstack, 0, &old));
    say(" %d %d\n", (long)(old.sp == other), old.size);
    uint64_t mask = 1u << 9 | 1ull << 40, was, pending;
    call(SYS_rt_sigprocmask, 0, &mask, 0, 8);
    got = 0;
    call(SYS_kill, call(SYS_getpid), 10);
    say("blocked: %d", (long)got);
    call(SYS_rt_sigpending, &pending, 8);
    say(" pending %X", pending);
    call(SYS_rt_sigprocmask, 1, &mask, &was, 8);
    say(" mask was %X, then got %d\n", was, (long)got);
}

static uint32_t ready, ended = 1;
static volatile int sum;

static int add(void)
{
    for (int i = 0; i < 1000; i++)
        __atomic_fetch_add(&sum, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&ready, 1, __ATOMIC_SEQ_CST);
    call(SYS_futex_time64, &ready, 1, 1, 0, 0, 0);
    call(SYS_exit, 0);
    return 0;
}

__attribute__((noinline)) static long thread(unsigned long flags, void *stack, void *parent, void *tls, void *child, int (*run)(void))
{
    register long a7 __asm__("a7") = SYS_clone, a0 __asm__("a0") = (long)flags;
    register void *a1 __asm__("a1") = stack, *a2 __asm__("a2") = parent, *a3 __asm__("a3") = tls, *a4 __asm__("a4") = child;
    register int (*a5)(void) __asm__("a5") = run;
    __asm__ volatile("ecall\nbnez a0, 1f\njalr a5\n1:" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory", "ra");
    return a0;
}

static void threads(void)
{
    static char stack[16384] __attribute__((aligned(16)));
    uint32_t tid = 0;
    /* CLONE_VM FS FILES SIGHAND THREAD SYSVSEM SETTLS PARENT_SETTID CHILD_CLEARTID */
    long made = thread(0x003d0f00, stack + sizeof stack, &tid, stack, &ended, add);
    say("clone %d\n", (long)(made > 0 && (uint32_t)made == tid));
    while (!__atomic_load_n(&ready, __ATOMIC_SEQ_CST))
        call(SYS_futex_time64, &ready, 0, 0, 0, 0, 0);
    while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST))
        call(SYS_futex_time64, &ended, 0, 1, 0, 0, 0);
    say("added %d\n", (long)sum);
}

static int main(int count, char **words)
{
    (void)count, (void)words;
    faults();
    stacks();
    threads();
    long child = call(SYS_clone, 17, 0, 0, 0, 0);
    if (child == 0) {
        sum = 1;
        call(SYS_exit_group, 33);
    }
    struct siginfo info;
    memset(&info, 0, sizeof info);
    long result = call(SYS_waitid, 1, child, &info, 4, 0);
    say("waitid %d signal %d code %d status %d own %d\n", result, (long)info.signo, (long)info.code, (long)info.status, (long)(info.pid == child));
    say("the child's memory is its own: %d\n", (long)sum);
    child = call(SYS_clone, 17, 0, 0, 0, 0);
    if (child == 0) {
        on(11, 0, 0);
        *(volatile int *)4 = 1;
    }
    memset(&info, 0, sizeof info);
    call(SYS_waitid, 1, child, &info, 4, 0);
    say("died: signal %d code %d status %d\n", (long)info.signo, (long)info.code, (long)info.status);
    return 6;
}
