package dev.rhea.chardev;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Several front ends on one back end. All write to it; one of them, the one in focus, has the input. The one that was attached
 * last has the focus first. What follows the escape character in the input is an order, see {@link #help}.
 */
public final class Multiplexer implements FrontEnd {
    /** What the orders ask of the machine; called on a thread of the back end. */
    public interface Orders {
        /** The user asked for the emulator's end. */
        void exit();

        /** The user asked for disks' contents to be saved. */
        void saveDisks();
    }

    /** As many front ends can be attached. */
    public static final int MAX_FRONT_ENDS = 4;

    /** Control-a. */
    public static final int DEFAULT_ESCAPE = 1;

    private static final int INPUT_BYTES = 4096;
    private static final long MILLISECOND = 1_000_000;

    private final String label;
    private final Chardev base;
    private final int escape;
    private final Orders orders;
    private final LongSupplier clock;
    private final List<Port> ports = new CopyOnWriteArrayList<>();
    private volatile @Nullable Port focus;
    /** Whether input waits, whoever is in focus. */
    private volatile boolean held;

    /** Only {@link #receive} uses it: the last byte was the escape character. */
    private boolean escaped;

    /** Guarded by this, like all below. Whether lines of output begin with the time. */
    private boolean timestamps;

    private boolean lineStarts = true;
    private long firstLine = -1;

    /** What of a time or of our own words is still to be written before anything else. */
    private byte[] ahead = new byte[0];

    /**
     * @param label of all front ends' ends; the base has one of its own
     * @param base gets this as its front end
     * @param escape the byte that introduces an order, such as 1 for control-a
     * @param clock nanoseconds, for times of lines
     */
    public Multiplexer(String label, Chardev base, int escape, Orders orders, LongSupplier clock) {
        this.label = label;
        this.base = base;
        this.escape = escape;
        this.orders = orders;
        this.clock = clock;
        base.attach(this);
    }

    /** The id of all its ends. */
    public String label() {
        return label;
    }

    /**
     * The back end of one more front end.
     *
     * @throws ChardevException if it has {@link #MAX_FRONT_ENDS}
     */
    public Chardev port() throws ChardevException {
        return port(true);
    }

    /** The same. @param takesKeys whether it has the input once its front end is there; otherwise when the user switches to it */
    synchronized Chardev port(boolean takesKeys) throws ChardevException {
        if (ports.size() == MAX_FRONT_ENDS) {
            throw new ChardevException("Device '" + label + "' is in use");
        }
        Port port = new Port(label, base.connected(), takesKeys);
        ports.add(port);
        return port;
    }

    /** Whether input waits, and nobody is told of the focus: until all front ends are there it is not known whose it is. */
    void hold(boolean waits) {
        held = waits;
        Port to = focus;
        if (!waits && to != null) {
            enter(to);
        }
    }

    /** Gives a front end the input. */
    private void focus(Port to) {
        Port from = focus;
        if (from == to) {
            return;
        }
        focus = to;
        if (held) {
            return;
        }
        if (from != null) {
            from.input.then(() -> from.tell(ChardevEvent.MUX_OUT));
        }
        enter(to);
    }

    private void enter(Port to) {
        to.input.then(() -> to.tell(ChardevEvent.MUX_IN));
        base.acceptInput();
    }

    private void focusNext() {
        int at = ports.indexOf(focus);
        for (int i = 1; i <= ports.size(); i++) {
            Port next = ports.get((at + i) % ports.size());
            if (next.attached()) {
                focus(next);
                return;
            }
        }
    }

    @Override
    public int room() {
        Port to = focus;
        return to == null || held ? 0 : to.input.space();
    }

    @Override
    public void receive(byte[] data, int offset, int length) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            int b = data[i] & 0xff;
            if (escaped) {
                escaped = false;
                // The escape character itself, twice: once to the front end.
                from = b == escape ? i : i + 1;
                if (b != escape) {
                    order(b);
                }
            } else if (b == escape) {
                pass(data, from, i - from);
                escaped = true;
                from = i + 1;
            }
        }
        pass(data, from, offset + length - from);
    }

    private void pass(byte[] data, int offset, int length) {
        Port to = focus;
        if (to != null && length > 0) {
            to.input.offer(data, offset, length);
        }
    }

    private void order(int letter) {
        switch (letter) {
            case 'h', '?' -> say(help());
            case 'x' -> {
                say("rhea: ended from the console\r\n");
                orders.exit();
            }
            case 's' -> orders.saveDisks();
            case 'b' -> {
                Port to = focus;
                if (to != null) {
                    to.input.then(() -> to.tell(ChardevEvent.BREAK));
                }
            }
            case 'c' -> focusNext();
            case 't' -> {
                synchronized (this) {
                    timestamps = !timestamps;
                    lineStarts = false;
                    firstLine = -1;
                }
            }
            default -> {}
        }
    }

    /** The orders as text. */
    private String help() {
        String key = escape < 27 ? "C-" + (char) ('a' - 1 + escape) : "0x" + Integer.toHexString(escape);
        return """

                K h    this list
                K x    end the emulator
                K s    save the disks' contents (with -snapshot)
                K t    times at the start of lines, on or off
                K b    send a break (the kernel's SysRq)
                K c    switch between console and monitor
                K K  send K
                """.replace("K", key).replace("\n", "\r\n");
    }

    /** Ours goes before what comes next; if the other end is so slow that it does not fit, after that. */
    private synchronized void say(String text) {
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        byte[] all = java.util.Arrays.copyOf(ahead, ahead.length + words.length);
        System.arraycopy(words, 0, all, ahead.length, words.length);
        ahead = all;
        flushAhead();
    }

    private boolean flushAhead() {
        int done = base.write(ahead, 0, ahead.length);
        ahead = java.util.Arrays.copyOfRange(ahead, done, ahead.length);
        return ahead.length == 0;
    }

    private synchronized int writeFrom(byte[] data, int offset, int length) {
        int done = 0;
        while (done < length) {
            if (ahead.length > 0 && !flushAhead()) {
                return done;
            }
            if (!timestamps) {
                return done + base.write(data, offset + done, length - done);
            }
            if (lineStarts) {
                lineStarts = false;
                ahead = time().getBytes(StandardCharsets.US_ASCII);
                continue;
            }
            int end = done;
            while (end < length && data[offset + end++] != '\n') {}
            int written = base.write(data, offset + done, end - done);
            done += written;
            if (done < end) {
                return done;
            }
            lineStarts = data[offset + end - 1] == '\n';
        }
        return done;
    }

    private String time() {
        long now = clock.getAsLong();
        if (firstLine == -1) {
            firstLine = now;
        }
        long ms = (now - firstLine) / MILLISECOND;
        return "[%02d:%02d:%02d.%03d] ".formatted(ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
    }

    @Override
    public void event(ChardevEvent event) {
        switch (event) {
            case OPENED -> ports.forEach(port -> port.input.then(() -> port.connected(true)));
            case CLOSED -> ports.forEach(port -> port.input.then(() -> port.connected(false)));
            default -> {
                Port to = focus;
                if (to != null) {
                    to.input.then(() -> to.tell(event));
                }
            }
        }
    }

    @Override
    public void writable() {
        ports.forEach(Port::writable);
    }

    /** One front end's end. */
    private final class Port extends BackEnd {
        final InputBuffer input = new InputBuffer(this, INPUT_BYTES, base::acceptInput);

        private final boolean takesKeys;

        Port(String label, boolean connected, boolean takesKeys) {
            super(label, connected);
            this.takesKeys = takesKeys;
        }

        @Override
        public boolean hasKeys() {
            return focus == this;
        }

        @Override
        public String description() {
            return "mux";
        }

        @Override
        void gotFrontEnd() {
            if (takesKeys || focus == null) {
                focus(this);
            }
        }

        @Override
        int send(byte[] data, int offset, int length) {
            return writeFrom(data, offset, length);
        }

        @Override
        void release() {
            input.end();
            ports.remove(this);
            if (focus == this) {
                focus = null;
                focusNext();
            }
        }
    }
}
