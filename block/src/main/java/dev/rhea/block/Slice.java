package dev.rhea.block;

import java.io.IOException;

/** A part of an image: {@code offset=} and {@code size=} of the raw format. */
final class Slice extends Layer {
    private final long start;
    private final long size;

    private Slice(BlockBackend image, long start, long size) {
        super(image);
        this.start = start;
        this.size = size;
    }

    /**
     * @param start in bytes, from 0 on
     * @param size in bytes; -1 for all up to the end
     * @throws BadDriveException in the reference's words
     */
    static Slice of(BlockBackend image, long start, long size) throws BadDriveException {
        long whole = image.size();
        if (Long.compareUnsigned(start, whole) > 0) {
            throw new BadDriveException("Offset (" + Long.toUnsignedString(start)
                    + ") cannot be greater than size of the containing file (" + whole + ")");
        }
        if (size >= 0 && size > whole - start) {
            throw new BadDriveException("The sum of offset (" + start + ") and size (" + size
                    + ") has to be smaller or equal to the  actual size of the containing file (" + whole + ")");
        }
        if (size >= 0 && size % RawFile.SECTOR != 0) {
            throw new BadDriveException("Specified size is not multiple of " + RawFile.SECTOR);
        }
        // What is left of a sector at the end is none.
        return new Slice(image, start, (size < 0 ? whole - start : size) & -RawFile.SECTOR);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, long host, long length) throws IOException {
        below.read(start + offset, host, length);
    }

    @Override
    public void write(long offset, long host, long length) throws IOException {
        below.write(start + offset, host, length);
    }

    @Override
    public void readVector(long offset, long iovecs, int count) throws IOException {
        below.readVector(start + offset, iovecs, count);
    }

    @Override
    public void writeVector(long offset, long iovecs, int count) throws IOException {
        below.writeVector(start + offset, iovecs, count);
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        below.discard(start + offset, length);
    }

    @Override
    public void writeZeroes(long offset, long length, boolean unmap) throws IOException {
        below.writeZeroes(start + offset, length, unmap);
    }
}
