package dev.rhea.block;

import dev.rhea.host.RawMemory;
import java.io.IOException;

/** What a drive's options add to its image: whether discards reach it, and what becomes of zeros. */
final class DriveBackend extends Layer {
    private final boolean unmap;
    private final DetectZeroes detect;

    DriveBackend(BlockBackend image, boolean unmap, DetectZeroes detect) {
        super(image);
        this.unmap = unmap;
        this.detect = detect;
    }

    @Override
    public void write(long offset, long host, long length) throws IOException {
        if (detect != DetectZeroes.OFF && isZero(host, length)) {
            writeZeroes(offset, length, detect == DetectZeroes.UNMAP);
        } else {
            below.write(offset, host, length);
        }
    }

    @Override
    public void writeVector(long offset, long iovecs, int count) throws IOException {
        if (detect != DetectZeroes.OFF) {
            long length = 0;
            boolean zero = true;
            for (int i = 0; i < count && zero; i++) {
                long piece = RawMemory.getLong(iovecs + 16L * i + 8);
                zero = isZero(RawMemory.getLong(iovecs + 16L * i), piece);
                length += piece;
            }
            if (zero) {
                writeZeroes(offset, length, detect == DetectZeroes.UNMAP);
                return;
            }
        }
        below.writeVector(offset, iovecs, count);
    }

    private static boolean isZero(long host, long length) {
        long i = 0;
        for (; i + 8 <= length; i += 8) {
            if (RawMemory.getLong(host + i) != 0) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (RawMemory.getByte(host + i) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        if (unmap) {
            below.discard(offset, length);
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean mayUnmap) throws IOException {
        below.writeZeroes(offset, length, mayUnmap && unmap);
    }
}
