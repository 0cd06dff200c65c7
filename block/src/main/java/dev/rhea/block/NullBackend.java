package dev.rhea.block;

import dev.rhea.host.RawMemory;

/**
 * {@code null-co}: a disk that forgets.
 *
 * @param zeroes whether reading gives zeros; else the memory is left as it is
 */
public record NullBackend(long size, boolean isReadOnly, boolean zeroes) implements BlockBackend {
    /** The reference's size where none is given. */
    public static final long DEFAULT_SIZE = 1L << 30;

    @Override
    public void read(long offset, long host, long length) {
        if (zeroes) {
            RawMemory.fill(host, length, (byte) 0);
        }
    }

    @Override
    public void write(long offset, long host, long length) {}

    @Override
    public void flush() {}

    @Override
    public void discard(long offset, long length) {}

    @Override
    public void writeZeroes(long offset, long length, boolean unmap) {}

    @Override
    public void close() {}
}
