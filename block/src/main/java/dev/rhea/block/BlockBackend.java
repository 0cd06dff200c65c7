package dev.rhea.block;

import dev.rhea.host.RawMemory;
import java.io.IOException;

/**
 * What a drive stores its sectors in. Calls block until they are done, from any thread, several at once; devices call them from
 * threads of their own, never with the machine lock held. Data goes straight from and to host memory.
 */
public interface BlockBackend extends AutoCloseable {
    /** In bytes; a multiple of 512, with what is missing at the end reading as zeros. */
    long size();

    boolean isReadOnly();

    /**
     * Reads.
     *
     * @param offset in bytes from the start of the disk
     * @param host address of memory that stays mapped during the call
     * @param length in bytes; {@code offset + length <= size()}
     * @throws IOException what the host says; nothing is known of the memory then
     */
    void read(long offset, long host, long length) throws IOException;

    /** Writes; done in the sense of a disk with a write cache: see {@link #flush}. */
    void write(long offset, long host, long length) throws IOException;

    /**
     * Reads into several pieces of memory, one after the other.
     *
     * @param iovecs host address of {@code count} pairs of address and length, 8 bytes each
     */
    default void readVector(long offset, long iovecs, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long length = RawMemory.getLong(iovecs + 16L * i + 8);
            read(offset, RawMemory.getLong(iovecs + 16L * i), length);
            offset += length;
        }
    }

    /** Writes from several pieces of memory. */
    default void writeVector(long offset, long iovecs, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            long length = RawMemory.getLong(iovecs + 16L * i + 8);
            write(offset, RawMemory.getLong(iovecs + 16L * i), length);
            offset += length;
        }
    }

    /** All that was written before is on stable storage when this returns. */
    void flush() throws IOException;

    /** The content is of no interest any more; it reads as whatever afterwards. A hint. */
    void discard(long offset, long length) throws IOException;

    /** Makes it read as zeros. @param unmap whether the storage behind may be given up */
    void writeZeroes(long offset, long length, boolean unmap) throws IOException;

    @Override
    void close() throws IOException;
}
