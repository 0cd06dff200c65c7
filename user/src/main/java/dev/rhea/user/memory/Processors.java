package dev.rhea.user.memory;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Mmu;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The processors that run in one address space, what they may still remember of it, and what must wait until they have
 * forgotten.
 *
 * <p>Taking a right away empties the TLBs at once. But a processor may be between its TLB hit and its access just then, so a
 * frame that is unmapped waits in limbo until each processor has gone through {@link #quiescent} or is parked. With one
 * processor, whose own thread changes the map, nothing has to wait. Changes are guarded by the address space's lock.
 */
final class Processors {
    /** Above so many pages everything is flushed rather than each page. */
    private static final long MAX_SINGLE_FLUSHES = 32;

    private final FramePool pool;
    private volatile Slot[] slots = new Slot[0];
    private final ArrayDeque<Batch> limbo = new ArrayDeque<>();
    private Batch open = new Batch();

    /** Counted up whenever something goes into limbo. */
    private long epoch;

    /** The epoch of a fork that is not settled yet, 0 for none. */
    private long forkEpoch;

    /** Whether anything is in limbo or a fork is to be settled: read without the lock. */
    private volatile boolean waiting;

    private static final class Slot {
        final Cpu cpu;
        volatile long seen;
        volatile boolean parked;

        /** Its thread waits for {@link #isSettled}: nothing of it is on its way to memory. */
        volatile boolean settling;

        Slot(Cpu cpu, long seen) {
            this.cpu = cpu;
            this.seen = seen;
        }
    }

    /** Frames and backings that one change let go. */
    private static final class Batch {
        long epoch;
        long[] frames = new long[16];
        int count;
        Backing[] backings = new Backing[4];
        int backingCount;

        boolean isEmpty() {
            return count == 0 && backingCount == 0;
        }

        void release(FramePool pool) {
            synchronized (pool) {
                for (int i = 0; i < count; i++) {
                    pool.release(frames[i]);
                }
            }
            for (int i = 0; i < backingCount; i++) {
                backings[i].release();
            }
        }
    }

    Processors(FramePool pool) {
        this.pool = pool;
    }

    void attach(Cpu cpu) {
        Slot[] more = Arrays.copyOf(slots, slots.length + 1);
        more[slots.length] = new Slot(cpu, epoch);
        slots = more;
    }

    void detach(Cpu cpu) {
        Slot[] old = slots;
        for (int i = 0; i < old.length; i++) {
            if (old[i].cpu == cpu) {
                Slot[] fewer = new Slot[old.length - 1];
                System.arraycopy(old, 0, fewer, 0, i);
                System.arraycopy(old, i + 1, fewer, i, fewer.length - i);
                slots = fewer;
                break;
            }
        }
        drain();
    }

    /** A reference to a frame goes when the running change is complete. */
    void letGo(long frame) {
        Batch batch = open;
        if (batch.count == batch.frames.length) {
            batch.frames = Arrays.copyOf(batch.frames, batch.count * 2);
        }
        batch.frames[batch.count++] = frame;
    }

    void letGo(Backing backing) {
        Batch batch = open;
        if (batch.backingCount == batch.backings.length) {
            batch.backings = Arrays.copyOf(batch.backings, batch.backingCount * 2);
        }
        batch.backings[batch.backingCount++] = backing;
    }

    /** A change of the map is complete, TLBs are flushed: what was let go is released now or as soon as nobody can reach it. */
    void complete() {
        if (open.isEmpty()) {
            return;
        }
        Batch batch = open;
        open = new Batch();
        Slot[] all = slots;
        if (all.length <= 1) {
            batch.release(pool);
            return;
        }
        batch.epoch = epoch + 1;
        epoch = batch.epoch;
        limbo.add(batch);
        waiting = true;
        for (Slot slot : all) {
            if (!slot.parked) {
                slot.cpu.requestPoll();
            }
        }
    }

    /** Whether there is at most one processor, so that nothing ever waits. */
    boolean isAlone() {
        return slots.length <= 1;
    }

    /** Whether something waits for processors to pass by: cheap enough for each system call. */
    boolean waiting() {
        return waiting;
    }

    /** A processor's own thread is not in guest code and holds no host address. Under the lock. */
    void quiescent(Cpu cpu) {
        for (Slot slot : slots) {
            if (slot.cpu == cpu) {
                slot.seen = epoch;
            }
        }
        drain();
    }

    /** A processor's thread begins or ends to wait: it counts as quiescent meanwhile. Under the lock. */
    void parked(Cpu cpu, boolean parked) {
        for (Slot slot : slots) {
            if (slot.cpu == cpu) {
                slot.seen = epoch;
                slot.parked = parked;
            }
        }
        drain();
    }

    private void drain() {
        long seen = Long.MAX_VALUE;
        for (Slot slot : slots) {
            if (!slot.parked) {
                seen = Math.min(seen, slot.seen);
            }
        }
        for (Batch batch = limbo.peek(); batch != null && batch.epoch <= seen; batch = limbo.peek()) {
            limbo.remove();
            batch.release(pool);
        }
        waiting = !limbo.isEmpty() || !isSettled();
    }

    /**
     * A fork has taken away all rights to write. A store that hit the TLB before may still be on its way to a frame: the frame
     * must not be copied, and the child must not run, before every processor has gone by.
     */
    void beginSettling() {
        if (isAlone()) {
            return;
        }
        epoch++;
        forkEpoch = epoch;
        waiting = true;
        for (Slot slot : slots) {
            if (!slot.parked) {
                slot.cpu.requestPoll();
            }
        }
    }

    /** Whether no store from before the last fork is on its way, but for the caller's own. */
    boolean isSettled() {
        for (Slot slot : slots) {
            if (!slot.parked && !slot.settling && slot.seen < forkEpoch && slot.cpu.runner != Thread.currentThread()) {
                return false;
            }
        }
        return true;
    }

    /** Nothing is to be settled any more: it is, or a processor's thread is in a host call that does not end. */
    void settle() {
        forkEpoch = 0;
    }

    /** The calling thread begins or ends to wait for {@link #isSettled}. */
    void settling(boolean begins) {
        for (Slot slot : slots) {
            if (slot.cpu.runner == Thread.currentThread()) {
                slot.settling = begins;
            }
        }
    }

    /** Rights were taken from the pages of a range. */
    void flush(long start, long end, boolean executable) {
        for (Slot slot : slots) {
            if (executable) {
                slot.cpu.flushTranslations();
            } else if (end - start > MAX_SINGLE_FLUSHES * Mmu.PAGE_SIZE) {
                slot.cpu.tlb.flush();
            } else {
                slot.cpu.tlb.shoot(start, end);
            }
        }
    }

    /** Every right to write was taken away. */
    void flushWrites() {
        for (Slot slot : slots) {
            slot.cpu.tlb.flushWrites();
        }
    }
}
