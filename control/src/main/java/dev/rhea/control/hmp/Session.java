package dev.rhea.control.hmp;

import dev.rhea.board.Machine;
import dev.rhea.machine.Processor;
import java.util.List;

/** One user at a monitor: the machine, where to print, and what the user chose. */
public final class Session {
    private final Machine machine;
    private final StringBuilder output = new StringBuilder();
    private int cpu;
    private Format format = Format.INITIAL;
    private boolean ended;

    Session(Machine machine) {
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    /** Prints a line. */
    void line(String text) {
        output.append(text).append('\n');
    }

    void print(String text) {
        output.append(text);
    }

    String takeOutput() {
        String text = output.toString();
        output.setLength(0);
        return text;
    }

    /** The processor that commands are about. */
    Processor processor() throws MonitorError {
        List<Processor> all = machine.chassis().processors();
        if (cpu >= all.size()) {
            throw new MonitorError("No CPU available");
        }
        return all.get(cpu);
    }

    /** How values were shown the last time. */
    Format format() {
        return format;
    }

    void setFormat(Format last) {
        format = last;
    }

    /** The user wants no more of the machine. */
    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    void choose(long index) throws MonitorError {
        if (index < 0 || index >= machine.chassis().processors().size()) {
            throw new MonitorError("invalid CPU index");
        }
        cpu = (int) index;
    }

    int chosen() {
        return cpu;
    }

    /** Something that needs the processors to stand still. */
    @FunctionalInterface
    interface Still {
        void run() throws MonitorError;
    }

    /** Does something while the processors stand still; they go on if they ran. */
    void still(Still action) throws MonitorError {
        MonitorError[] error = new MonitorError[1];
        machine.chassis().standStill(() -> {
            try {
                action.run();
            } catch (MonitorError e) {
                error[0] = e;
            }
        });
        if (error[0] != null) {
            throw error[0];
        }
    }
}
