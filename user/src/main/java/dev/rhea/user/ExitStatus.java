package dev.rhea.user;

import dev.rhea.user.process.HostSignals;

/**
 * How a program ended.
 *
 * @param waitStatus as wait(2) packs it
 */
public record ExitStatus(int waitStatus) {
    /** Whether it called exit or returned from main. */
    public boolean exited() {
        return (waitStatus & 0x7F) == 0;
    }

    /** What it returned, 0 to 255; 128 and the signal's number where it was killed, as shells say it. */
    public int code() {
        return exited() ? waitStatus >>> 8 & 0xFF : 128 + signal();
    }

    /** The signal that killed it, or 0. */
    public int signal() {
        return waitStatus & 0x7F;
    }

    /**
     * Ends the JVM as the program ended, killed by the same signal if it was one: for a launcher whose caller must not see
     * the difference. Shutdown hooks do not run in that case. Returns where the program was not killed.
     */
    public void dieLikeIt() {
        if (!exited()) {
            HostSignals.die(signal());
        }
    }
}
