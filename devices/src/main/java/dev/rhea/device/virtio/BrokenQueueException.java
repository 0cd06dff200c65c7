package dev.rhea.device.virtio;

/** What the driver put into a ring makes no sense: the device needs a reset. Stackless. */
public final class BrokenQueueException extends Exception {
    private static final long serialVersionUID = 1;

    public BrokenQueueException(String message) {
        super(message, null, false, false);
    }
}
