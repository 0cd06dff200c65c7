package dev.rhea.device.virtio;

import dev.rhea.host.RawMemory;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.RamBlock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The guest's side: 16 MiB of memory, a virtio-mmio slot, an interrupt line that tests can wait for, and a driver's steps. */
public class VirtioGuest implements AutoCloseable {
    public static final long RAM = 0x8000_0000L;
    public static final int RAM_SIZE = 16 << 20;
    static final long SLOT = 0x1000_1000L;

    public final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    public final Container root = new Container("system", Long.MAX_VALUE);
    public final AddressSpace memory = new AddressSpace("memory", root, lock);
    public final VirtualClock clock = new VirtualClock(lock);
    public final RamBlock ram = new RamBlock("ram", RAM_SIZE);
    public final VirtioMmio mmio;
    private final boolean legacy;
    private boolean line;
    private long free = RAM;

    public VirtioGuest(boolean legacy) {
        this.legacy = legacy;
        mmio = new VirtioMmio(legacy, memory, lock, this::setLine);
        lock.lock();
        try {
            root.add(RAM, Ram.of(ram));
            root.add(SLOT, mmio.region());
        } finally {
            lock.unlock();
        }
    }

    protected final void setLine(boolean level) {
        line = level;
        changed.signalAll();
    }

    public void plug(VirtioDevice device) {
        mmio.plug(device);
        lock.lock();
        try {
            mmio.reset();
        } finally {
            lock.unlock();
        }
    }

    public int read(int register) {
        try {
            return (int) memory.read(SLOT + register, 4);
        } catch (BusError e) {
            throw new AssertionError(e);
        }
    }

    public void write(int register, long value) {
        try {
            memory.write(SLOT + register, value, 4);
        } catch (BusError e) {
            throw new AssertionError(e);
        }
    }

    public long config(int offset, int size) {
        try {
            return memory.read(SLOT + VirtioMmio.CONFIG + offset, size);
        } catch (BusError e) {
            throw new AssertionError(e);
        }
    }

    public void setConfig(int offset, int size, long value) {
        try {
            memory.write(SLOT + VirtioMmio.CONFIG + offset, value, size);
        } catch (BusError e) {
            throw new AssertionError(e);
        }
    }

    /** Guest memory of its own, zeroed. @param align a power of two */
    public long allocate(long bytes, long align) {
        long at = free + align - 1 & -align;
        free = at + bytes;
        if (free > RAM + RAM_SIZE) {
            throw new AssertionError("the guest is out of memory");
        }
        RawMemory.fill(host(at), bytes, (byte) 0);
        return at;
    }

    /** Forgets all allocations. */
    public void freeAll() {
        free = RAM;
    }

    public long host(long address) {
        return ram.address() + address - RAM;
    }

    public long put(byte[] bytes) {
        long at = allocate(Math.max(bytes.length, 1), 16);
        RawMemory.copyIn(bytes, 0, host(at), bytes.length);
        return at;
    }

    public byte[] get(long address, int bytes) {
        byte[] result = new byte[bytes];
        RawMemory.copyOut(host(address), result, 0, bytes);
        return result;
    }

    public long offered() {
        write(VirtioMmio.DEVICE_FEATURES_SEL, 0);
        long low = read(VirtioMmio.DEVICE_FEATURES) & 0xffffffffL;
        write(VirtioMmio.DEVICE_FEATURES_SEL, 1);
        return low | (long) read(VirtioMmio.DEVICE_FEATURES) << 32;
    }

    /** Reset, acknowledge, features. @return whether the device took them */
    public boolean negotiate(long features) {
        write(VirtioMmio.STATUS, 0);
        write(VirtioMmio.STATUS, VirtioDevice.ACKNOWLEDGE | VirtioDevice.DRIVER);
        write(VirtioMmio.DRIVER_FEATURES_SEL, 0);
        write(VirtioMmio.DRIVER_FEATURES, features & 0xffffffffL);
        write(VirtioMmio.DRIVER_FEATURES_SEL, 1);
        write(VirtioMmio.DRIVER_FEATURES, features >>> 32);
        if (legacy) {
            write(VirtioMmio.GUEST_PAGE_SIZE, 4096);
            return true;
        }
        write(VirtioMmio.STATUS, read(VirtioMmio.STATUS) | VirtioDevice.FEATURES_OK);
        return (read(VirtioMmio.STATUS) & VirtioDevice.FEATURES_OK) != 0;
    }

    public DriverQueue queue(int index, int size, long features) {
        return (features & VirtioFeature.RING_PACKED) != 0
                ? new PackedDriverQueue(this, index, size, features)
                : new SplitDriverQueue(this, index, size, features, legacy);
    }

    public void driverOk() {
        write(VirtioMmio.STATUS, read(VirtioMmio.STATUS) | VirtioDevice.DRIVER_OK);
    }

    /** Waits for the interrupt line and acknowledges. @return the interrupt status */
    public int awaitInterrupt() {
        lock.lock();
        try {
            while (!line) {
                changed.awaitUninterruptibly();
            }
            int status = read(VirtioMmio.INTERRUPT_STATUS);
            write(VirtioMmio.INTERRUPT_ACK, status);
            return status;
        } finally {
            lock.unlock();
        }
    }

    public boolean lineIsHigh() {
        lock.lock();
        try {
            return line;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        clock.close();
        mmio.close();
        ram.close();
    }
}
