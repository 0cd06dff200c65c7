package dev.rhea.host;

import java.io.IOException;

/** The host's kernel refused. The message is what the C library says of the error number. */
public final class HostException extends IOException {
    private static final long serialVersionUID = 1;

    /** The error number, above 0, as in the host's {@code asm/errno.h}. */
    public final int errno;

    public HostException(int errno) {
        super(Errno.text(errno));
        this.errno = errno;
    }

    /** Passes a call's result on, or throws where it is a negated error number. */
    public static long check(long result) throws HostException {
        if (Syscall.failed(result)) {
            throw new HostException((int) -result);
        }
        return result;
    }
}
