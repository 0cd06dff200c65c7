package dev.rhea.device.virtio.net;

import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.machine.memory.Masters;
import java.util.ArrayList;
import java.util.List;

/** Puts frames into the driver's buffers: section 5.1.6.4. */
final class ReceiveQueue implements AutoCloseable {
    /** Offset of num_buffers in struct virtio_net_hdr. */
    private static final int NUM_BUFFERS = 10;

    private final VirtioNet card;
    private final VirtQueue queue;
    /** As many as one frame ever took. */
    private final List<Chain> chains = new ArrayList<>();

    private final byte[] header = new byte[12];
    /** Whether a frame was refused and the network waits. */
    private volatile boolean starved;

    ReceiveQueue(VirtioNet card, VirtQueue queue) {
        this.card = card;
        this.queue = queue;
    }

    /** Whether the network was told to wait; asks once. */
    boolean takeStarved() {
        boolean result = starved;
        starved = false;
        return result;
    }

    /** @return false if there is no room, or the machine stands: the network waits */
    boolean receive(byte[] frame, int offset, int length) {
        Masters masters = card.memory().masters();
        starved = true; // before the question: whoever releases them looks at it afterwards
        if (!masters.tryEnter()) {
            return false;
        }
        starved = false;
        try {
            return deliver(frame, offset, length);
        } finally {
            masters.leave();
        }
    }

    private boolean deliver(byte[] frame, int offset, int length) {
        boolean taken = true;
        boolean interrupt = false;
        queue.lock.lock();
        try {
            if (queue.isActive()) {
                taken = put(frame, offset, length);
                interrupt = taken && queue.wantsInterrupt();
            }
        } catch (BrokenQueueException e) {
            card.fail(queue, e);
        } finally {
            queue.lock.unlock();
        }
        if (interrupt) {
            card.interrupt(queue);
        }
        if (card.isBroken()) {
            card.announceFailure();
        }
        return taken;
    }

    private boolean put(byte[] frame, int offset, int length) throws BrokenQueueException {
        int headerSize = card.headerSize();
        boolean merge = card.mergesBuffers();
        int wanted = headerSize + length;
        int taken = take(wanted, merge);
        if (taken < 0) {
            // Asks for a notification and looks again, since the driver may have been quicker.
            starved = true;
            queue.setNotification(true);
            taken = take(wanted, merge);
            if (taken < 0) {
                return false;
            }
            starved = false;
        }
        queue.setNotification(false);
        if (taken == 0) {
            // The one buffer is too small for it.
            queue.push(chains.getFirst(), 0);
            queue.publish();
            return true;
        }
        header[NUM_BUFFERS] = (byte) taken;
        header[NUM_BUFFERS + 1] = (byte) (taken >> 8);
        chains.getFirst().put(0, header, 0, headerSize);
        int done = 0;
        for (int i = 0; i < taken; i++) {
            Chain chain = chains.get(i);
            int skipped = i == 0 ? headerSize : 0;
            int piece = (int) Math.min(chain.writableBytes() - skipped, length - done);
            chain.put(skipped, frame, offset + done, piece);
            queue.push(chain, skipped + piece);
            done += piece;
        }
        queue.publish();
        return true;
    }

    /**
     * Takes buffers for a frame.
     *
     * @return how many; 0 if the one that may be used is too small; -1, and none is taken, if there are not enough
     */
    private int take(int wanted, boolean merge) throws BrokenQueueException {
        long room = 0;
        int taken = 0;
        while (room < wanted) {
            if (taken == chains.size()) {
                chains.add(new Chain(card.memory()));
            }
            Chain chain = chains.get(taken);
            if (taken == queue.size() || !queue.pop(chain)) {
                while (taken > 0) {
                    queue.unpop(chains.get(--taken));
                }
                return -1;
            }
            if (chain.readableBytes() > 0 || taken == 0 && chain.writableBytes() < card.headerSize()) {
                throw new BrokenQueueException("virtio-net receive queue contains no in buffers");
            }
            room += chain.writableBytes();
            taken++;
            if (!merge && room < wanted) {
                return 0;
            }
        }
        return taken;
    }

    @Override
    public void close() {
        queue.lock.lock();
        chains.forEach(Chain::close);
        chains.clear();
        queue.lock.unlock();
    }
}
