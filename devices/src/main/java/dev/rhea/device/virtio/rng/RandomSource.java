package dev.rhea.device.virtio.rng;

import dev.rhea.host.HostRandom;
import dev.rhea.host.RawMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** Where random numbers come from: {@code -object rng-...}. Any thread, one at a time for each device. */
@FunctionalInterface
public interface RandomSource extends AutoCloseable {
    /** The host's kernel. */
    RandomSource HOST = (host, bytes) -> {
        HostRandom.fill(host, bytes);
        return bytes;
    };

    /** How much is read at once. */
    int PIECE = 4096;

    /**
     * Fills host memory.
     *
     * @return how many bytes were written from the first one on; fewer than asked for where there are no more
     */
    long fill(long host, long bytes) throws IOException;

    @Override
    default void close() throws IOException {}

    /** What a file or device of the host holds, from its beginning. */
    static RandomSource file(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        return new RandomSource() {
            @Override
            public long fill(long host, long bytes) throws IOException {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(bytes, PIECE));
                long done = 0;
                while (done < bytes) {
                    piece.clear().limit((int) Math.min(bytes - done, PIECE));
                    int got = channel.read(piece);
                    if (got <= 0) {
                        break;
                    }
                    for (int i = 0; i < got; i++) {
                        RawMemory.putByte(host + done + i, piece.get(i));
                    }
                    done += got;
                }
                return done;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** The same numbers at each start. */
    static RandomSource seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return (host, bytes) -> {
            for (long i = 0; i < bytes; i++) {
                RawMemory.putByte(host + i, (byte) random.nextInt());
            }
            return bytes;
        };
    }
}
