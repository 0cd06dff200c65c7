package dev.rhea.device.flash;

import dev.rhea.block.BlockBackend;
import dev.rhea.host.RawMemory;
import java.util.Arrays;

/** A drive in memory. */
public final class MemoryDrive implements BlockBackend {
    public final byte[] content;
    final boolean readOnly;

    public MemoryDrive(int size, boolean readOnly) {
        content = new byte[size];
        this.readOnly = readOnly;
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public synchronized void read(long offset, long host, long length) {
        RawMemory.copyIn(content, (int) offset, host, (int) length);
    }

    @Override
    public synchronized void write(long offset, long host, long length) {
        RawMemory.copyOut(host, content, (int) offset, (int) length);
    }

    @Override
    public void flush() {}

    @Override
    public void discard(long offset, long length) {}

    @Override
    public synchronized void writeZeroes(long offset, long length, boolean unmap) {
        Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
    }

    @Override
    public void close() {}
}
