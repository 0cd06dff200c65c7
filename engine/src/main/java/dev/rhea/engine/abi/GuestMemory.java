package dev.rhea.engine.abi;

/** Guest memory as the kernel sees it: whole ranges, with the process's own rights. Byte order is the guest's. */
public interface GuestMemory {
    /** Reads {@code size} (1, 2, 4, 8) bytes, zero-extended. @throws BadAddress where not readable */
    long read(long address, int size);

    /** Writes the low {@code size} bytes. @throws BadAddress where not writable */
    void write(long address, long value, int size);

    /** Reads a range. @throws BadAddress where not readable */
    void read(long address, byte[] to, int offset, int length);

    /** Writes a range. @throws BadAddress where not writable */
    void write(long address, byte[] from, int offset, int length);

    /** What the kernel answers with EFAULT. Stackless: it is the guest's mistake. */
    final class BadAddress extends RuntimeException {
        private static final long serialVersionUID = 1;
        public final transient long address;

        public BadAddress(long address) {
            super("bad guest address", null, false, false);
            this.address = address;
        }
    }
}
