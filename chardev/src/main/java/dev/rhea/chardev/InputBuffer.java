package dev.rhea.chardev;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Input that a front end has no room for yet, with events in their places between the bytes, and a thread that gives it. */
final class InputBuffer {
    /** Something that happens after so many bytes. */
    private record Mark(long position, Runnable action) {}

    private final BackEnd owner;
    private final Runnable drained;

    /** Guarded by this, like all below. */
    private final ByteRing waiting;

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();

    /** How many bytes came ever, and how many went. */
    private long produced;

    private long consumed;
    private boolean ended;
    private @Nullable Thread giver;

    /**
     * @param capacity in bytes
     * @param drained called on the giving thread when there is space again
     */
    InputBuffer(BackEnd owner, int capacity, Runnable drained) {
        this.owner = owner;
        this.drained = drained;
        waiting = new ByteRing(capacity);
    }

    synchronized int space() {
        return waiting.space();
    }

    /** Takes as much as fits, from the first byte on; how much it is. */
    synchronized int offer(byte[] data, int offset, int length) {
        int taken = waiting.add(data, offset, length);
        produced += taken;
        wake();
        return taken;
    }

    /** Has something done on the giving thread after all input that came so far. */
    synchronized void then(Runnable action) {
        marks.add(new Mark(produced, action));
        wake();
    }

    private void wake() {
        if (giver == null && !ended) {
            giver = owner.thread("input", this::run);
        }
        notifyAll();
    }

    private void run() {
        byte[] chunk = new byte[4096];
        try {
            while (true) {
                Mark due = next();
                if (due != null) {
                    due.action.run();
                    continue;
                }
                int room = owner.awaitRoom();
                if (room == 0) {
                    return;
                }
                int length = take(chunk, room);
                if (length > 0) {
                    owner.deliver(chunk, 0, length);
                    drained.run();
                }
            }
        } catch (InterruptedException e) {
            end();
        }
    }

    /** Waits for something to do: a mark that is due, or null for bytes. */
    private synchronized @Nullable Mark next() throws InterruptedException {
        while (!ended && marks.isEmpty() && waiting.count() == 0) {
            wait();
        }
        Mark first = marks.peek();
        return first != null && first.position == consumed ? marks.poll() : null;
    }

    private synchronized int take(byte[] into, int room) {
        int most = Math.min(room, into.length);
        Mark first = marks.peek();
        if (first != null) {
            most = (int) Math.min(most, first.position - consumed);
        }
        int length = waiting.peek(into, most);
        waiting.drop(length);
        consumed += length;
        return length;
    }

    /** Forgets what waits; the thread ends once its owner is closed. */
    synchronized void end() {
        ended = true;
        waiting.drop(Integer.MAX_VALUE);
        marks.clear();
        notifyAll();
    }
}
