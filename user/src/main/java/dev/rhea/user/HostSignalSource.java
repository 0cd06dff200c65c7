package dev.rhea.user;

import dev.rhea.user.process.Kernel;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** The host's signals to the JVM, handed to the guests they are meant for. */
final class HostSignalSource {
    /** Taken over at once: by default they end a program, and the JVM's own way of ending is another. */
    private static final int[] ALWAYS = {1, 2, 15};

    private HostSignalSource() {}

    /** Hands over what a program is ended by. */
    static void forward(Kernel kernel) {
        for (int signal : ALWAYS) {
            forward(kernel, signal);
        }
    }

    /** Hands over a signal, where the JVM lets us have it. */
    static void forward(Kernel kernel, int signal) {
        String name = name(signal);
        if (name == null) {
            return;
        }
        try {
            Signal.handle(new Signal(name), ignored -> kernel.hostSignal(signal));
        } catch (IllegalArgumentException e) {
            // The JVM's own: the guests do without it.
        }
    }

    private static @Nullable String name(int signal) {
        return switch (signal) {
            case 1 -> "HUP";
            case 2 -> "INT";
            case 3 -> "QUIT";
            case 10 -> "USR1";
            case 12 -> "USR2";
            case 14 -> "ALRM";
            case 15 -> "TERM";
            case 18 -> "CONT";
            case 20 -> "TSTP";
            case 28 -> "WINCH";
            default -> null;
        };
    }
}
