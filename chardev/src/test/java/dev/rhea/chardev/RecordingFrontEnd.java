package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A front end that writes down what it is told, and can be waited for. */
final class RecordingFrontEnd implements FrontEnd {
    private final StringBuilder received = new StringBuilder();
    private final List<ChardevEvent> events = new ArrayList<>();
    private int room;
    private int writable;

    RecordingFrontEnd(int room) {
        this.room = room;
    }

    RecordingFrontEnd() {
        this(1 << 20);
    }

    @Override
    public synchronized int room() {
        return room;
    }

    @Override
    public synchronized void receive(byte[] data, int offset, int length) {
        if (length < 1 || length > room) {
            received.append("<" + length + " bytes for a room of " + room + ">");
        }
        room -= length;
        received.append(new String(data, offset, length, StandardCharsets.ISO_8859_1));
        notifyAll();
    }

    @Override
    public synchronized void event(ChardevEvent event) {
        events.add(event);
        notifyAll();
    }

    @Override
    public synchronized void writable() {
        writable++;
        notifyAll();
    }

    synchronized void room(int now) {
        room = now;
    }

    synchronized String received() {
        return received.toString();
    }

    synchronized List<ChardevEvent> events() {
        return List.copyOf(events);
    }

    void awaitReceived(String text) {
        await(() -> received.toString().equals(text), "\"" + text + "\"");
    }

    void awaitEvent(ChardevEvent event) {
        await(() -> !events.isEmpty() && events.getLast() == event, event.toString());
    }

    void awaitWritable() {
        await(() -> writable > 0, "writable");
    }

    private synchronized void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        try {
            while (!condition.getAsBoolean()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    fail("waited for " + what + ", got \"" + received + "\" and " + events);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            fail("interrupted", e);
        }
    }
}
