package dev.rhea.device.virtio;

import dev.rhea.machine.memory.AddressSpace;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A virtqueue. Its registers are set with the machine lock held; its ring is used with {@link #lock} held, between {@link
 * #start} and {@link #stop}. Who holds the queue's lock never waits for the machine lock.
 */
public final class VirtQueue {
    /** The largest size of a queue that anything here offers. */
    public static final int MAX_SIZE = 1024;

    /** No MSI-X vector. */
    public static final int NO_VECTOR = 0xffff;

    /** Alignment of a legacy ring's used part where the transport says nothing else. */
    static final int LEGACY_ALIGN = 4096;

    /**
     * What is saved.
     *
     * @param position of the available ring; with a wrap counter in bit 15 if packed
     */
    public record State(
            int size, boolean ready, long desc, long driver, long device, int vector, int position, int usedPosition) {}

    private final VirtioDevice owner;
    private final int index;
    private final int proposedSize;

    /** Held by whoever uses the ring. */
    public final ReentrantLock lock = new ReentrantLock();

    private int size;
    private boolean ready;
    private long desc;
    private long driver;
    private long device;
    private int vector = NO_VECTOR;
    private int startPosition;
    private int startUsedPosition;

    private volatile @Nullable Ring ring;
    /** Whether the memory map changed since the ring was found in it. */
    private volatile boolean moved;

    VirtQueue(VirtioDevice owner, int index, int proposedSize) {
        this.owner = owner;
        this.index = index;
        this.proposedSize = proposedSize;
        size = proposedSize;
    }

    public int index() {
        return index;
    }

    /** The size that the device proposes; drivers may choose others, up to {@link #MAX_SIZE}. */
    public int proposedSize() {
        return proposedSize;
    }

    public int size() {
        return size;
    }

    /** Sets the size; one that is out of range breaks the device when the queue is started. */
    public void setSize(int value) {
        size = value;
    }

    public boolean isReady() {
        return ready;
    }

    public long descAddress() {
        return desc;
    }

    public long driverAddress() {
        return driver;
    }

    public long deviceAddress() {
        return device;
    }

    public void setDescAddress(long address) {
        desc = address;
    }

    public void setDriverAddress(long address) {
        driver = address;
    }

    public void setDeviceAddress(long address) {
        device = address;
    }

    public int vector() {
        return vector;
    }

    public void setVector(int value) {
        vector = value;
    }

    /** Places a legacy ring: descriptors, available ring, and at the next multiple of {@code align} the used ring. */
    public void setLegacyAddress(long address, int align) {
        desc = address;
        driver = address + 16L * size;
        device = driver + 4 + 2L * size + 2 + align - 1 & -(long) align;
    }

    /** The driver is done with the set-up: the ring may be used. */
    public void setReady(boolean value) {
        if (value == ready) {
            return;
        }
        ready = value;
        if (value) {
            startPosition = owner.isPacked() ? 1 << 15 : 0;
            startUsedPosition = startPosition;
            owner.queueReady(this);
        } else {
            stop();
        }
    }

    /** Finds the ring in memory. With the machine lock held. */
    void start() {
        if (!ready || ring != null) {
            return;
        }
        lock.lock();
        try {
            if (size == 0 || size > MAX_SIZE || !owner.isPacked() && Integer.bitCount(size) != 1) {
                throw new BrokenQueueException("invalid size " + size);
            }
            AddressSpace memory = owner.memory();
            ring = owner.isPacked()
                    ? new PackedRing(this, memory, owner.features(), startPosition, startUsedPosition)
                    : new SplitRing(this, memory, owner.features(), startPosition, startUsedPosition);
        } catch (BrokenQueueException e) {
            owner.fail(this, e);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the ring away and waits until nobody uses it. With the machine lock held. */
    void stop() {
        Ring old = ring;
        ring = null;
        lock.lock();
        try {
            if (old != null) {
                startPosition = old.position();
                startUsedPosition = old.usedPosition();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Back to what it is after a reset. With the machine lock held. */
    public void reset() {
        stop();
        ready = false;
        size = proposedSize;
        desc = 0;
        driver = 0;
        device = 0;
        vector = NO_VECTOR;
        startPosition = 0;
        startUsedPosition = 0;
    }

    /** The memory map changed. */
    void memoryMoved() {
        moved = true;
    }

    /** Whether requests can be taken: started, and the device not broken. Any thread. */
    public boolean isActive() {
        return ring != null && !owner.isBroken();
    }

    private Ring ring() throws BrokenQueueException {
        Ring now = ring;
        if (now == null) {
            throw new BrokenQueueException("not ready");
        }
        if (moved) {
            moved = false;
            now.map();
        }
        return now;
    }

    /** Takes the next request. @return false if there is none, or the queue is not active */
    public boolean pop(Chain chain) throws BrokenQueueException {
        return isActive() && ring().pop(chain);
    }

    /** Gives back the request that was taken last, as if it had not been. */
    public void unpop(Chain chain) {
        Ring now = ring;
        if (now != null) {
            now.unpop(chain);
        }
    }

    /** Returns a request to the driver, who sees it after {@link #publish}. @param written bytes at the front of what was writable */
    public void push(Chain chain, long written) throws BrokenQueueException {
        Ring now = ring;
        if (now != null) {
            now.push(chain, written);
        }
    }

    /** Shows the driver what was pushed. */
    public void publish() {
        Ring now = ring;
        if (now != null) {
            now.publish();
        }
    }

    /** Whether the driver wants an interrupt for what was published. */
    public boolean wantsInterrupt() {
        Ring now = ring;
        return now != null && now.wantsInterrupt();
    }

    /** Asks the driver to notify of new requests (true) or to spare that. */
    public void setNotification(boolean on) {
        Ring now = ring;
        if (now != null) {
            now.setNotification(on);
        }
    }

    /** Whether there is a request. */
    public boolean hasNext() throws BrokenQueueException {
        return isActive() && ring().hasNext();
    }

    /** With the machine lock held and the queue's threads idle. */
    State save() {
        lock.lock();
        try {
            Ring now = ring;
            return new State(
                    size,
                    ready,
                    desc,
                    driver,
                    device,
                    vector,
                    now == null ? startPosition : now.position(),
                    now == null ? startUsedPosition : now.usedPosition());
        } finally {
            lock.unlock();
        }
    }

    void load(State state) {
        stop();
        size = state.size;
        ready = state.ready;
        desc = state.desc;
        driver = state.driver;
        device = state.device;
        vector = state.vector;
        startPosition = state.position;
        startUsedPosition = state.usedPosition;
    }

    /** Whether a state can be one of this queue. */
    boolean accepts(State state) {
        boolean position = owner.isPacked()
                ? (state.position & 0x7fff) < Math.max(state.size, 1)
                        && (state.usedPosition & 0x7fff) < Math.max(state.size, 1)
                : true;
        return state.size >= 0
                && state.size <= MAX_SIZE
                && state.position >>> 16 == 0
                && state.usedPosition >>> 16 == 0
                && state.vector >>> 16 == 0
                && position;
    }
}
