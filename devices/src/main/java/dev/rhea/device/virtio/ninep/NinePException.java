package dev.rhea.device.virtio.ninep;

/** The answer to a request is Rlerror. Stackless. */
final class NinePException extends Exception {
    private static final long serialVersionUID = 1;

    /** A Linux error number. */
    final int errno;

    NinePException(int errno) {
        super("error " + errno, null, false, false);
        this.errno = errno;
    }
}
