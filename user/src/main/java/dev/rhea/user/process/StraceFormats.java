package dev.rhea.user.process;

import org.jspecify.annotations.Nullable;

/**
 * How arguments are printed, a character for each: {@code i} int, {@code d} long, {@code x} hexadecimal, {@code p} pointer,
 * {@code o} octal, {@code s} path, {@code v} vector of strings, {@code @} directory, {@code S} signal; upper-case letters
 * besides are flags.
 */
final class StraceFormats {
    private StraceFormats() {}

    private static final String[] PROT = {"PROT_EXEC", "PROT_READ", "PROT_WRITE"};

    private static final int[] PROT_BITS = {4, 1, 2};

    static String of(String name) {
        return switch (name) {
            case "brk" -> "p";
            case "mmap", "mmap2" -> "pdPMid";
            case "munmap" -> "pd";
            case "mprotect" -> "pdP";
            case "madvise" -> "pdi";
            case "mremap" -> "pddxp";
            case "read", "write" -> "ixd";
            case "pread64", "pwrite64" -> "ixdd";
            case "readv", "writev" -> "ipi";
            case "close", "dup", "fsync", "fdatasync", "fchdir", "epoll_create1", "exit", "exit_group", "alarm" -> "i";
            case "dup3" -> "iii";
            case "openat" -> "@sOo";
            case "newfstatat", "fstatat64" -> "@spF";
            case "fstat" -> "ip";
            case "statx" -> "@sFxp";
            case "faccessat" -> "@sR";
            case "faccessat2" -> "@sRF";
            case "mkdirat" -> "@so";
            case "unlinkat" -> "@sF";
            case "readlinkat" -> "@spd";
            case "symlinkat" -> "s@s";
            case "linkat" -> "@s@sF";
            case "renameat" -> "@s@s";
            case "renameat2" -> "@s@si";
            case "fchmodat" -> "@so";
            case "chdir", "chroot" -> "s";
            case "lseek" -> "idW";
            case "getcwd" -> "xd";
            case "ioctl" -> "ixp";
            case "fcntl" -> "iip";
            case "pipe2" -> "pD";
            case "umask" -> "o";
            case "execve" -> "sv";
            case "kill" -> "iS";
            case "tkill" -> "iS";
            case "tgkill" -> "iiS";
            case "rt_sigaction" -> "Spp";
            case "rt_sigprocmask" -> "Hpp";
            case "rt_sigsuspend" -> "pd";
            case "wait4" -> "ipip";
            case "clone" -> "Cpppp";
            case "futex" -> "pUdpdd";
            case "set_tid_address" -> "p";
            case "set_robust_list" -> "pd";
            case "nanosleep" -> "pp";
            case "clock_nanosleep" -> "Kipp";
            case "clock_gettime", "clock_getres" -> "Kp";
            case "getrandom" -> "xdi";
            case "prlimit64" -> "iipp";
            case "sigaltstack" -> "pp";
            case "uname" -> "p";
            case "socket" -> "iii";
            case "getpid",
                    "gettid",
                    "getppid",
                    "getuid",
                    "geteuid",
                    "getgid",
                    "getegid",
                    "setsid",
                    "sched_yield",
                    "sync",
                    "getpgrp" -> "";
            default -> "dddddd";
        };
    }

    static boolean returnsAddress(String name) {
        return switch (name) {
            case "brk", "mmap", "mmap2", "mremap", "shmat" -> true;
            default -> false;
        };
    }

    /** The value as names, or null where the letter stands for no flags. */
    static @Nullable String flags(char format, long value) {
        return switch (format) {
            case 'P' -> protection((int) value);
            case 'M' -> mapping((int) value);
            case 'O' -> opening((int) value);
            case 'D' -> bits((int) value, OPEN_BITS, OPEN_NAMES, "0");
            case 'C' -> cloning(value);
            case 'F' -> bits((int) value, AT_BITS, AT_NAMES, "0");
            case 'R' -> bits((int) value, ACCESS_BITS, ACCESS_NAMES, "F_OK");
            case 'W' -> choice((int) value, "SEEK_SET", "SEEK_CUR", "SEEK_END");
            case 'H' -> choice((int) value, "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK");
            case 'K' ->
                choice(
                        (int) value,
                        "CLOCK_REALTIME",
                        "CLOCK_MONOTONIC",
                        "CLOCK_PROCESS_CPUTIME_ID",
                        "CLOCK_THREAD_CPUTIME_ID",
                        "CLOCK_MONOTONIC_RAW",
                        "CLOCK_REALTIME_COARSE",
                        "CLOCK_MONOTONIC_COARSE",
                        "CLOCK_BOOTTIME");
            case 'U' -> futex((int) value);
            default -> null;
        };
    }

    private static final int[] AT_BITS = {0x100, 0x200, 0x400, 0x800, 0x1000};
    private static final String[] AT_NAMES = {
        "AT_SYMLINK_NOFOLLOW", "AT_REMOVEDIR", "AT_SYMLINK_FOLLOW", "AT_NO_AUTOMOUNT", "AT_EMPTY_PATH"
    };
    private static final int[] ACCESS_BITS = {4, 2, 1};
    private static final String[] ACCESS_NAMES = {"R_OK", "W_OK", "X_OK"};
    private static final int[] MAP_BITS = {
        0x20, 0x10, 0x100, 0x800, 0x1000, 0x2000, 0x4000, 0x8000, 0x20000, 0x40000, 0x100000
    };
    private static final String[] MAP_NAMES = {
        "MAP_ANONYMOUS",
        "MAP_FIXED",
        "MAP_GROWSDOWN",
        "MAP_DENYWRITE",
        "MAP_EXECUTABLE",
        "MAP_LOCKED",
        "MAP_NORESERVE",
        "MAP_POPULATE",
        "MAP_STACK",
        "MAP_HUGETLB",
        "MAP_FIXED_NOREPLACE"
    };

    /** The generic numbering of {@code asm-generic/fcntl.h}. */
    private static final int[] OPEN_BITS = {
        0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x4000, 0x8000, 0x10000, 0x20000, 0x40000, 0x80000, 0x200000
    };

    private static final String[] OPEN_NAMES = {
        "O_CREAT",
        "O_EXCL",
        "O_NOCTTY",
        "O_TRUNC",
        "O_APPEND",
        "O_NONBLOCK",
        "O_DSYNC",
        "O_DIRECT",
        "O_LARGEFILE",
        "O_DIRECTORY",
        "O_NOFOLLOW",
        "O_NOATIME",
        "O_CLOEXEC",
        "O_PATH"
    };
    private static final int[] CLONE_BITS = {
        0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x4000, 0x8000, 0x10000, 0x40000, 0x80000, 0x100000, 0x200000,
        0x1000000
    };
    private static final String[] CLONE_NAMES = {
        "CLONE_VM",
        "CLONE_FS",
        "CLONE_FILES",
        "CLONE_SIGHAND",
        "CLONE_PIDFD",
        "CLONE_PTRACE",
        "CLONE_VFORK",
        "CLONE_PARENT",
        "CLONE_THREAD",
        "CLONE_SYSVSEM",
        "CLONE_SETTLS",
        "CLONE_PARENT_SETTID",
        "CLONE_CHILD_CLEARTID",
        "CLONE_CHILD_SETTID"
    };
    private static final String[] FUTEX_NAMES = {
        "FUTEX_WAIT",
        "FUTEX_WAKE",
        "FUTEX_FD",
        "FUTEX_REQUEUE",
        "FUTEX_CMP_REQUEUE",
        "FUTEX_WAKE_OP",
        "FUTEX_LOCK_PI",
        "FUTEX_UNLOCK_PI",
        "FUTEX_TRYLOCK_PI",
        "FUTEX_WAIT_BITSET",
        "FUTEX_WAKE_BITSET",
        "FUTEX_WAIT_REQUEUE_PI",
        "FUTEX_CMP_REQUEUE_PI"
    };

    private static String bits(int value, int[] bits, String[] names, String none) {
        if (value == 0) {
            return none;
        }
        StringBuilder s = new StringBuilder();
        int left = value;
        for (int i = 0; i < bits.length; i++) {
            if ((left & bits[i]) == bits[i]) {
                add(s, names[i]);
                left &= ~bits[i];
            }
        }
        if (left != 0) {
            add(s, "0x" + Integer.toHexString(left));
        }
        return s.toString();
    }

    private static void add(StringBuilder s, String name) {
        if (!s.isEmpty()) {
            s.append('|');
        }
        s.append(name);
    }

    private static String choice(int value, String... names) {
        return value >= 0 && value < names.length ? names[value] : Integer.toString(value);
    }

    private static String protection(int value) {
        if (value == 0) {
            return "PROT_NONE";
        }
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < PROT.length; i++) {
            if ((value & PROT_BITS[i]) != 0) {
                add(s, PROT[i]);
            }
        }
        if ((value & ~7) != 0) {
            add(s, "0x" + Integer.toHexString(value & ~7));
        }
        return s.toString();
    }

    private static String mapping(int value) {
        String type = choice(value & 15, "0", "MAP_SHARED", "MAP_PRIVATE", "MAP_SHARED_VALIDATE");
        int rest = value & ~15;
        return rest == 0 ? type : type + "|" + bits(rest, MAP_BITS, MAP_NAMES, "");
    }

    private static String opening(int value) {
        String mode = choice(value & 3, "O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE");
        int rest = value & ~3;
        return rest == 0 ? mode : mode + "|" + bits(rest, OPEN_BITS, OPEN_NAMES, "");
    }

    private static String cloning(long value) {
        StringBuilder s = new StringBuilder();
        if ((value & ~0xFFL) != 0) {
            s.append(bits((int) (value & ~0xFFL), CLONE_BITS, CLONE_NAMES, ""));
        }
        if ((value & 0xFF) != 0) {
            add(s, "0x" + Long.toHexString(value & 0xFF));
        }
        return s.isEmpty() ? "0" : s.toString();
    }

    private static String futex(int value) {
        String name = choice(value & 0x7F, FUTEX_NAMES);
        if ((value & 128) != 0) {
            name = name.startsWith("FUTEX_") ? "FUTEX_PRIVATE_FLAG|" + name : name;
        }
        return (value & 256) != 0 ? "FUTEX_CLOCK_REALTIME|" + name : name;
    }
}
