package dev.rhea.chardev;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A back end in memory, for programs that talk to a guest: {@link #input} is what the guest reads, and what it writes can be
 * waited for.
 *
 * <pre>{@code
 * console.expect("login: ", Duration.ofSeconds(30));
 * console.input("root\n");
 * }</pre>
 */
public final class QueueChardev extends BackEnd {
    /** How much output is kept if nobody takes it: more is lost, oldest first. */
    public static final int KEPT = 16 << 20;

    /** How much input waits for the guest before {@link #input} waits too. */
    private static final int AHEAD = 1 << 16;

    /** How much of the output a message quotes. */
    private static final int QUOTED = 400;

    private final InputBuffer pending = new InputBuffer(this, AHEAD, this::taken);

    /** Output that nobody has taken: one character per byte, so that text and bytes have the same places. */
    private final StringBuilder output = new StringBuilder();

    /** How much of it was taken or lost ever; guarded by the output. */
    private long dropped;

    public QueueChardev(String label) {
        this(label, true);
    }

    /**
     * @param connected whether the other end is there from the start; if not {@link #connect} says when
     */
    public QueueChardev(String label, boolean connected) {
        super(label, connected);
    }

    @Override
    public String description() {
        return "queue";
    }

    @Override
    int send(byte[] data, int offset, int length) {
        synchronized (output) {
            output.append(new String(data, offset, length, StandardCharsets.ISO_8859_1));
            if (output.length() > KEPT) {
                drop(output.length() - KEPT);
            }
            output.notifyAll();
        }
        return length;
    }

    /** Text for the guest to read, as UTF-8. Waits while it has far too much to read already. */
    public void input(String text) throws InterruptedException {
        input(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes for the guest to read. Waits while it has far too much to read already. */
    public void input(byte[] data) throws InterruptedException {
        for (int done = 0; done < data.length && !closed(); ) {
            done += pending.offer(data, done, data.length - done);
            synchronized (pending) {
                while (done < data.length && pending.space() == 0 && !closed()) {
                    pending.wait();
                }
            }
        }
    }

    private void taken() {
        synchronized (pending) {
            pending.notifyAll();
        }
    }

    /** The line's break condition, after the input so far. */
    public void sendBreak() {
        pending.then(() -> tell(ChardevEvent.BREAK));
    }

    /** The other end comes or goes, after the input so far. */
    public void connect(boolean there) {
        pending.then(() -> connected(there));
    }

    /**
     * Waits until the guest has written a text, and takes it and all before it.
     *
     * @param text in UTF-8
     * @return what was taken
     * @throws TimeoutException if it does not come in time, or the device is closed; its message quotes the end of what came
     */
    public String expect(String text, Duration within) throws InterruptedException, TimeoutException {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return expect(
                // Only what is new, and the piece before it in which the text may begin.
                (output, searched) -> {
                    int at = output.indexOf(bytes, Math.max(0, searched - bytes.length()));
                    return at < 0 ? -1 : at + bytes.length();
                },
                text,
                within);
    }

    /**
     * Waits until what the guest has written has a match, and takes it and all before it. Each character of the output is one
     * byte to the pattern.
     *
     * @return what was taken, decoded as UTF-8
     * @throws TimeoutException if it does not come in time, or the device is closed; its message quotes the end of what came
     */
    public String expect(Pattern pattern, Duration within) throws InterruptedException, TimeoutException {
        return expect(
                (output, searched) -> {
                    Matcher matcher = pattern.matcher(output);
                    return matcher.find() ? matcher.end() : -1;
                },
                pattern.pattern(),
                within);
    }

    /** Looks for something. */
    private interface Search {
        /** Where it ends, or -1. It was not among the first {@code searched} characters. */
        int end(String output, int searched);
    }

    private String expect(Search search, String named, Duration within) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + within.toNanos();
        int searched = 0;
        long start = -1;
        while (true) {
            String text;
            synchronized (output) {
                if (start != dropped) {
                    start = dropped;
                    searched = 0;
                }
                text = output.toString();
            }
            // Not under the lock: a long search would hold the guest up.
            int end = search.end(text, searched);
            synchronized (output) {
                if (start != dropped) {
                    continue;
                }
                if (end >= 0) {
                    drop(end);
                    return decoded(text.substring(0, end));
                }
                searched = text.length();
                while (start == dropped && output.length() == searched) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0 || closed()) {
                        throw late(named, within, text);
                    }
                    TimeUnit.NANOSECONDS.timedWait(output, left);
                }
            }
        }
    }

    private TimeoutException late(String named, Duration within, String text) {
        String came = text.isEmpty()
                ? "is empty"
                : "ends with:\n" + decoded(text.substring(Math.max(0, text.length() - QUOTED)));
        return new TimeoutException("\"" + named + "\" did not come on '" + label() + "' within " + within
                + "; the output since the last match " + came);
    }

    private void drop(int length) {
        output.delete(0, length);
        dropped += length;
    }

    /** Takes all output that is there, without waiting. */
    public String take() {
        synchronized (output) {
            String taken = output.toString();
            drop(output.length());
            return decoded(taken);
        }
    }

    /** All output that is there, which stays. */
    public String waiting() {
        synchronized (output) {
            return decoded(output.toString());
        }
    }

    /** Takes all output that is there, as bytes. */
    public byte[] takeBytes() {
        synchronized (output) {
            byte[] taken = output.toString().getBytes(StandardCharsets.ISO_8859_1);
            drop(output.length());
            return taken;
        }
    }

    private static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    void release() {
        pending.end();
        taken();
        synchronized (output) {
            output.notifyAll();
        }
    }
}
