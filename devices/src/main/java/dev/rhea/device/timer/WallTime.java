package dev.rhea.device.timer;

import dev.rhea.machine.clock.VirtualClock;

/** The time of day that a real-time clock starts from: what {@code -rtc base=…,clock=…} says. Any thread. */
@FunctionalInterface
public interface WallTime {
    /** Nanoseconds since 1970-01-01 00:00 in the time zone that guests are to see. */
    long nanoseconds();

    /**
     * Time that passes with the machine's clock, and stands still when it does: {@code -rtc clock=vm}.
     *
     * @param base nanoseconds since 1970 when the clock stood at 0
     */
    static WallTime of(VirtualClock clock, long base) {
        return () -> base + clock.now();
    }
}
