package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;

/** Calls to the host's kernel about processes, threads and signals. */
final class HostCalls {
    private HostCalls() {}

    private static final int AT_FDCWD = -100;
    private static final int AT_EACCESS = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    /** Differs between architectures. */
    private static final int O_NOFOLLOW = "amd64".equals(System.getProperty("os.arch")) ? 0x20000 : 0x8000;

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;

    static int gettid() {
        return (int) Syscall.call(SyscallNumber.GETTID, 0, 0, 0, 0, 0, 0);
    }

    static int getppid() {
        return (int) Syscall.call(SyscallNumber.GETPPID, 0, 0, 0, 0, 0, 0);
    }

    static int getpgid(int pid) {
        return (int) Syscall.call(SyscallNumber.GETPGID, pid, 0, 0, 0, 0, 0);
    }

    static int getsid(int pid) {
        return (int) Syscall.call(SyscallNumber.GETSID, pid, 0, 0, 0, 0, 0);
    }

    static int getuid() {
        return (int) Syscall.call(SyscallNumber.GETUID, 0, 0, 0, 0, 0, 0);
    }

    static int geteuid() {
        return (int) Syscall.call(SyscallNumber.GETEUID, 0, 0, 0, 0, 0, 0);
    }

    static int getgid() {
        return (int) Syscall.call(SyscallNumber.GETGID, 0, 0, 0, 0, 0, 0);
    }

    static int getegid() {
        return (int) Syscall.call(SyscallNumber.GETEGID, 0, 0, 0, 0, 0, 0);
    }

    static long kill(int pid, int signal) {
        return Syscall.call(SyscallNumber.KILL, pid, signal, 0, 0, 0, 0);
    }

    static long tgkill(int pid, int tid, int signal) {
        return Syscall.call(SyscallNumber.TGKILL, pid, tid, signal, 0, 0, 0);
    }

    /** A non-blocking counter that polls as readable when it is not 0. */
    static int eventfd() {
        return (int) Syscall.call(SyscallNumber.EVENTFD2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0, 0, 0, 0);
    }

    /** Waits for a child of the JVM; {@code usage} is the address of a rusage. */
    static long wait4(int pid, long status, int options, long usage) {
        return Syscall.call(SyscallNumber.WAIT4, pid, status, options, usage, 0, 0);
    }

    /** Gives the JVM's own action for a signal up. */
    static void defaultAction(int signal) {
        long action = RawMemory.allocate(64);
        try {
            // All zeros are SIG_DFL in every layout Linux has.
            RawMemory.fill(action, 64, (byte) 0);
            sigaction(signal, action, 0);
        } finally {
            RawMemory.free(action);
        }
    }

    /** Those of some signals that the JVM ignores. */
    static long ignoredSignals(long signals) {
        long action = RawMemory.allocate(64);
        try {
            long ignored = 0;
            for (int signal = 1; signal <= Signal.MAX; signal++) {
                if ((signals & Signal.bit(signal)) != 0
                        && sigaction(signal, 0, action) == 0
                        && RawMemory.getLong(action) == SignalAction.IGNORE) {
                    ignored |= Signal.bit(signal);
                }
            }
            return ignored;
        } finally {
            RawMemory.free(action);
        }
    }

    static void close(int fd) {
        Syscall.call(SyscallNumber.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    static long read(int fd, long memory, long bytes) {
        return Syscall.call(SyscallNumber.READ, fd, memory, bytes, 0, 0, 0);
    }

    static long write(int fd, long memory, long bytes) {
        return Syscall.call(SyscallNumber.WRITE, fd, memory, bytes, 0, 0, 0);
    }

    /** {@code timespec} 0 waits for ever. */
    static long ppoll(long fds, int count, long timespec) {
        return Syscall.call(SyscallNumber.PPOLL, fds, count, timespec, 0, 0, 0);
    }

    /** Both structures in the host kernel's layout; 0 for none. */
    static long sigaction(int signal, long action, long old) {
        return Syscall.call(SyscallNumber.RT_SIGACTION, signal, action, old, 8, 0, 0);
    }

    /** Nanoseconds of a clock, or a negative errno. {@code timespec} is 16 bytes of scratch memory. */
    static long clock(long clock, long timespec) {
        long result = Syscall.call(SyscallNumber.CLOCK_GETTIME, clock, timespec, 0, 0, 0, 0);
        return result < 0 ? result : RawMemory.getLong(timespec) * 1_000_000_000L + RawMemory.getLong(timespec + 8);
    }

    static long clockResolution(long clock, long timespec) {
        return Syscall.call(SyscallNumber.CLOCK_GETRES, clock, timespec, 0, 0, 0, 0);
    }

    static long getrusage(int who, long memory) {
        return Syscall.call(SyscallNumber.GETRUSAGE, who, memory, 0, 0, 0, 0);
    }

    static long schedGetaffinity(int tid, long bytes, long memory) {
        return Syscall.call(SyscallNumber.SCHED_GETAFFINITY, tid, bytes, memory, 0, 0, 0);
    }

    static long prlimit(int resource, long set, long old) {
        return Syscall.call(SyscallNumber.PRLIMIT64, 0, resource, set, old, 0, 0);
    }

    /** Writes two ints: processor and node. */
    static long getcpu(long memory) {
        return Syscall.call(SyscallNumber.GETCPU, memory, memory + 4, 0, 0, 0, 0);
    }

    static long sysinfo(long memory) {
        return Syscall.call(SyscallNumber.SYSINFO, memory, 0, 0, 0, 0, 0);
    }

    /** {@code struct timex} in the host's layout. */
    static long clockAdjtime(int clock, long timex) {
        return Syscall.call(SyscallNumber.CLOCK_ADJTIME, clock, timex, 0, 0, 0, 0);
    }

    static long uname(long memory) {
        return Syscall.call(SyscallNumber.UNAME, memory, 0, 0, 0, 0, 0);
    }

    static long getgroups(int count, long memory) {
        return Syscall.call(SyscallNumber.GETGROUPS, count, memory, 0, 0, 0, 0);
    }

    static long getrandom(long memory, long bytes, int flags) {
        return Syscall.call(SyscallNumber.GETRANDOM, memory, bytes, flags, 0, 0, 0);
    }

    static long capget(long header, long data) {
        return Syscall.call(SyscallNumber.CAPGET, header, data, 0, 0, 0, 0);
    }

    /** Access by effective ids, path at an absolute address. */
    static long faccessat(long path, int mode) {
        return Syscall.call(SyscallNumber.FACCESSAT2, AT_FDCWD, path, mode, AT_EACCESS, 0, 0);
    }

    static long openForReading(long path, boolean noFollow) {
        // O_NOFOLLOW alone would be ELOOP for a link, as the caller wants it.
        long flags = O_CLOEXEC | O_NONBLOCK | (noFollow ? O_NOFOLLOW : 0);
        return Syscall.call(SyscallNumber.OPENAT, AT_FDCWD, path, flags, 0, 0, 0);
    }

    /** {@code stx_mode} of an open file; {@code memory} is 256 bytes of scratch. */
    static int fileType(int fd, long memory) {
        RawMemory.putByte(memory, (byte) 0);
        long result = Syscall.call(SyscallNumber.STATX, fd, memory, AT_EMPTY_PATH, 1, memory, 0);
        return result < 0 ? 0 : RawMemory.getShort(memory + 28) & 0xFFFF;
    }

    static long readlink(long path, long buffer, long bytes) {
        return Syscall.call(SyscallNumber.READLINKAT, AT_FDCWD, path, buffer, bytes, 0, 0);
    }

    static long pread(int fd, long memory, long bytes, long offset) {
        return Syscall.call(SyscallNumber.PREAD64, fd, memory, bytes, offset, 0, 0);
    }
}
