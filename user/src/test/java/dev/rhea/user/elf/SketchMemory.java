package dev.rhea.user.elf;

import dev.rhea.user.call.Errno;
import java.util.TreeMap;

/** An address space that records what is mapped and checks that loaders only ask for what makes sense. */
final class SketchMemory implements ImageMemory {
    final TreeMap<Long, Long> mapped = new TreeMap<>();
    final TreeMap<Long, Byte> written = new TreeMap<>();
    private final BytesFile[] files;
    long breakAddress;

    SketchMemory(BytesFile... files) {
        this.files = files;
    }

    @Override
    public long lowest() {
        return 0x10000;
    }

    @Override
    public long highest() {
        return 1L << 47;
    }

    @Override
    public long programBase() {
        return 0x555555554000L;
    }

    @Override
    public long findFree(long length, long alignment) {
        long at = 0x7f0000000000L & -alignment;
        if (at < lowest() || at + length > highest()) {
            throw new Errno(Errno.ENOMEM);
        }
        return at;
    }

    @Override
    public boolean isMapped(long address, long length) {
        var before = mapped.floorEntry(address + length - 1);
        return before != null && before.getValue() > address;
    }

    @Override
    public void mapFile(long address, long length, int protection, int hostFd, long offset) {
        range(address, length);
        long size = 0;
        for (BytesFile file : files) {
            size = Math.max(size, file.size());
        }
        if (offset < 0 || offset % 4096 != 0 || offset > size) {
            throw new AssertionError("file offset " + offset);
        }
    }

    @Override
    public void mapZero(long address, long length, int protection) {
        range(address, length);
    }

    private void range(long address, long length) {
        if (address % 4096 != 0
                || length <= 0
                || length % 4096 != 0
                || address < lowest()
                || address + length > highest()) {
            throw new AssertionError("range " + Long.toHexString(address) + " + " + Long.toHexString(length));
        }
        mapped.merge(address, address + length, Math::max);
    }

    @Override
    public long mapStack(long size, boolean executable) {
        range(0x7ff000000000L - size, size);
        return 0x7ff000000000L;
    }

    @Override
    public void setBreak(long address) {
        breakAddress = address;
    }

    @Override
    public long read(long address, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | written.getOrDefault(address + i, (byte) 0) & 0xff;
        }
        return value;
    }

    @Override
    public void write(long address, long value, int size) {
        for (int i = 0; i < size; i++) {
            put(address + i, (byte) (value >>> 8 * i));
        }
    }

    @Override
    public void read(long address, byte[] to, int offset, int length) {
        for (int i = 0; i < length; i++) {
            to[offset + i] = written.getOrDefault(address + i, (byte) 0);
        }
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        for (int i = 0; i < length; i++) {
            put(address + i, from[offset + i]);
        }
    }

    private void put(long address, byte value) {
        if (!isMapped(address, 1)) {
            throw new BadAddress(address);
        }
        written.put(address, value);
    }
}
