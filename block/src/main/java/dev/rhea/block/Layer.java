package dev.rhea.block;

import java.io.IOException;

/** A backend on another one, which it passes everything on to unless it says otherwise. */
abstract class Layer implements BlockBackend {
    final BlockBackend below;

    /** @param below closed with it */
    Layer(BlockBackend below) {
        this.below = below;
    }

    @Override
    public long size() {
        return below.size();
    }

    @Override
    public boolean isReadOnly() {
        return below.isReadOnly();
    }

    @Override
    public void read(long offset, long host, long length) throws IOException {
        below.read(offset, host, length);
    }

    @Override
    public void write(long offset, long host, long length) throws IOException {
        below.write(offset, host, length);
    }

    @Override
    public void readVector(long offset, long iovecs, int count) throws IOException {
        below.readVector(offset, iovecs, count);
    }

    @Override
    public void writeVector(long offset, long iovecs, int count) throws IOException {
        below.writeVector(offset, iovecs, count);
    }

    @Override
    public void flush() throws IOException {
        below.flush();
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        below.discard(offset, length);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean unmap) throws IOException {
        below.writeZeroes(offset, length, unmap);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
