/* System calls whose arguments are other than those of 64 bits: pairs, pages, time64. */
#include "bare.h"

static void files(void)
{
    struct {
        char *at;
        size_t n;
    } parts[] = {{"writ", 4}, {"ev, ", 4}, {"", 0}, {"in parts\n", 9}};
    say("writev %d\n", call(SYS_writev, 1, parts, 4));
    long fd = call(SYS_memfd_create, "m", 0);
    /* 64-bit arguments are pairs of registers, low half first, wherever they begin. */
    say("ftruncate64 %d\n", call(SYS_ftruncate64, fd, 0x12345678, 1));
    say("pwrite64 %d\n", call(SYS_pwrite64, fd, "abcdef", 6, 0x1000, 1));
    uint64_t place = 0;
    say("llseek %d", call(SYS_llseek, fd, 1, 0x1002, &place, 0));
    say(" to %X\n", place);
    char text[8] = {0};
    say("read %d %s\n", call(SYS_read, fd, text, 3), text);
    say("llseek end %d", call(SYS_llseek, fd, 0, 0, &place, 2));
    say(" to %X\n", place);
    memset(text, 0, sizeof text);
    say("pread64 %d %s\n", call(SYS_pread64, fd, text, 4, 0x1001, 1), text);
    struct {
        char *at;
        size_t n;
    } one = {text, 2};
    say("preadv %d", call(SYS_preadv, fd, &one, 1, 0x1004, 1));
    say(" %s\n", text);
    say("fallocate %d\n", call(SYS_fallocate, fd, 0, 0, 2, 0x1000, 0));
    /* statx: size at 40 */
    static char status[256];
    say("statx %d", call(SYS_statx, fd, "", 0x1000, 0x7ff, status));
    say(" size %X mode %x\n", *(uint64_t *)(status + 40), (unsigned long)(*(uint16_t *)(status + 28)));
    /* The page offset of mmap2 is in pages: 0x101 is the page of 0x101000. */
    call(SYS_pwrite64, fd, "page", 5, 0x101000, 0);
    char *at = (char *)call(SYS_mmap2, 0, 4096, 3, 1, fd, 0x101);
    say("mmap2 %s\n", at);
    at[0] = 'P';
    call(SYS_pread64, fd, text, 5, 0x101000, 0);
    say("shared %s\n", text);
    say("beyond 2^32: %d\n", (long)((unsigned long)call(SYS_mmap2, 0, 4096, 3, 1, fd, 0x100001) < -4095ul));
    say("mmap2 of nothing %d, of a wrong place %d\n", call(SYS_mmap2, 0, 0, 3, 0x22, -1, 0), call(SYS_mmap2, 1, 4096, 3, 0x32, -1, 0));
    char *large = (char *)call(SYS_mmap2, 0, 3 * 4096, 3, 0x22, -1, 0);
    large[8192] = 7;
    large = (char *)call(SYS_mremap, large, 3 * 4096, 64 * 4096, 1);
    say("mremap keeps %d\n", (long)large[8192]);
    say("munmap %d %d\n", call(SYS_munmap, large, 64 * 4096), call(SYS_munmap, 3, 4096));
    char *heap = (char *)call(SYS_brk, 0);
    say("brk grows %d\n", call(SYS_brk, heap + 0x10000) - (long)heap);
    heap[0xffff] = 1;
    say("close %d %d\n", call(SYS_close, fd), call(SYS_close, fd));
    fd = call(SYS_openat, -100, "/dev/null", 2, 0);
    say("F_GETFL %x\n", call(SYS_fcntl64, fd, 3, 0) & 3);
    uint64_t limits[2] = {1, 1};
    say("prlimit64 %d %d\n", call(SYS_prlimit64, 0, 4, 0, limits), limits[1] >= limits[0]);
    say("bad pointers %d %d\n", call(SYS_write, 1, 0xfffff000, 4), call(SYS_clock_gettime64, 1, 8));
}

static void times(void)
{
    struct time64 first, second, none = {0, 1000000}, wrong = {0, 1000000000};
    say("clock_gettime64 %d", call(SYS_clock_gettime64, 1, &first));
    say(" %d", call(SYS_clock_nanosleep_time64, 1, 0, &none, 0));
    say(" %d", call(SYS_clock_gettime64, 1, &second));
    int64_t passed = (second.seconds - first.seconds) * 1000000000 + second.nanos - first.nanos;
    say(" a millisecond passed: %d\n", (long)(passed >= 1000000 && passed < 60000000000));
    say("realtime is past 2020: %d\n", call(SYS_clock_gettime64, 0, &first) == 0 && first.seconds > 1577836800);
    say("a wrong time %d, a wrong clock %d\n", call(SYS_clock_nanosleep_time64, 1, 0, &wrong, 0), call(SYS_clock_gettime64, 99, &first));
    int ends[2];
    call(SYS_pipe2, ends, 0);
    struct {
        int fd;
        short events, revents;
    } wanted = {ends[0], 1, 0};
    say("ppoll_time64 %d", call(SYS_ppoll_time64, &wanted, 1, &none, 0, 8));
    call(SYS_write, ends[1], "x", 1);
    say(" %d", call(SYS_ppoll_time64, &wanted, 1, 0, 0, 8));
    say(" %x\n", (long)wanted.revents);
    unsigned long set[32] = {0};
    set[ends[0] / 32] |= 1ul << ends[0] % 32;
    say("pselect6_time64 %d", call(SYS_pselect6_time64, ends[0] + 1, set, 0, 0, &none, 0));
    say(" %x\n", set[0] >> ends[0]);
    uint32_t word = 5;
    say("futex_time64 %d %d\n", call(SYS_futex_time64, &word, 0, 4, 0, 0, 0), call(SYS_futex_time64, &word, 0, 5, &none, 0, 0));
    struct {
        unsigned long value;
        int signal, notify, rest[13];
    } event = {77, 10, 0, {0}};
    int timer = -1;
    struct time64 setting[2] = {{0, 0}, {0, 2000000}}, left[2];
    uint64_t mask = 1u << 9;
    struct siginfo info;
    struct time64 long_enough = {60, 0};
    call(SYS_rt_sigprocmask, 0, &mask, 0, 8);
    say("timer_create %d", call(SYS_timer_create, 1, &event, &timer));
    say(" %d", call(SYS_timer_settime64, timer, 0, setting, 0));
    say(" %d", call(SYS_rt_sigtimedwait_time64, &mask, &info, &long_enough, 8));
    say(" code %d value %d", (long)info.code, (long)info.value);
    say(" %d", call(SYS_timer_gettime64, timer, left));
    say(" left %X\n", left[1].seconds + left[1].nanos);
    say("sigtimedwait in vain %d\n", call(SYS_rt_sigtimedwait_time64, &mask, &info, &none, 8));
}

static int main(int count, char **words)
{
    (void)words;
    say("%d word\n", (long)count);
    files();
    times();
    static char names[6][65];
    say("uname %d %s %s\n", call(SYS_uname, names), names[0], names[4]);
    return 5;
}
