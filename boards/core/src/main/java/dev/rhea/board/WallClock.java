package dev.rhea.board;

import dev.rhea.device.timer.WallTime;
import dev.rhea.machine.clock.VirtualClock;

/** How a machine learns the time of day: {@code -rtc}. */
@FunctionalInterface
public interface WallClock {
    /** The host's time in UTC, from the start on driven by the machine's own clock: it stands still with a paused machine. */
    WallClock UTC = clock -> WallTime.of(clock, System.currentTimeMillis() * 1_000_000 - clock.now());

    /** The time that real-time clocks of a machine show. @param clock the machine's */
    WallTime of(VirtualClock clock);
}
