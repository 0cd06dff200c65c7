package dev.rhea.user.process;

/**
 * A signal with what comes along, in the fields of {@code siginfo_t}; what a field means depends on the signal and
 * {@link #code} (sigaction(2)).
 *
 * @param number 1 to 64
 * @param code {@code si_code}
 * @param pid {@code si_pid}, or the timer's id
 * @param uid {@code si_uid}, or the timer's overrun
 * @param value {@code si_value}, or {@code si_addr}, or SIGIO's band
 * @param status {@code si_status} of SIGCHLD, or SIGIO's descriptor
 */
public record SignalInfo(int number, int code, int pid, int uid, long value, int status) {
    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TIMER = -2;
    public static final int SI_TKILL = -6;

    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;
    public static final int CLD_STOPPED = 5;
    public static final int CLD_CONTINUED = 6;

    /** Bytes of a {@code siginfo_t}. */
    public static final int BYTES = 128;

    /** From the kernel itself, with nothing more to say. */
    public static SignalInfo kernel(int number) {
        return new SignalInfo(number, SI_KERNEL, 0, 0, 0, 0);
    }

    /** As kill(2) sends it. */
    public static SignalInfo user(int number, int pid, int uid) {
        return new SignalInfo(number, SI_USER, pid, uid, 0, 0);
    }

    /** A fault at an address. */
    public static SignalInfo fault(int number, int code, long address) {
        return new SignalInfo(number, code, 0, 0, address, 0);
    }

    private enum Layout {
        KILL,
        TIMER,
        CHILD,
        FAULT,
        POLL
    }

    /** Which member of the union is in use, as the kernel's own siginfo_layout tells from signal and code. */
    private Layout layout() {
        if (code == SI_TIMER) {
            return Layout.TIMER;
        }
        if (code > SI_USER && code < SI_KERNEL) {
            switch (number) {
                case Signal.SIGCHLD:
                    return Layout.CHILD;
                case Signal.SIGILL, Signal.SIGFPE, Signal.SIGSEGV, Signal.SIGBUS, Signal.SIGTRAP:
                    return Layout.FAULT;
                case Signal.SIGIO:
                    return Layout.POLL;
                default:
                    break;
            }
        }
        return Layout.KILL;
    }

    /** The 128 bytes of {@code siginfo_t} for an ABI with this word size and byte order. */
    public byte[] encode(int wordSize, boolean bigEndian) {
        byte[] to = new byte[BYTES];
        put(to, 0, number, 4, bigEndian);
        put(to, 8, code, 4, bigEndian);
        // The union is aligned for a pointer: after three ints and, in a 64-bit ABI, a gap.
        int at = wordSize == 8 ? 16 : 12;
        switch (layout()) {
            case FAULT -> put(to, at, value, wordSize, bigEndian);
            case POLL -> {
                put(to, at, value, wordSize, bigEndian);
                put(to, at + wordSize, status, 4, bigEndian);
            }
            case CHILD -> {
                put(to, at, pid, 4, bigEndian);
                put(to, at + 4, uid, 4, bigEndian);
                put(to, at + 8, status, 4, bigEndian);
            }
            case TIMER, KILL -> {
                put(to, at, pid, 4, bigEndian);
                put(to, at + 4, uid, 4, bigEndian);
                put(to, at + 8, value, wordSize, bigEndian);
            }
        }
        return to;
    }

    /** What a program hands to rt_sigqueueinfo. */
    static SignalInfo decode(int number, byte[] from, int wordSize, boolean bigEndian) {
        int at = wordSize == 8 ? 16 : 12;
        return new SignalInfo(
                number,
                (int) get(from, 8, 4, bigEndian),
                (int) get(from, at, 4, bigEndian),
                (int) get(from, at + 4, 4, bigEndian),
                get(from, at + 8, wordSize, bigEndian),
                0);
    }

    private static void put(byte[] to, int at, long value, int size, boolean bigEndian) {
        for (int i = 0; i < size; i++) {
            to[at + (bigEndian ? size - 1 - i : i)] = (byte) (value >>> 8 * i);
        }
    }

    private static long get(byte[] from, int at, int size, boolean bigEndian) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (from[at + (bigEndian ? size - 1 - i : i)] & 0xFFL) << 8 * i;
        }
        return value;
    }
}
