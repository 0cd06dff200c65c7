package dev.rhea.chardev;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The character devices of one machine, by their labels. */
public final class Chardevs implements AutoCloseable {
    /** A label, and where its bytes go. */
    public record Description(String label, String text, boolean frontEndOpen) {}

    private final Multiplexer.Orders orders;
    private final int escape;
    private final Consumer<String> messages;

    /** Guarded by this, like all below. */
    private final Map<String, Chardev> backEnds = new LinkedHashMap<>();

    private final Map<String, Multiplexer> multiplexers = new LinkedHashMap<>();

    /** What {@link #claim} gave out and nobody may have a second time. */
    private final Map<String, Chardev> claimed = new LinkedHashMap<>();

    private final List<Chardev> ports = new ArrayList<>();

    /** Labels of what is being made. */
    private final Set<String> reserved = new HashSet<>();

    /** Standard input and output are being opened. */
    private boolean stdioInUse;

    private boolean closed;

    /** See {@link #holdInput}. */
    private boolean held;

    /**
     * @param orders what the multiplexers' orders do
     * @param escape the byte that introduces an order ({@code -echr}), usually {@link Multiplexer#DEFAULT_ESCAPE}
     * @param messages is told, a line at a time, what the user should know while back ends are made and used
     */
    public Chardevs(Multiplexer.Orders orders, int escape, Consumer<String> messages) {
        this.orders = orders;
        this.escape = escape;
        this.messages = messages;
    }

    /**
     * Makes what a {@code -chardev} option asks for.
     *
     * @throws ChardevException if it cannot be, or the label is in use
     */
    public void create(ChardevOptions options) throws ChardevException {
        if (options.backEnd().equals("mux")) {
            multiplexExisting(options);
            return;
        }
        boolean multiplexed = options.multiplexed();
        String own = multiplexed ? options.label() + "-base" : options.label();
        reserve(options, own);
        // Not under the lock: it may wait for somebody to connect, and the process must be able to end meanwhile.
        Chardev made = null;
        try {
            made = options.open(own, messages);
        } finally {
            keep(options, own, made);
        }
        synchronized (this) {
            if (closed) {
                made.close();
            } else if (multiplexed) {
                claimed.put(own, made);
                multiplex(options.label(), made);
            }
        }
    }

    private synchronized void reserve(ChardevOptions options, String own) throws ChardevException {
        checkFree(options.label());
        checkFree(own);
        if (options.backEnd().equals("stdio")) {
            if (stdioInUse || backEnds.values().stream().anyMatch(StdioChardev.class::isInstance)) {
                throw new ChardevException("cannot use stdio by multiple character devices");
            }
            stdioInUse = true;
        }
        reserved.add(options.label());
        reserved.add(own);
    }

    private synchronized void keep(ChardevOptions options, String own, @Nullable Chardev made) {
        reserved.remove(options.label());
        reserved.remove(own);
        stdioInUse &= !options.backEnd().equals("stdio");
        if (made != null) {
            backEnds.put(own, made);
        }
    }

    private synchronized void multiplexExisting(ChardevOptions options) throws ChardevException {
        checkFree(options.label());
        String base = options.base();
        Chardev on = backEnds.get(base);
        if (on == null) {
            throw new ChardevException("mux: base chardev " + base + " not found");
        }
        if (claimed.putIfAbsent(base, on) != null || on.attached()) {
            throw new ChardevException("Device '" + base + "' is in use");
        }
        multiplex(options.label(), on);
    }

    private void multiplex(String label, Chardev base) {
        Multiplexer made = new Multiplexer(label, base, escape, orders, System::nanoTime);
        made.hold(held);
        multiplexers.put(label, made);
    }

    /**
     * Input of multiplexers waits, those of later ones too, until {@link #releaseInput}. While a machine is being made its front ends
     * come one by one, and what is typed belongs to the last.
     */
    public synchronized void holdInput() {
        held = true;
        multiplexers.values().forEach(each -> each.hold(true));
    }

    /** All front ends are there. */
    public synchronized void releaseInput() {
        held = false;
        multiplexers.values().forEach(each -> each.hold(false));
    }

    /**
     * Adds a back end that was made elsewhere, for example a {@link QueueChardev}. It is closed with the others.
     *
     * @throws ChardevException if its label is in use
     */
    public synchronized void add(Chardev made) throws ChardevException {
        checkFree(made.label());
        backEnds.put(made.label(), made);
    }

    private synchronized void checkFree(String label) throws ChardevException {
        if (contains(label) || reserved.contains(label)) {
            throw new ChardevException("Duplicate ID '" + label + "' for chardev");
        }
    }

    /** Whether there is one of that label. */
    public synchronized boolean contains(String label) {
        return backEnds.containsKey(label) || multiplexers.containsKey(label);
    }

    /**
     * The back end for one front end, which attaches to it: of a multiplexer one more, of others the only one.
     *
     * @throws ChardevException if there is none, or another front end has it
     */
    public Chardev claim(String label) throws ChardevException {
        return claim(label, true);
    }

    /** The same; on a multiplexer it has the input only when the user switches to it. */
    public Chardev claimBehind(String label) throws ChardevException {
        return claim(label, false);
    }

    private synchronized Chardev claim(String label, boolean takesKeys) throws ChardevException {
        Multiplexer multiplexer = multiplexers.get(label);
        if (multiplexer != null) {
            Chardev port = multiplexer.port(takesKeys);
            ports.add(port);
            return port;
        }
        Chardev found = backEnds.get(label);
        if (found == null) {
            throw new ChardevException("chardev \"" + label + "\" not found");
        }
        if (claimed.putIfAbsent(label, found) != null) {
            throw new ChardevException("Device '" + label + "' is in use");
        }
        return found;
    }

    /** Takes back what {@link #claim} gave: its front end is gone. A multiplexer's end is closed by it. */
    public synchronized void release(Chardev given) {
        given.detach();
        if (ports.remove(given)) {
            given.close();
        } else {
            claimed.remove(given.label(), given);
        }
    }

    /** The buffer of that label, or null if there is none or it is of another kind. */
    public synchronized @Nullable RingBufferChardev ringBuffer(String label) {
        return backEnds.get(label) instanceof RingBufferChardev ring ? ring : null;
    }

    /**
     * Closes and forgets one.
     *
     * @throws ChardevException if there is none, or a front end has it
     */
    public synchronized void remove(String label) throws ChardevException {
        if (multiplexers.containsKey(label) || claimed.containsKey(label)) {
            throw new ChardevException("Chardev '" + label + "' is busy");
        }
        Chardev found = backEnds.remove(label);
        if (found == null) {
            throw new ChardevException("Chardev '" + label + "' not found");
        }
        found.close();
    }

    /** All of them, in the order in which they were made, multiplexers after others. */
    public synchronized List<Description> list() {
        List<Description> list = new ArrayList<>();
        for (Chardev each : backEnds.values()) {
            list.add(new Description(each.label(), each.description(), each.attached()));
        }
        for (String label : multiplexers.keySet()) {
            boolean open = ports.stream().anyMatch(port -> port.label().equals(label) && port.attached());
            list.add(new Description(label, "mux", open));
        }
        return list;
    }

    /** Closes all, which puts a terminal's modes back. To be called on every way out of the process. */
    @Override
    public synchronized void close() {
        closed = true;
        ports.forEach(Chardev::close);
        backEnds.values().forEach(Chardev::close);
    }
}
