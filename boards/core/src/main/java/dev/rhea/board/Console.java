package dev.rhea.board;

import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.FrontEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A serial port as a test or a program uses it: text in, text out. What the guest prints is kept (the last few megabytes); what is typed
 * waits until the guest takes it. Any thread.
 */
public final class Console {
    /** Characters of output that are kept. */
    private static final int MOST = 4 << 20;

    private final Object lock = new Object();
    private final StringBuilder output = new StringBuilder();
    /** Where the next {@link #expect} begins to look, in {@link #output}. */
    private int seen;

    private final ArrayDeque<Byte> input = new ArrayDeque<>();
    private @Nullable FrontEnd frontEnd;
    private boolean closed;
    private final Chardev chardev = new BackEnd();

    Console() {}

    Chardev chardev() {
        return chardev;
    }

    /** Types text. */
    public void type(String text) {
        synchronized (lock) {
            for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                input.add(b);
            }
        }
        deliver();
    }

    /** Everything that the guest printed and that is still kept. */
    public String text() {
        synchronized (lock) {
            return output.toString();
        }
    }

    /** Its last lines. */
    public String tail(int lines) {
        String[] all = text().split("\n", -1);
        return String.join("\n", java.util.Arrays.asList(all).subList(Math.max(0, all.length - lines), all.length));
    }

    /**
     * Waits until the guest has printed a text, after what the last call found.
     *
     * @return what was printed from there to the end of the text
     * @throws ConsoleTimeout if it does not come; the message has the last lines
     */
    public String expect(String text, Duration limit) throws InterruptedException, ConsoleTimeout {
        return expect(Pattern.compile(Pattern.quote(text)), limit).group();
    }

    /** The same for a pattern. */
    public Matcher expect(Pattern pattern, Duration limit) throws InterruptedException, ConsoleTimeout {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lock) {
            for (; ; ) {
                Matcher matcher = pattern.matcher(output.substring(seen));
                if (matcher.find()) {
                    seen += matcher.end();
                    return matcher;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || closed) {
                    throw new ConsoleTimeout(
                            (closed ? "the machine ended" : "nothing within " + limit.toSeconds() + " s")
                                    + " that matches \"" + pattern.pattern() + "\"; the console's end:\n" + tail(20));
                }
                lock.wait(left / 1_000_000 + 1);
            }
        }
    }

    /** The guest did not print what was waited for. */
    public static final class ConsoleTimeout extends Exception {
        private static final long serialVersionUID = 1;

        ConsoleTimeout(String message) {
            super(message);
        }
    }

    private void deliver() {
        for (; ; ) {
            FrontEnd to;
            byte[] bytes;
            synchronized (lock) {
                to = frontEnd;
                if (to == null || input.isEmpty()) {
                    return;
                }
            }
            int room = to.room();
            synchronized (lock) {
                bytes = new byte[Math.min(room, input.size())];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = input.remove();
                }
            }
            if (bytes.length == 0) {
                return;
            }
            to.receive(bytes, 0, bytes.length);
        }
    }

    private final class BackEnd implements Chardev {
        @Override
        public String label() {
            return "console";
        }

        @Override
        public String description() {
            return "console";
        }

        @Override
        public void attach(FrontEnd end) {
            synchronized (lock) {
                if (frontEnd != null) {
                    throw new IllegalStateException("the console has a front end already");
                }
                frontEnd = end;
            }
            deliver();
        }

        @Override
        public void detach() {
            synchronized (lock) {
                frontEnd = null;
            }
        }

        @Override
        public boolean attached() {
            synchronized (lock) {
                return frontEnd != null;
            }
        }

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public int write(byte[] data, int offset, int length) {
            synchronized (lock) {
                output.append(new String(data, offset, length, StandardCharsets.ISO_8859_1));
                if (output.length() > MOST) {
                    int gone = output.length() - MOST / 2;
                    output.delete(0, gone);
                    seen = Math.max(0, seen - gone);
                }
                lock.notifyAll();
            }
            return length;
        }

        @Override
        public void acceptInput() {
            deliver();
        }

        @Override
        public void close() {
            synchronized (lock) {
                closed = true;
                lock.notifyAll();
            }
        }
    }
}
