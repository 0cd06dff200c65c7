package dev.rhea.device.sd;

import dev.rhea.block.BlockBackend;
import dev.rhea.host.RawMemory;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** A card's blocks. It is asked with the machine lock held, works without it, and answers with it. */
final class CardStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CardStore.class.getName());

    /** Takes the answer, with the machine lock held. */
    @FunctionalInterface
    interface Answer {
        /** It is done. @param success false where the drive failed */
        void done(boolean success);
    }

    /** What blocks. */
    @FunctionalInterface
    private interface Access {
        void run() throws IOException;
    }

    private final BlockBackend drive;
    private final boolean writeThrough;
    private final Executor executor;
    private final ReentrantLock lock;
    private final long buffer = RawMemory.allocate(SdRegisters.BLOCK);

    /**
     * A store.
     *
     * @param writeThrough whether what was written has to be safe at once
     * @param executor does what blocks, one after the other
     * @param lock the machine lock
     */
    CardStore(BlockBackend drive, boolean writeThrough, Executor executor, ReentrantLock lock) {
        this.drive = drive;
        this.writeThrough = writeThrough;
        this.executor = executor;
        this.lock = lock;
    }

    /** Reads the block at a byte offset. */
    void read(long offset, byte[] to, Answer answer) {
        access(
                "read",
                () -> {
                    drive.read(offset, buffer, SdRegisters.BLOCK);
                    RawMemory.copyOut(buffer, to, 0, SdRegisters.BLOCK);
                },
                answer);
    }

    /** Writes the block at a byte offset. */
    void write(long offset, byte[] from, Answer answer) {
        byte[] data = from.clone();
        access(
                "written",
                () -> {
                    RawMemory.copyIn(data, 0, buffer, SdRegisters.BLOCK);
                    drive.write(offset, buffer, SdRegisters.BLOCK);
                    settle();
                },
                answer);
    }

    /** Makes a range zeros. */
    void erase(long offset, long length, Answer answer) {
        access(
                "erased",
                () -> {
                    drive.writeZeroes(offset, length, true);
                    settle();
                },
                answer);
    }

    private void settle() throws IOException {
        if (writeThrough) {
            drive.flush();
        }
    }

    private void access(String what, Access access, Answer answer) {
        executor.execute(() -> {
            boolean success = true;
            try {
                access.run();
            } catch (IOException e) {
                success = false;
                LOG.log(System.Logger.Level.ERROR, "an SD card's drive cannot be " + what, e);
            }
            lock.lock();
            try {
                answer.done(success);
            } finally {
                lock.unlock();
            }
        });
    }

    /** After the executor was closed. */
    @Override
    public void close() {
        RawMemory.free(buffer);
    }
}
