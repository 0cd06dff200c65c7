package dev.rhea.block;

import dev.rhea.host.Errno;
import dev.rhea.host.HostException;
import dev.rhea.host.RawMemory;
import java.io.IOException;

/**
 * A raw image whose format was guessed. A guest that could write the header of another format to its beginning would choose what
 * the next start opens, and with it any file of the host: such writes fail.
 */
final class ProbedImage extends Layer {
    private final Object first = new Object();

    ProbedImage(BlockBackend image) {
        super(image);
    }

    @Override
    public void write(long offset, long host, long length) throws IOException {
        if (offset >= ImageFormat.HEAD) {
            below.write(offset, host, length);
            return;
        }
        // One at a time: two halves of a header are a header.
        synchronized (first) {
            if (ImageFormat.of(headAfter(offset, host, length)) != null) {
                throw new HostException(Errno.EPERM);
            }
            below.write(offset, host, length);
        }
    }

    @Override
    public void writeVector(long offset, long iovecs, int count) throws IOException {
        if (offset >= ImageFormat.HEAD) {
            below.writeVector(offset, iovecs, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            long length = RawMemory.getLong(iovecs + 16L * i + 8);
            write(offset, RawMemory.getLong(iovecs + 16L * i), length);
            offset += length;
        }
    }

    /** What the image would begin with. */
    private byte[] headAfter(long offset, long host, long length) throws IOException {
        int size = (int) Math.min(ImageFormat.HEAD, size());
        byte[] head = new byte[size];
        long memory = RawMemory.allocate(ImageFormat.HEAD);
        try {
            below.read(0, memory, size);
            RawMemory.copyOut(memory, head, 0, size);
        } finally {
            RawMemory.free(memory);
        }
        int from = (int) offset;
        RawMemory.copyOut(host, head, from, (int) Math.min(length, size - from));
        return head;
    }
}
