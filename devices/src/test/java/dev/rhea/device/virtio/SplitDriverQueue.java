package dev.rhea.device.virtio;

import dev.rhea.host.RawMemory;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A split ring from the driver's side. */
final class SplitDriverQueue implements DriverQueue {
    private final VirtioGuest guest;
    private final int index;
    private final int size;
    private final boolean eventIndex;
    final long desc;
    final long avail;
    final long used;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Map<Integer, Integer> lengths = new HashMap<>();
    private int availIdx;
    private int usedIdx;

    SplitDriverQueue(VirtioGuest guest, int index, int size, long features, boolean legacy) {
        this.guest = guest;
        this.index = index;
        this.size = size;
        eventIndex = (features & VirtioFeature.EVENT_IDX) != 0;
        desc = guest.allocate(16L * size + 6 + 2L * size, 4096);
        avail = desc + 16L * size;
        used = guest.allocate(6 + 8L * size, 4096);
        for (int i = 0; i < size; i++) {
            free.add(i);
        }
        guest.write(VirtioMmio.QUEUE_SEL, index);
        guest.write(VirtioMmio.QUEUE_NUM, size);
        if (legacy) {
            guest.write(VirtioMmio.QUEUE_ALIGN, 4096);
            guest.write(VirtioMmio.QUEUE_PFN, desc >>> 12);
        } else {
            guest.write(VirtioMmio.QUEUE_DESC_LOW, desc);
            guest.write(VirtioMmio.QUEUE_DESC_HIGH, desc >>> 32);
            guest.write(VirtioMmio.QUEUE_DRIVER_LOW, avail);
            guest.write(VirtioMmio.QUEUE_DRIVER_HIGH, avail >>> 32);
            guest.write(VirtioMmio.QUEUE_DEVICE_LOW, used);
            guest.write(VirtioMmio.QUEUE_DEVICE_HIGH, used >>> 32);
            guest.write(VirtioMmio.QUEUE_READY, 1);
        }
    }

    private void describe(long at, Buffer buffer, int next, boolean last) {
        RawMemory.putLong(at, buffer.address());
        RawMemory.putInt(at + 8, (int) buffer.length());
        RawMemory.putShort(at + 12, (short) ((last ? 0 : 1) | (buffer.writable() ? 2 : 0)));
        RawMemory.putShort(at + 14, (short) next);
    }

    @Override
    public int add(List<Buffer> buffers) {
        int[] taken = new int[buffers.size()];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = free.remove();
        }
        for (int i = 0; i < taken.length; i++) {
            boolean last = i == taken.length - 1;
            describe(guest.host(desc + 16L * taken[i]), buffers.get(i), last ? 0 : taken[i + 1], last);
        }
        lengths.put(taken[0], taken.length);
        for (int i = 1; i < taken.length; i++) {
            // Given back with the head.
            chained.computeIfAbsent(taken[0], k -> new ArrayDeque<>()).add(taken[i]);
        }
        offer(taken[0]);
        return taken[0];
    }

    private final Map<Integer, Deque<Integer>> chained = new HashMap<>();

    @Override
    public int addIndirect(List<Buffer> buffers) {
        long table = guest.allocate(16L * buffers.size(), 16);
        for (int i = 0; i < buffers.size(); i++) {
            describe(guest.host(table + 16L * i), buffers.get(i), i + 1, i == buffers.size() - 1);
        }
        int head = free.remove();
        long at = guest.host(desc + 16L * head);
        RawMemory.putLong(at, table);
        RawMemory.putInt(at + 8, 16 * buffers.size());
        RawMemory.putShort(at + 12, (short) 4);
        offer(head);
        return head;
    }

    private void offer(int head) {
        RawMemory.putShort(guest.host(avail + 4 + 2L * (availIdx % size)), (short) head);
        availIdx = availIdx + 1 & 0xffff;
        VarHandle.releaseFence();
        RawMemory.putShort(guest.host(avail + 2), (short) availIdx);
    }

    @Override
    public void kick() {
        VarHandle.fullFence();
        guest.write(VirtioMmio.QUEUE_NOTIFY, index);
    }

    @Override
    public boolean hasUsed() {
        boolean result = (RawMemory.getShort(guest.host(used + 2)) & 0xffff) != usedIdx;
        VarHandle.acquireFence();
        return result;
    }

    @Override
    public Used await() {
        while (!hasUsed()) {
            if (eventIndex) {
                RawMemory.putShort(guest.host(avail + 4 + 2L * size), (short) usedIdx);
                VarHandle.fullFence();
                if (hasUsed()) {
                    break;
                }
            }
            guest.awaitInterrupt();
        }
        long at = guest.host(used + 4 + 8L * (usedIdx % size));
        usedIdx = usedIdx + 1 & 0xffff;
        int id = RawMemory.getInt(at);
        free.add(id);
        Deque<Integer> rest = chained.remove(id);
        if (rest != null) {
            free.addAll(rest);
        }
        return new Used(id, RawMemory.getInt(at + 4) & 0xffffffffL);
    }
}
