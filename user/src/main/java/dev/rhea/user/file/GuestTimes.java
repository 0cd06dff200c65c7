package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;

/** Timeouts and points in time in guest memory, as nanoseconds. */
public final class GuestTimes {
    private GuestTimes() {}

    public static final long SECOND = 1_000_000_000L;
    private static final long MAX_SECONDS = Long.MAX_VALUE / SECOND - 1;

    /**
     * Reads a {@code timespec} that says how long or until when.
     *
     * @return nanoseconds, at most some 292 years
     * @throws Errno EINVAL where seconds are negative or nanoseconds out of range
     */
    public static long read(Abi abi, GuestMemory memory, Layout<Abi.Time> layout, long address) {
        return nanoseconds(
                layout.get(memory, address, Abi.Time.SECONDS), fraction(abi, memory, layout, address), SECOND);
    }

    /** Reads a {@code timeval} that says how long. @throws Errno EINVAL */
    public static long readTimeval(Abi abi, GuestMemory memory, Layout<Abi.Time> layout, long address) {
        return nanoseconds(
                layout.get(memory, address, Abi.Time.SECONDS), fraction(abi, memory, layout, address), 1_000_000);
    }

    private static long fraction(Abi abi, GuestMemory memory, Layout<Abi.Time> layout, long address) {
        long value = layout.get(memory, address, Abi.Time.FRACTION);
        return abi.is32() ? (int) value : value; // the upper half is padding in a 32-bit ABI's 64-bit time
    }

    private static long nanoseconds(long seconds, long fraction, long perSecond) {
        if (seconds < 0 || fraction < 0 || fraction >= perSecond) {
            throw new Errno(Errno.EINVAL);
        }
        return Math.min(seconds, MAX_SECONDS) * SECOND + fraction * (SECOND / perSecond);
    }

    /** Writes nanoseconds as a {@code timespec}. */
    public static void write(GuestMemory memory, Layout<Abi.Time> layout, long address, long nanoseconds) {
        layout.put(memory, address, Abi.Time.SECONDS, Math.floorDiv(nanoseconds, SECOND));
        layout.put(memory, address, Abi.Time.FRACTION, Math.floorMod(nanoseconds, SECOND));
    }

    /** Writes nanoseconds as a {@code timeval}. */
    public static void writeTimeval(GuestMemory memory, Layout<Abi.Time> layout, long address, long nanoseconds) {
        layout.put(memory, address, Abi.Time.SECONDS, Math.floorDiv(nanoseconds, SECOND));
        layout.put(memory, address, Abi.Time.FRACTION, Math.floorMod(nanoseconds, SECOND) / 1000);
    }

    /** The deadline that is so many nanoseconds away. */
    public static long deadlineIn(long nanoseconds) {
        long now = System.nanoTime();
        long deadline = now + nanoseconds;
        return deadline < now ? Task.FOREVER : deadline;
    }

    /** Nanoseconds left until a deadline, at least 0. */
    public static long left(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }
}
