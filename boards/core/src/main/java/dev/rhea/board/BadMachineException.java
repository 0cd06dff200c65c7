package dev.rhea.board;

import org.jspecify.annotations.Nullable;

/** A machine cannot be built as asked; the message is a sentence in the reference's words where it has some. */
public final class BadMachineException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient @Nullable DeviceSpec device;

    public BadMachineException(String message) {
        this(message, null);
    }

    /** @param device the one that cannot be as it was asked for, or null */
    public BadMachineException(String message, @Nullable DeviceSpec device) {
        super(message);
        this.device = device;
    }

    /** The device that cannot be as it was asked for; null where it is something else. */
    public @Nullable DeviceSpec device() {
        return device;
    }
}
