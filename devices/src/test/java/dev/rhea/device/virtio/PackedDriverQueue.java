package dev.rhea.device.virtio;

import dev.rhea.host.RawMemory;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A packed ring from the driver's side; always asks for interrupts. */
final class PackedDriverQueue implements DriverQueue {
    private static final int AVAIL = 1 << 7;
    private static final int USED = 1 << 15;

    private final VirtioGuest guest;
    private final int index;
    private final int size;
    private final long ring;
    private final Deque<Integer> ids = new ArrayDeque<>();
    private final int[] lengths;
    private int next;
    private boolean wrap = true;
    private int used;
    private boolean usedWrap = true;

    PackedDriverQueue(VirtioGuest guest, int index, int size, long features) {
        this.guest = guest;
        this.index = index;
        this.size = size;
        lengths = new int[size];
        ring = guest.allocate(16L * size, 4096);
        long driver = guest.allocate(4, 16);
        long device = guest.allocate(4, 16);
        for (int i = 0; i < size; i++) {
            ids.add(i);
        }
        guest.write(VirtioMmio.QUEUE_SEL, index);
        guest.write(VirtioMmio.QUEUE_NUM, size);
        guest.write(VirtioMmio.QUEUE_DESC_LOW, ring);
        guest.write(VirtioMmio.QUEUE_DRIVER_LOW, driver);
        guest.write(VirtioMmio.QUEUE_DEVICE_LOW, device);
        guest.write(VirtioMmio.QUEUE_READY, 1);
    }

    @Override
    public int add(List<Buffer> buffers) {
        int id = ids.remove();
        lengths[id] = buffers.size();
        long first = 0;
        int firstFlags = 0;
        for (int i = 0; i < buffers.size(); i++) {
            Buffer buffer = buffers.get(i);
            int flags = (i == buffers.size() - 1 ? 0 : 1) | (buffer.writable() ? 2 : 0) | (wrap ? AVAIL : USED);
            long at = put(buffer.address(), buffer.length(), id);
            if (i == 0) {
                first = at;
                firstFlags = flags;
            } else {
                RawMemory.putShort(at + 14, (short) flags);
            }
        }
        VarHandle.releaseFence();
        RawMemory.putShort(first + 14, (short) firstFlags);
        return id;
    }

    private long put(long address, long length, int id) {
        long at = guest.host(ring + 16L * next);
        RawMemory.putLong(at, address);
        RawMemory.putInt(at + 8, (int) length);
        RawMemory.putShort(at + 12, (short) id);
        if (++next == size) {
            next = 0;
            wrap = !wrap;
        }
        return at;
    }

    @Override
    public int addIndirect(List<Buffer> buffers) {
        long table = guest.allocate(16L * buffers.size(), 16);
        for (int i = 0; i < buffers.size(); i++) {
            long at = guest.host(table + 16L * i);
            RawMemory.putLong(at, buffers.get(i).address());
            RawMemory.putInt(at + 8, (int) buffers.get(i).length());
            RawMemory.putShort(at + 14, (short) (buffers.get(i).writable() ? 2 : 0));
        }
        int id = ids.remove();
        lengths[id] = 1;
        int flags = 4 | (wrap ? AVAIL : USED);
        long at = put(table, 16L * buffers.size(), id);
        VarHandle.releaseFence();
        RawMemory.putShort(at + 14, (short) flags);
        return id;
    }

    @Override
    public void kick() {
        VarHandle.fullFence();
        guest.write(VirtioMmio.QUEUE_NOTIFY, index);
    }

    @Override
    public boolean hasUsed() {
        int flags = RawMemory.getShort(guest.host(ring + 16L * used + 14)) & 0xffff;
        VarHandle.acquireFence();
        return (flags & AVAIL) != 0 == usedWrap && (flags & USED) != 0 == usedWrap;
    }

    @Override
    public Used await() {
        while (!hasUsed()) {
            guest.awaitInterrupt();
        }
        long at = guest.host(ring + 16L * used);
        int id = RawMemory.getShort(at + 12) & 0xffff;
        Used result = new Used(id, RawMemory.getInt(at + 8) & 0xffffffffL);
        used += lengths[id];
        if (used >= size) {
            used -= size;
            usedWrap = !usedWrap;
        }
        ids.add(id);
        return result;
    }
}
