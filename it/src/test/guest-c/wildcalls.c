/* wildcalls SEED COUNT: COUNT children make random system calls with random arguments: numbers, wild pointers, pointers to
 * random bytes. Each ends by itself, by a signal or by its timer; what the calls answer is nobody's business. Left out are
 * those that make processes, signal others, or wait for ever with all signals blocked. */
#include "wild.h"

static unsigned char *buffer;

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

static void wild(void)
{
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
}

static const char *verdict(const long *ends, long children)
{
    return ends[64] > children / 4 ? "many by themselves" : "few by themselves";
}

int main(int count, char **words)
{
    buffer = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return run(count, words, 30000, verdict);
}
