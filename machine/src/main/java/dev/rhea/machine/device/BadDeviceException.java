package dev.rhea.machine.device;

/** A device cannot be made as asked: an unknown or wrong property, a bus that is full. The message is the reference's. */
public final class BadDeviceException extends Exception {
    private static final long serialVersionUID = 1;

    public BadDeviceException(String message) {
        super(message);
    }
}
