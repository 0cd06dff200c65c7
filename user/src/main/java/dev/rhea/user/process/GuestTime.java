package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Errno;
import java.time.Instant;

/** {@code timespec} and {@code timeval} in guest memory, as nanoseconds and microseconds. */
final class GuestTime {
    private GuestTime() {}

    static final long SECOND = 1_000_000_000L;

    /** The most that fits: 292 years. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / SECOND - 1;

    /**
     * Reads a timespec.
     *
     * @param field bytes of each field: 8, or 4 in a 32-bit ABI's old structures
     * @return nanoseconds, capped at 292 years
     * @throws Errno EINVAL where the fields are out of range
     */
    static long readTimespec(GuestMemory memory, long address, int field) {
        long seconds = signed(memory.read(address, field), field);
        // In a 32-bit ABI's 64-bit structure the upper half of tv_nsec is padding.
        long nanos = signed(memory.read(address + field, field), field);
        if (seconds < 0 || nanos < 0 || nanos >= SECOND) {
            throw new Errno(Errno.EINVAL);
        }
        return Math.min(seconds, MAX_SECONDS) * SECOND + nanos;
    }

    static void writeTimespec(GuestMemory memory, long address, long nanos, int field) {
        memory.write(address, nanos / SECOND, field);
        memory.write(address + field, nanos % SECOND, field);
    }

    /** Reads a timeval; nanoseconds. @throws Errno EINVAL */
    static long readTimeval(GuestMemory memory, long address, int field) {
        long seconds = signed(memory.read(address, field), field);
        long micros = signed(memory.read(address + field, field), field);
        if (seconds < 0 || micros < 0 || micros >= 1_000_000) {
            throw new Errno(Errno.EINVAL);
        }
        return Math.min(seconds, MAX_SECONDS) * SECOND + micros * 1000;
    }

    static void writeTimeval(GuestMemory memory, long address, long nanos, int field) {
        memory.write(address, nanos / SECOND, field);
        memory.write(address + field, nanos % SECOND / 1000, field);
    }

    private static long signed(long value, int bytes) {
        return bytes == 4 ? (int) value : value;
    }

    /** The {@link System#nanoTime} at which CLOCK_REALTIME shows so many nanoseconds. */
    static long deadlineOfRealtime(long nanos) {
        Instant instant = Instant.now();
        long now = instant.getEpochSecond() * SECOND + instant.getNano();
        return System.nanoTime() + (nanos - now);
    }

    /** So many nanoseconds from now. */
    static long deadlineIn(long nanos) {
        long deadline = System.nanoTime() + nanos;
        return deadline < 0 ? Task.FOREVER : deadline;
    }
}
