package dev.rhea.device.virtio;

import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;
import java.lang.invoke.VarHandle;

/**
 * A split virtqueue: Virtio 1.3, section 2.7. The driver's writes come before its index, ours before ours: the index is read
 * with acquire and written with release order.
 */
final class SplitRing implements Ring {
    private static final int DESC_SIZE = 16;
    private static final int VIRTQ_DESC_F_NEXT = 1;
    private static final int VIRTQ_DESC_F_WRITE = 2;
    private static final int VIRTQ_DESC_F_INDIRECT = 4;
    private static final int VIRTQ_AVAIL_F_NO_INTERRUPT = 1;
    private static final int VIRTQ_USED_F_NO_NOTIFY = 1;
    private static final int IDX = 2;
    private static final int ELEMENTS = 4;
    private static final int MASK = 0xffff;

    private final VirtQueue queue;
    private final AddressSpace memory;
    private final int size;
    private final boolean eventIndex;
    private final boolean indirect;
    private final boolean notifyOnEmpty;
    private long desc;
    private long avail;
    private long used;

    /** The next element of the available ring; free-running, 16 bits, as all indices here. */
    private int lastAvail;
    /** What the available index was when it was last read. */
    private int seenAvail;

    private int usedIdx;
    /** The used index at the last question for an interrupt. */
    private int signalled;

    SplitRing(VirtQueue queue, AddressSpace memory, long features, int lastAvail, int usedIdx)
            throws BrokenQueueException {
        this.queue = queue;
        this.memory = memory;
        size = queue.size();
        eventIndex = (features & VirtioFeature.EVENT_IDX) != 0;
        indirect = (features & VirtioFeature.INDIRECT_DESC) != 0;
        notifyOnEmpty = (features & VirtioFeature.NOTIFY_ON_EMPTY) != 0;
        this.lastAvail = lastAvail;
        seenAvail = lastAvail;
        this.usedIdx = usedIdx;
        signalled = usedIdx;
        map();
    }

    @Override
    public void map() throws BrokenQueueException {
        int event = eventIndex ? 2 : 0;
        desc = memory.host(queue.descAddress(), (long) DESC_SIZE * size);
        avail = memory.host(queue.driverAddress(), ELEMENTS + 2L * size + event);
        used = memory.writableHost(queue.deviceAddress(), ELEMENTS + 8L * size + event);
        if (desc == 0 || avail == 0 || used == 0) {
            throw new BrokenQueueException("cannot map the ring");
        }
        if ((queue.driverAddress() & 1) != 0 || (queue.deviceAddress() & 1) != 0) {
            throw new BrokenQueueException("the ring is not aligned");
        }
    }

    private static int half(long address) {
        return RawMemory.getShort(address) & MASK;
    }

    @Override
    public boolean hasNext() throws BrokenQueueException {
        if (seenAvail != lastAvail) {
            return true;
        }
        int index = half(avail + IDX);
        if ((index - lastAvail & MASK) > size) {
            throw new BrokenQueueException("guest moved avail index from " + lastAvail + " to " + index);
        }
        // Acquire: elements and descriptors are read after the index that covers them.
        VarHandle.acquireFence();
        seenAvail = index;
        return index != lastAvail;
    }

    @Override
    public boolean pop(Chain chain) throws BrokenQueueException {
        if (!hasNext()) {
            return false;
        }
        int head = half(avail + ELEMENTS + 2L * (lastAvail % size));
        if (head >= size) {
            throw new BrokenQueueException("guest says index " + head + " is available");
        }
        lastAvail = lastAvail + 1 & MASK;
        chain.clear(memory);
        chain.id = head;
        chain.descriptors = 1;
        long table = desc;
        int entries = size;
        int index = head;
        int seen = 0;
        for (; ; ) {
            long at = table + (long) index * DESC_SIZE;
            long address = RawMemory.getLong(at);
            long length = RawMemory.getInt(at + 8) & 0xffffffffL;
            int flags = half(at + 12);
            int next = half(at + 14);
            if ((flags & VIRTQ_DESC_F_INDIRECT) != 0) {
                if (!indirect || table != desc || (flags & VIRTQ_DESC_F_NEXT) != 0) {
                    throw new BrokenQueueException("indirect descriptor where none may be");
                }
                if (length == 0 || length % DESC_SIZE != 0 || length / DESC_SIZE > MASK) {
                    throw new BrokenQueueException("invalid size for indirect buffer table");
                }
                table = memory.host(address, length);
                if (table == 0) {
                    throw new BrokenQueueException("cannot map indirect buffer");
                }
                entries = (int) (length / DESC_SIZE);
                index = 0;
                seen = 0;
                continue;
            }
            chain.add(address, length, (flags & VIRTQ_DESC_F_WRITE) != 0);
            if ((flags & VIRTQ_DESC_F_NEXT) == 0) {
                return true;
            }
            if (++seen >= entries) {
                throw new BrokenQueueException("looped descriptor");
            }
            if (next >= entries) {
                throw new BrokenQueueException("descriptor next is " + next);
            }
            index = next;
        }
    }

    @Override
    public void unpop(Chain chain) {
        lastAvail = lastAvail - 1 & MASK;
    }

    @Override
    public void push(Chain chain, long written) {
        long at = used + ELEMENTS + 8L * (usedIdx % size);
        RawMemory.putInt(at, chain.id);
        RawMemory.putInt(at + 4, (int) Math.min(written, 0xffffffffL));
        memory.written(at, 8);
        usedIdx = usedIdx + 1 & MASK;
    }

    @Override
    public void publish() {
        // Release: what was written into buffers and elements is seen before the index that covers it.
        VarHandle.releaseFence();
        RawMemory.putShort(used + IDX, (short) usedIdx);
        memory.written(used, ELEMENTS);
    }

    @Override
    public boolean wantsInterrupt() {
        int old = signalled;
        if (old == usedIdx) {
            return false;
        }
        signalled = usedIdx;
        // The driver writes its wish and then reads our index; we write the index and then read its wish.
        VarHandle.fullFence();
        if (notifyOnEmpty && half(avail + IDX) == lastAvail) {
            return true;
        }
        if (eventIndex) {
            int event = half(avail + ELEMENTS + 2L * size);
            return (usedIdx - event - 1 & MASK) < (usedIdx - old & MASK);
        }
        return (half(avail) & VIRTQ_AVAIL_F_NO_INTERRUPT) == 0;
    }

    @Override
    public void setNotification(boolean on) {
        if (eventIndex) {
            if (on) {
                RawMemory.putShort(used + ELEMENTS + 8L * size, (short) lastAvail);
            }
        } else {
            RawMemory.putShort(used, (short) (on ? 0 : VIRTQ_USED_F_NO_NOTIFY));
        }
        // Before the look at the available index that follows.
        VarHandle.fullFence();
    }

    @Override
    public int position() {
        return lastAvail;
    }

    @Override
    public int usedPosition() {
        return usedIdx;
    }
}
