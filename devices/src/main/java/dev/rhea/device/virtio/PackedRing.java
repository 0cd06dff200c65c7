package dev.rhea.device.virtio;

import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;
import java.lang.invoke.VarHandle;

/** A packed virtqueue: Virtio 1.3, section 2.8. */
final class PackedRing implements Ring {
    private static final int DESC_SIZE = 16;
    private static final int LEN = 8;
    private static final int ID = 12;
    private static final int FLAGS = 14;
    private static final int VIRTQ_DESC_F_NEXT = 1;
    private static final int VIRTQ_DESC_F_WRITE = 2;
    private static final int VIRTQ_DESC_F_INDIRECT = 4;
    private static final int VIRTQ_DESC_F_AVAIL = 1 << 7;
    private static final int VIRTQ_DESC_F_USED = 1 << 15;
    private static final int EVENT_SIZE = 4;
    private static final int EVENT_FLAGS = 2;
    private static final int RING_EVENT_FLAGS_ENABLE = 0;
    private static final int RING_EVENT_FLAGS_DISABLE = 1;
    private static final int RING_EVENT_FLAGS_DESC = 2;
    private static final int MASK = 0xffff;
    private static final int OFFSET = 0x7fff;

    private final VirtQueue queue;
    private final AddressSpace memory;
    private final int size;
    private final boolean eventIndex;
    private final boolean indirect;
    private long ring;
    private long driver;
    private long device;
    private int nextAvail;
    private boolean availWrap;
    private int nextUsed;
    private boolean usedWrap;
    /** Descriptors that were used since the last question for an interrupt. */
    private int sinceSignal;

    /** Host address of the first descriptor that was pushed and not published; 0 if there is none. */
    private long held;

    private int heldFlags;

    /** @param position index in the low 15 bits, wrap counter above, as {@link #position} gives */
    PackedRing(VirtQueue queue, AddressSpace memory, long features, int position, int usedPosition)
            throws BrokenQueueException {
        this.queue = queue;
        this.memory = memory;
        size = queue.size();
        eventIndex = (features & VirtioFeature.EVENT_IDX) != 0;
        indirect = (features & VirtioFeature.INDIRECT_DESC) != 0;
        nextAvail = position & OFFSET;
        availWrap = position >> 15 != 0;
        nextUsed = usedPosition & OFFSET;
        usedWrap = usedPosition >> 15 != 0;
        map();
    }

    @Override
    public void map() throws BrokenQueueException {
        ring = memory.writableHost(queue.descAddress(), (long) DESC_SIZE * size);
        driver = memory.host(queue.driverAddress(), EVENT_SIZE);
        device = memory.writableHost(queue.deviceAddress(), EVENT_SIZE);
        if (ring == 0 || driver == 0 || device == 0) {
            throw new BrokenQueueException("cannot map the ring");
        }
    }

    private static int half(long address) {
        return RawMemory.getShort(address) & MASK;
    }

    @Override
    public boolean hasNext() {
        int flags = half(ring + (long) nextAvail * DESC_SIZE + FLAGS);
        VarHandle.acquireFence();
        return (flags & VIRTQ_DESC_F_AVAIL) != 0 == availWrap && (flags & VIRTQ_DESC_F_USED) != 0 != availWrap;
    }

    @Override
    public boolean pop(Chain chain) throws BrokenQueueException {
        if (!hasNext()) {
            return false;
        }
        chain.clear(memory);
        for (; ; ) {
            long at = ring + (long) nextAvail * DESC_SIZE;
            long address = RawMemory.getLong(at);
            long length = RawMemory.getInt(at + LEN) & 0xffffffffL;
            int flags = half(at + FLAGS);
            chain.id = half(at + ID);
            chain.descriptors++;
            if (++nextAvail == size) {
                nextAvail = 0;
                availWrap = !availWrap;
            }
            if ((flags & VIRTQ_DESC_F_INDIRECT) != 0) {
                addTable(chain, address, length);
            } else {
                chain.add(address, length, (flags & VIRTQ_DESC_F_WRITE) != 0);
            }
            if ((flags & VIRTQ_DESC_F_NEXT) == 0) {
                return true;
            }
            if (chain.descriptors == size) {
                throw new BrokenQueueException("looped descriptor");
            }
        }
    }

    private void addTable(Chain chain, long address, long length) throws BrokenQueueException {
        if (!indirect || chain.descriptors != 1) {
            throw new BrokenQueueException("indirect descriptor where none may be");
        }
        if (length == 0 || length % DESC_SIZE != 0 || length / DESC_SIZE > Chain.MAX) {
            throw new BrokenQueueException("invalid size for indirect buffer table");
        }
        long table = memory.host(address, length);
        if (table == 0) {
            throw new BrokenQueueException("cannot map indirect buffer");
        }
        for (long at = table; at < table + length; at += DESC_SIZE) {
            int flags = half(at + FLAGS);
            chain.add(
                    RawMemory.getLong(at), RawMemory.getInt(at + LEN) & 0xffffffffL, (flags & VIRTQ_DESC_F_WRITE) != 0);
        }
    }

    @Override
    public void unpop(Chain chain) {
        nextAvail -= chain.descriptors;
        if (nextAvail < 0) {
            nextAvail += size;
            availWrap = !availWrap;
        }
    }

    @Override
    public void push(Chain chain, long written) {
        long at = ring + (long) nextUsed * DESC_SIZE;
        RawMemory.putShort(at + ID, (short) chain.id);
        RawMemory.putInt(at + LEN, (int) Math.min(written, 0xffffffffL));
        int flags = (usedWrap ? VIRTQ_DESC_F_AVAIL | VIRTQ_DESC_F_USED : 0) | (written > 0 ? VIRTQ_DESC_F_WRITE : 0);
        if (held == 0) {
            // The first one's flags wait for publish: the driver looks no further before it has them.
            held = at;
            heldFlags = flags;
        } else {
            VarHandle.releaseFence();
            RawMemory.putShort(at + FLAGS, (short) flags);
            memory.written(at, DESC_SIZE);
        }
        nextUsed += chain.descriptors;
        sinceSignal += chain.descriptors;
        if (nextUsed >= size) {
            nextUsed -= size;
            usedWrap = !usedWrap;
        }
    }

    @Override
    public void publish() {
        if (held != 0) {
            // Release: the flags hand the descriptors over.
            VarHandle.releaseFence();
            RawMemory.putShort(held + FLAGS, (short) heldFlags);
            memory.written(held, DESC_SIZE);
            held = 0;
        }
    }

    @Override
    public boolean wantsInterrupt() {
        int pushed = sinceSignal;
        if (pushed == 0) {
            return false;
        }
        sinceSignal = 0;
        VarHandle.fullFence();
        int flags = half(driver + EVENT_FLAGS);
        if (flags != RING_EVENT_FLAGS_DESC || !eventIndex) {
            return flags != RING_EVENT_FLAGS_DISABLE;
        }
        int event = half(driver);
        int offset = event & OFFSET;
        if (event >> 15 != 0 != usedWrap) {
            offset -= size;
        }
        return (nextUsed - offset - 1 & MASK) < pushed;
    }

    @Override
    public void setNotification(boolean on) {
        if (on && eventIndex) {
            RawMemory.putShort(device, (short) (nextAvail | (availWrap ? 1 << 15 : 0)));
            VarHandle.releaseFence();
        }
        int flags = on ? eventIndex ? RING_EVENT_FLAGS_DESC : RING_EVENT_FLAGS_ENABLE : RING_EVENT_FLAGS_DISABLE;
        RawMemory.putShort(device + EVENT_FLAGS, (short) flags);
        VarHandle.fullFence();
    }

    @Override
    public int position() {
        return nextAvail | (availWrap ? 1 << 15 : 0);
    }

    @Override
    public int usedPosition() {
        return nextUsed | (usedWrap ? 1 << 15 : 0);
    }
}
