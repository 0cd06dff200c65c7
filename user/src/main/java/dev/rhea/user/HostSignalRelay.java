package dev.rhea.user;

import dev.rhea.user.process.HostSignals;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.Signal;
import org.jspecify.annotations.Nullable;

/**
 * Passes signals that the JVM receives on to the guest. Those that end a JVM are always taken, so that the guest decides
 * and dies of them in its own way; others only once the guest has set an action for them. The JVM keeps SIGQUIT and
 * SIGUSR2 for itself, and all that faults raise.
 */
final class HostSignalRelay {
    private static final int[] ALWAYS = {Signal.SIGHUP, Signal.SIGINT, Signal.SIGTERM};
    private static final int[] WHEN_WANTED = {
        Signal.SIGUSR1, Signal.SIGALRM, Signal.SIGCONT, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU, Signal.SIGWINCH,
        Signal.SIGURG, Signal.SIGIO, Signal.SIGPWR
    };

    private final boolean on;
    private @Nullable Kernel kernel;
    private long taken;

    HostSignalRelay(boolean on) {
        this.on = on;
    }

    void attach(Kernel value) {
        kernel = value;
        if (on) {
            for (int signal : ALWAYS) {
                take(signal);
            }
        }
    }

    /** The guest has set an action. */
    void actionChanged(int signal) {
        if (on) {
            for (int wanted : WHEN_WANTED) {
                if (wanted == signal) {
                    take(signal);
                }
            }
        }
    }

    /** The first process was stopped: so is the JVM, for its shell to see. */
    void stopped() {
        if (on) {
            HostSignals.stop();
        }
    }

    private synchronized void take(int signal) {
        if ((taken & Signal.bit(signal)) != 0) {
            return;
        }
        taken |= Signal.bit(signal);
        try {
            sun.misc.Signal.handle(
                    new sun.misc.Signal(Signal.name(signal).substring(3)), s -> arrived(s.getNumber()));
        } catch (IllegalArgumentException e) {
            // The JVM wants it for itself: the guest will not hear of it.
            taken |= Signal.bit(signal);
        }
    }

    private void arrived(int signal) {
        Kernel k = kernel;
        if (k != null) {
            k.hostSignal(signal);
        }
    }
}
