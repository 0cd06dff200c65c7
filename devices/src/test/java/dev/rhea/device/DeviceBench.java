package dev.rhea.device;

import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.machine.memory.Region;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A work bench for a device: a lock, time that passes only when a test says so, an address space, and memory for DMA.
 */
public final class DeviceBench implements AutoCloseable {
    /** Where {@link #ram} makes memory. */
    public static final long RAM = 0x8000_0000L;

    /** An interrupt line that can be looked at. */
    public static final class Probe implements Line {
        public boolean high;
        /** How often it went from low to high. */
        public int edges;

        @Override
        public void set(boolean level) {
            if (level && !high) {
                edges++;
            }
            high = level;
        }
    }

    public final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong time = new AtomicLong();
    public final VirtualClock clock = new VirtualClock(lock, new VirtualClock.HostTime() {
        @Override
        public long nanoseconds() {
            return time.get();
        }

        @Override
        public boolean passes() {
            return false;
        }
    });
    private final Container root = new Container("bench", Long.MAX_VALUE);
    public final AddressSpace memory = new AddressSpace("bench", root, lock);
    private RamBlock[] blocks = {};

    public DeviceBench() {
        locked(clock::start);
    }

    /** Places a device's registers. */
    public void place(long address, Region region) {
        locked(() -> root.add(address, region));
    }

    /** Makes memory at {@link #RAM}. */
    public void ram(long size) {
        RamBlock block = new RamBlock("ram", size);
        blocks = new RamBlock[] {block};
        place(RAM, Ram.of(block));
    }

    /** Reads as a processor does; -1 for a bus error. */
    public long read(long address, int size) {
        try {
            return memory.read(address, size);
        } catch (BusError e) {
            return -1;
        }
    }

    /** Writes as a processor does. Returns whether something answered. */
    public boolean write(long address, long value, int size) {
        try {
            memory.write(address, value, size);
            return true;
        } catch (BusError e) {
            return false;
        }
    }

    /** Runs with the machine lock held. */
    public void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Asks with the machine lock held. */
    public long locked(LongSupplier question) {
        lock.lock();
        try {
            return question.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass, and returns when all timers of that time have run. */
    public void advance(long nanoseconds) {
        CountDownLatch done = new CountDownLatch(1);
        locked(() -> {
            time.addAndGet(nanoseconds);
            // The clock's thread sleeps for a later moment, wherever time has been moved to meanwhile.
            clock.timer(() -> {}).at(-1);
            clock.timer(done::countDown).at(clock.now());
        });
        try {
            if (!done.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the clock's thread does not get to " + clock.now() + " ns");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        clock.close();
        for (RamBlock block : blocks) {
            block.close();
        }
    }
}
