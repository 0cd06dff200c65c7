package dev.rhea.chardev;

import dev.rhea.host.Descriptor;
import dev.rhea.host.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * The process's standard input and output. If input is a terminal it gives each key as it is pressed, until {@link #close}
 * puts its modes back: whoever ends the process sees to that, on signals too.
 */
public final class StdioChardev extends DescriptorChardev {
    private final int terminal;
    private final Terminal.@Nullable Modes before;

    private StdioChardev(
            String label, Descriptor input, Descriptor output, int terminal, Terminal.@Nullable Modes before) {
        super(label, "stdio", input, output);
        this.terminal = terminal;
        this.before = before;
    }

    /**
     * @param signals whether the terminal's keys for interrupt, quit and suspend act on this process; if not the guest gets
     *     them
     */
    public static StdioChardev open(String label, boolean signals) {
        Descriptor output = Terminal.is(1) ? Descriptor.reopened(1) : Descriptor.borrowed(1);
        return open(label, signals, Descriptor.borrowed(0), output);
    }

    /** The same over others than the process's own, which are closed with it. */
    static StdioChardev open(String label, boolean signals, Descriptor input, Descriptor output) {
        int terminal = input.number();
        Terminal.Modes before = null;
        if (Terminal.is(terminal)) {
            before = Terminal.modes(terminal);
            Terminal.set(terminal, before.keyByKey(signals));
        }
        return new StdioChardev(label, input, output, terminal, before);
    }

    @Override
    void release() {
        if (before != null) {
            Terminal.set(terminal, before);
        }
        super.release();
    }
}
