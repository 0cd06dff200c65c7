package dev.rhea.board;

import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.QueueChardev;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A serial port as a test or a program uses it: text in, text out. What the guest prints is kept (the last few megabytes); what is
 * typed waits until the guest takes it. Any thread; one at a time expects something.
 */
public final class Console {
    /** Characters of output that are kept once they were expected. */
    private static final int MOST = 4 << 20;

    private final QueueChardev queue = new QueueChardev("console");
    private final StringBuilder seen = new StringBuilder();

    Console() {}

    Chardev chardev() {
        return queue;
    }

    /** Types text. Waits while the guest has far too much to read already. */
    public void type(String text) throws InterruptedException {
        queue.input(text);
    }

    /** Everything that the guest printed and that is still kept. */
    public String text() {
        synchronized (seen) {
            return seen + queue.waiting();
        }
    }

    /** Its last lines. */
    public String tail(int lines) {
        String[] all = text().split("\n", -1);
        return String.join("\n", Arrays.asList(all).subList(Math.max(0, all.length - lines), all.length));
    }

    /**
     * Waits until the guest has printed a text, after what the last call found.
     *
     * @return what was printed from there to the end of the text
     * @throws TimeoutException if it does not come; the message has the last lines
     */
    public String expect(String text, Duration limit) throws InterruptedException, TimeoutException {
        return keep(queue.expect(text, limit));
    }

    /**
     * The same for a pattern.
     *
     * @return the match, in what was printed from there to its end
     */
    public Matcher expect(Pattern pattern, Duration limit) throws InterruptedException, TimeoutException {
        Matcher matcher = pattern.matcher(keep(queue.expect(pattern, limit)));
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "\"" + pattern.pattern() + "\" looks at what comes behind its match; let it end where it does");
        }
        return matcher;
    }

    private String keep(String taken) {
        synchronized (seen) {
            seen.append(taken);
            if (seen.length() > MOST) {
                seen.delete(0, seen.length() - MOST / 2);
            }
        }
        return taken;
    }
}
