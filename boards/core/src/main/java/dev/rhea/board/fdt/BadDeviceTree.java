package dev.rhea.board.fdt;

/** A blob that is no device tree; the message says why. */
public final class BadDeviceTree extends Exception {
    private static final long serialVersionUID = 1;

    BadDeviceTree(String message) {
        super(message);
    }
}
