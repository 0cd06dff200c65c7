package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;

/** Calls to the host's kernel about processes, threads and signals: x86-64's numbers or the generic ones. */
final class HostCalls {
    private HostCalls() {}

    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

    private static final int READ = X86 ? 0 : 63;
    private static final int WRITE = X86 ? 1 : 64;
    private static final int CLOSE = X86 ? 3 : 57;
    private static final int PPOLL = X86 ? 271 : 73;
    private static final int EVENTFD2 = X86 ? 290 : 19;
    private static final int RT_SIGACTION = X86 ? 13 : 134;
    private static final int KILL = X86 ? 62 : 129;
    private static final int TGKILL = X86 ? 234 : 131;
    private static final int GETTID = X86 ? 186 : 178;
    private static final int GETPPID = X86 ? 110 : 173;
    private static final int GETPGID = X86 ? 121 : 155;
    private static final int GETSID = X86 ? 124 : 156;
    private static final int CLOCK_GETTIME = X86 ? 228 : 113;
    private static final int CLOCK_GETRES = X86 ? 229 : 114;
    private static final int GETRUSAGE = X86 ? 98 : 165;
    private static final int SCHED_GETAFFINITY = X86 ? 204 : 123;
    private static final int PRLIMIT64 = X86 ? 302 : 261;
    private static final int GETCPU = X86 ? 309 : 168;
    private static final int SYSINFO = X86 ? 99 : 179;
    private static final int UNAME = X86 ? 63 : 160;
    private static final int GETUID = X86 ? 102 : 174;
    private static final int GETEUID = X86 ? 107 : 175;
    private static final int GETGID = X86 ? 104 : 176;
    private static final int GETEGID = X86 ? 108 : 177;
    private static final int GETGROUPS = X86 ? 115 : 158;
    private static final int GETRANDOM = X86 ? 318 : 278;
    private static final int CAPGET = X86 ? 125 : 90;

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    static int gettid() {
        return (int) Syscall.call(GETTID, 0, 0, 0, 0, 0, 0);
    }

    static int getppid() {
        return (int) Syscall.call(GETPPID, 0, 0, 0, 0, 0, 0);
    }

    static int getpgid(int pid) {
        return (int) Syscall.call(GETPGID, pid, 0, 0, 0, 0, 0);
    }

    static int getsid(int pid) {
        return (int) Syscall.call(GETSID, pid, 0, 0, 0, 0, 0);
    }

    static int getuid() {
        return (int) Syscall.call(GETUID, 0, 0, 0, 0, 0, 0);
    }

    static int geteuid() {
        return (int) Syscall.call(GETEUID, 0, 0, 0, 0, 0, 0);
    }

    static int getgid() {
        return (int) Syscall.call(GETGID, 0, 0, 0, 0, 0, 0);
    }

    static int getegid() {
        return (int) Syscall.call(GETEGID, 0, 0, 0, 0, 0, 0);
    }

    static long kill(int pid, int signal) {
        return Syscall.call(KILL, pid, signal, 0, 0, 0, 0);
    }

    static long tgkill(int pid, int tid, int signal) {
        return Syscall.call(TGKILL, pid, tid, signal, 0, 0, 0);
    }

    /** A non-blocking counter that polls as readable when it is not 0. */
    static int eventfd() {
        return (int) Syscall.call(EVENTFD2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0, 0, 0, 0);
    }

    static void close(int fd) {
        Syscall.call(CLOSE, fd, 0, 0, 0, 0, 0);
    }

    static long read(int fd, long memory, long bytes) {
        return Syscall.call(READ, fd, memory, bytes, 0, 0, 0);
    }

    static long write(int fd, long memory, long bytes) {
        return Syscall.call(WRITE, fd, memory, bytes, 0, 0, 0);
    }

    /** {@code timespec} 0 waits for ever. */
    static long ppoll(long fds, int count, long timespec) {
        return Syscall.call(PPOLL, fds, count, timespec, 0, 0, 0);
    }

    /** Both structures in the host kernel's layout; 0 for none. */
    static long sigaction(int signal, long action, long old) {
        return Syscall.call(RT_SIGACTION, signal, action, old, 8, 0, 0);
    }

    /** Nanoseconds of a clock, or a negative errno. {@code timespec} is 16 bytes of scratch memory. */
    static long clock(long clock, long timespec) {
        long result = Syscall.call(CLOCK_GETTIME, clock, timespec, 0, 0, 0, 0);
        return result < 0 ? result : RawMemory.getLong(timespec) * 1_000_000_000L + RawMemory.getLong(timespec + 8);
    }

    static long clockResolution(long clock, long timespec) {
        return Syscall.call(CLOCK_GETRES, clock, timespec, 0, 0, 0, 0);
    }

    static long getrusage(int who, long memory) {
        return Syscall.call(GETRUSAGE, who, memory, 0, 0, 0, 0);
    }

    static long schedGetaffinity(int tid, long bytes, long memory) {
        return Syscall.call(SCHED_GETAFFINITY, tid, bytes, memory, 0, 0, 0);
    }

    static long prlimit(int resource, long set, long old) {
        return Syscall.call(PRLIMIT64, 0, resource, set, old, 0, 0);
    }

    /** Writes two ints: processor and node. */
    static long getcpu(long memory) {
        return Syscall.call(GETCPU, memory, memory + 4, 0, 0, 0, 0);
    }

    static long sysinfo(long memory) {
        return Syscall.call(SYSINFO, memory, 0, 0, 0, 0, 0);
    }

    static long uname(long memory) {
        return Syscall.call(UNAME, memory, 0, 0, 0, 0, 0);
    }

    static long getgroups(int count, long memory) {
        return Syscall.call(GETGROUPS, count, memory, 0, 0, 0, 0);
    }

    static long getrandom(long memory, long bytes, int flags) {
        return Syscall.call(GETRANDOM, memory, bytes, flags, 0, 0, 0);
    }

    static long capget(long header, long data) {
        return Syscall.call(CAPGET, header, data, 0, 0, 0, 0);
    }
}
