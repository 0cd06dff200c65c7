/* A little of what a C library gives, for 32-bit RISC-V, of which Debian has none. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SYS_dup3 = 24, SYS_fcntl64 = 25, SYS_ftruncate64 = 46, SYS_fallocate = 47, SYS_openat = 56, SYS_close = 57, SYS_pipe2 = 59,
    SYS_llseek = 62, SYS_read = 63, SYS_write = 64, SYS_readv = 65, SYS_writev = 66, SYS_pread64 = 67, SYS_pwrite64 = 68,
    SYS_preadv = 69, SYS_exit = 93, SYS_exit_group = 94, SYS_waitid = 95, SYS_set_tid_address = 96, SYS_timer_create = 107,
    SYS_sched_yield = 124, SYS_kill = 129, SYS_tgkill = 131, SYS_sigaltstack = 132, SYS_rt_sigaction = 134,
    SYS_rt_sigprocmask = 135, SYS_rt_sigpending = 136, SYS_uname = 160, SYS_getpid = 172, SYS_getppid = 173, SYS_gettid = 178,
    SYS_brk = 214, SYS_munmap = 215, SYS_mremap = 216, SYS_clone = 220, SYS_mmap2 = 222, SYS_mprotect = 226,
    SYS_prlimit64 = 261, SYS_memfd_create = 279, SYS_statx = 291, SYS_clock_gettime64 = 403, SYS_clock_nanosleep_time64 = 407,
    SYS_timer_gettime64 = 408, SYS_timer_settime64 = 409, SYS_ppoll_time64 = 414, SYS_pselect6_time64 = 413,
    SYS_rt_sigtimedwait_time64 = 421, SYS_futex_time64 = 422, SYS_clone3 = 435
};

static long call6(long n, long a, long b, long c, long d, long e, long f)
{
    register long a7 __asm__("a7") = n, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d, a4 __asm__("a4") = e, a5 __asm__("a5") = f;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
    return a0;
}

#define PICK(_1, _2, _3, _4, _5, _6, _7, N, ...) N
#define call(...) PICK(__VA_ARGS__, CALL6, CALL5, CALL4, CALL3, CALL2, CALL1, CALL0)(__VA_ARGS__)
#define L(x) ((long)(x))
#define CALL0(n) call6(n, 0, 0, 0, 0, 0, 0)
#define CALL1(n, a) call6(n, L(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) call6(n, L(a), L(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) call6(n, L(a), L(b), L(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) call6(n, L(a), L(b), L(c), L(d), 0, 0)
#define CALL5(n, a, b, c, d, e) call6(n, L(a), L(b), L(c), L(d), L(e), 0)
#define CALL6(n, a, b, c, d, e, f) call6(n, L(a), L(b), L(c), L(d), L(e), L(f))

void *memset(void *to, int value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((volatile char *)to)[i] = (char)value;
    return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

/* %s, %d, %x (of long), %X (of 64 bits): a line at once. */
static void say(const char *format, ...)
{
    char line[256];
    size_t n = 0;
    va_list arguments;
    va_start(arguments, format);
    for (; *format; format++) {
        if (*format != '%') {
            line[n++] = *format;
            continue;
        }
        format++;
        if (*format == 's') {
            for (const char *s = va_arg(arguments, const char *); *s; s++)
                line[n++] = *s;
        } else if (*format == 'd') {
            long value = va_arg(arguments, long);
            unsigned long u = value < 0 ? -(unsigned long)value : (unsigned long)value;
            char digits[12];
            int k = 0;
            if (value < 0)
                line[n++] = '-';
            do
                digits[k++] = (char)('0' + u % 10);
            while (u /= 10);
            while (k)
                line[n++] = digits[--k];
        } else {
            uint64_t value = *format == 'X' ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned long);
            int shift = 60;
            while (shift > 0 && !(value >> shift))
                shift -= 4;
            for (; shift >= 0; shift -= 4)
                line[n++] = "0123456789abcdef"[value >> shift & 15];
        }
    }
    va_end(arguments);
    call(SYS_write, 1, line, n);
}

struct action {
    void *handler;
    unsigned long flags;
    uint64_t mask;
};

enum { SA_SIGINFO = 4, SA_ONSTACK = 0x08000000, SA_RESTART = 0x10000000, SA_NODEFER = 0x40000000 };

struct siginfo {
    int signo, error, code;
    union {
        struct {
            int pid, uid, status;
        };
        void *address;
        struct {
            int timer, overrun, value;
        };
        int rest[29];
    };
};

/* ucontext; the machine's state begins at a multiple of 16. */
struct context {
    unsigned long flags, link;
    struct {
        void *sp;
        int flags;
        unsigned long size;
    } stack;
    unsigned long mask[2];
    char unused[120];
    unsigned long x[32] __attribute__((aligned(16))); /* pc instead of x0 */
    uint64_t f[32];
    uint32_t fcsr;
};

__attribute__((unused)) static long on(int signal, void *handler, unsigned long flags)
{
    struct action action = {handler, flags, 0};
    return call(SYS_rt_sigaction, signal, &action, 0, 8);
}

struct time64 {
    int64_t seconds, nanos;
};

static int main(int count, char **words);

__attribute__((used)) static void begin(long *stack)
{
    call(SYS_exit_group, main((int)stack[0], (char **)(stack + 1)));
}

__asm__(".globl _start\n_start: .option push\n.option norelax\nla gp, __global_pointer$\n.option pop\nmv a0, sp\nandi sp, sp, -16\ncall begin\n");
