package dev.rhea.device.flash;

import dev.rhea.block.BlockBackend;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.RamBlock;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what changed in flash memory to its drive, on a thread of its own: guests do not wait for disks. What changes again
 * while it is written is written again.
 */
final class FlashStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FlashStore.class.getName());

    /** What is written at once, in bytes. */
    private static final int UNIT = 4096;

    private final RamBlock block;
    private final BlockBackend drive;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BitSet dirty = new BitSet();
    private boolean closed;
    private @Nullable Thread thread;

    FlashStore(RamBlock block, BlockBackend drive) {
        this.block = block;
        this.drive = drive;
    }

    /** Reads the drive into memory; what the drive is too short for reads as erased. */
    void load() throws IOException {
        long bytes = Math.min(block.size(), drive.size());
        drive.read(0, block.address(), bytes);
        if (bytes < block.size()) {
            RawMemory.fill(block.address() + bytes, block.size() - bytes, (byte) 0xff);
        }
    }

    boolean isReadOnly() {
        return drive.isReadOnly();
    }

    /** Has a range written soon. */
    void changed(long offset, long length) {
        lock.lock();
        try {
            dirty.set((int) (offset / UNIT), (int) ((offset + length - 1) / UNIT) + 1);
            if (thread == null && !closed) {
                Thread made = new Thread(this::work, "rhea-flash");
                made.setDaemon(true);
                thread = made;
                made.start();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        lock.lock();
        try {
            while (!closed || !dirty.isEmpty()) {
                int first = dirty.nextSetBit(0);
                if (first < 0) {
                    changed.awaitUninterruptibly();
                    continue;
                }
                int end = dirty.nextClearBit(first);
                dirty.clear(first, end);
                lock.unlock();
                try {
                    write((long) first * UNIT, (long) end * UNIT);
                } finally {
                    lock.lock();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(long start, long end) {
        long bytes = Math.min(end, drive.size()) - start;
        if (bytes <= 0) {
            return;
        }
        try {
            drive.write(start, block.address() + start, bytes);
            drive.flush();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, block.name() + ": what the guest programmed is not on its drive", e);
        }
    }

    /** Returns when all is written. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        Thread worker = thread;
        while (worker != null && worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
