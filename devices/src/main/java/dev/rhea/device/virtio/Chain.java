package dev.rhea.device.virtio;

import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;

/**
 * A request: a chain of descriptors as pieces of host memory, first those that the device reads, then those that it writes.
 * The pieces are iovecs in native memory, so that the host's kernel can use them as they are. One object serves many requests.
 */
public final class Chain implements AutoCloseable {
    /** Most pieces of one request. */
    public static final int MAX = 1024;

    private static final int IOVEC = 16;

    private final long table = RawMemory.allocate((long) MAX * IOVEC);
    private boolean closed;
    private AddressSpace memory;
    private int first;
    private int firstWritable;
    private int end;
    private long readableBytes;
    private long writableBytes;
    /** Index of the first descriptor (split ring) or buffer id (packed ring). */
    int id;
    /** How many descriptors of the ring it takes: what a packed ring goes on by. */
    int descriptors;

    public Chain(AddressSpace memory) {
        this.memory = memory;
    }

    void clear(AddressSpace of) {
        memory = of;
        first = 0;
        firstWritable = 0;
        end = 0;
        readableBytes = 0;
        writableBytes = 0;
        descriptors = 0;
    }

    /** Adds a descriptor's buffer. */
    void add(long address, long length, boolean writable) throws BrokenQueueException {
        if (length == 0) {
            throw new BrokenQueueException("zero sized buffers are not allowed");
        }
        if (!writable && end > firstWritable) {
            throw new BrokenQueueException("incorrect order for descriptors");
        }
        if (writable) {
            writableBytes += length;
        } else {
            readableBytes += length;
        }
        while (length > 0) {
            long piece = length;
            long host = writable ? memory.writableHost(address, piece) : memory.host(address, piece);
            while (host == 0 && piece > 1) {
                // Crosses an edge between two regions: the largest power of two that does not is found in a few steps.
                piece = Math.min(piece >> 1, Long.highestOneBit(piece));
                host = writable ? memory.writableHost(address, piece) : memory.host(address, piece);
            }
            if (host == 0 || end == MAX) {
                throw new BrokenQueueException(
                        host == 0
                                ? "bogus descriptor: no memory at 0x" + Long.toHexString(address)
                                : "too many descriptors in one request");
            }
            RawMemory.putLong(table + (long) end * IOVEC, host);
            RawMemory.putLong(table + (long) end * IOVEC + 8, piece);
            end++;
            if (!writable) {
                firstWritable = end;
            }
            address += piece;
            length -= piece;
        }
    }

    /** Bytes that the device may still read. */
    public long readableBytes() {
        return readableBytes;
    }

    /** Bytes that the device may write. */
    public long writableBytes() {
        return writableBytes;
    }

    /** Host address of the iovecs of what may be read. */
    public long readable() {
        return table + (long) first * IOVEC;
    }

    public int readableCount() {
        return firstWritable - first;
    }

    /** Host address of the iovecs of what may be written. */
    public long writable() {
        return table + (long) firstWritable * IOVEC;
    }

    public int writableCount() {
        return end - firstWritable;
    }

    private long host(int piece) {
        return RawMemory.getLong(table + (long) piece * IOVEC);
    }

    private long length(int piece) {
        return RawMemory.getLong(table + (long) piece * IOVEC + 8);
    }

    /**
     * Takes bytes off the front of what may be read.
     *
     * @return how many: fewer if there are no more
     */
    public int take(byte[] to, int offset, int length) {
        int taken = 0;
        while (taken < length && first < firstWritable) {
            int piece = (int) Math.min(length - taken, length(first));
            RawMemory.copyOut(host(first), to, offset + taken, piece);
            skipFrom(first, piece);
            if (length(first) == 0) {
                first++;
            }
            taken += piece;
        }
        readableBytes -= taken;
        return taken;
    }

    /** Leaves out bytes at the front of what may be read. */
    public void skip(long bytes) {
        while (bytes > 0 && first < firstWritable) {
            long piece = Math.min(bytes, length(first));
            skipFrom(first, piece);
            if (length(first) == 0) {
                first++;
            }
            readableBytes -= piece;
            bytes -= piece;
        }
    }

    private void skipFrom(int piece, long bytes) {
        long at = table + (long) piece * IOVEC;
        RawMemory.putLong(at, RawMemory.getLong(at) + bytes);
        RawMemory.putLong(at + 8, RawMemory.getLong(at + 8) - bytes);
    }

    /** Takes the last byte of what may be written out of it. @return its host address; 0 if there is none */
    public long takeLastWritable() {
        if (end == firstWritable) {
            return 0;
        }
        long last = length(end - 1) - 1;
        long address = host(end - 1) + last;
        if (last == 0) {
            end--;
        } else {
            RawMemory.putLong(table + (long) (end - 1) * IOVEC + 8, last);
        }
        writableBytes--;
        return address;
    }

    /**
     * Copies bytes into what may be written, at an offset.
     *
     * @return how many: fewer if there is no more room
     */
    public int put(long at, byte[] from, int offset, int length) {
        int done = 0;
        for (int i = firstWritable; i < end && done < length; i++) {
            long room = length(i);
            if (at >= room) {
                at -= room;
                continue;
            }
            int piece = (int) Math.min(length - done, room - at);
            RawMemory.copyIn(from, offset + done, host(i) + at, piece);
            memory.written(host(i) + at, piece);
            done += piece;
            at = 0;
        }
        return done;
    }

    /** Copies bytes out of what may be read, at an offset. @return how many */
    public int get(long at, byte[] to, int offset, int length) {
        int done = 0;
        for (int i = first; i < firstWritable && done < length; i++) {
            long room = length(i);
            if (at >= room) {
                at -= room;
                continue;
            }
            int piece = (int) Math.min(length - done, room - at);
            RawMemory.copyOut(host(i) + at, to, offset + done, piece);
            done += piece;
            at = 0;
        }
        return done;
    }

    /** Gives the host memory behind what may be written back, as far as it is whole pages; it reads as zeros then. */
    public void discardWritable() {
        for (int i = firstWritable; i < end; i++) {
            memory.discardHost(host(i), length(i));
        }
    }

    /**
     * Copies iovecs of a part of what may be written.
     *
     * @param skip bytes at the front that are left out
     * @param limit at most so many bytes
     * @param into host address of room for {@link #MAX} iovecs
     * @return how many there are
     */
    public int sliceWritable(long skip, long limit, long into) {
        int count = 0;
        for (int i = firstWritable; i < end && limit > 0; i++) {
            long length = length(i);
            if (skip >= length) {
                skip -= length;
                continue;
            }
            long piece = Math.min(length - skip, limit);
            RawMemory.putLong(into + (long) count * IOVEC, host(i) + skip);
            RawMemory.putLong(into + (long) count * IOVEC + 8, piece);
            count++;
            limit -= piece;
            skip = 0;
        }
        return count;
    }

    /** The same of what may be read, from its front on. */
    public int sliceReadable(long limit, long into) {
        int count = 0;
        for (int i = first; i < firstWritable && limit > 0; i++) {
            long piece = Math.min(length(i), limit);
            RawMemory.putLong(into + (long) count * IOVEC, host(i));
            RawMemory.putLong(into + (long) count * IOVEC + 8, piece);
            count++;
            limit -= piece;
        }
        return count;
    }

    /** Writes one byte at a host address that came from here. */
    public void putByte(long host, byte value) {
        RawMemory.putByte(host, value);
        memory.written(host, 1);
    }

    /** The first {@code bytes} bytes of what may be written were, by the host's kernel. */
    public void written(long bytes) {
        for (int i = firstWritable; i < end && bytes > 0; i++) {
            long piece = Math.min(bytes, length(i));
            memory.written(host(i), piece);
            bytes -= piece;
        }
    }

    /** Frees the iovecs; a second time does nothing. Nothing may use it afterwards. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            RawMemory.free(table);
        }
    }
}
