package dev.rhea.control.hmp;

import dev.rhea.board.boot.BootMemory;
import dev.rhea.machine.Processor;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.irq.InterruptCounts;
import dev.rhea.machine.memory.RamBlock;
import java.util.List;
import java.util.Map;

/** What {@code info} shows. */
final class InfoCommands {
    private InfoCommands() {}

    static final List<Command> ALL = List.of(
            Command.of("cpus", "", "show infos for each CPU", InfoCommands::cpus),
            Command.of("irq", "", "show the interrupts statistics (if available)", InfoCommands::irq),
            Command.of("mtree", "[-f]", "show memory tree (-f: as flat ranges)", InfoCommands::mtree),
            Command.of("name", "", "show the current VM name", (s, a) -> {}),
            Command.of("qtree", "", "show device tree", (s, a) -> DeviceTree.print(s)),
            Command.of("ramblock", "", "Display system ramblock information", InfoCommands::ramblock),
            Command.of("registers", "[-a|vcpu]", "show the cpu registers (-a: all CPUs)", InfoCommands::registers),
            Command.of("roms", "", "show roms", InfoCommands::roms),
            Command.of(
                    "status",
                    "",
                    "show the current VM status (running|paused)",
                    (s, a) -> s.line("VM status: " + s.machine().state().status())),
            Command.of("version", "", "show the version of Rhea", (s, a) -> s.line(Monitor.VERSION)));

    private static void cpus(Session session, String arguments) {
        for (Processor processor : session.machine().chassis().processors()) {
            session.line((processor.index() == session.chosen() ? "* " : "  ") + "CPU #" + processor.index());
        }
    }

    private static void irq(Session session, String arguments) {
        boolean any = false;
        for (Map.Entry<String, Device> entry :
                session.machine().chassis().devices().entrySet()) {
            if (entry.getValue() instanceof InterruptCounts counter) {
                any = true;
                session.line("IRQ statistics for " + entry.getValue().type() + ":");
                long[] counts = counter.interruptCounts();
                for (int i = 0; i < counts.length; i++) {
                    if (counts[i] != 0) {
                        session.line(String.format("%2d: %d", i, counts[i]));
                    }
                }
            }
        }
        if (!any) {
            session.line("IRQ statistics not available on this machine");
        }
    }

    private static void mtree(Session session, String arguments) {
        if (arguments.contains("-f")) {
            session.line("FlatView #0");
            session.line(" AS \"memory\", root: system");
            session.machine().chassis().memory().describe().forEach(session::line);
        } else {
            RegionTree.print(session);
        }
    }

    private static void ramblock(Session session, String arguments) {
        session.line("              Block Name    PSize              Offset               Used              Total");
        long offset = 0;
        for (RamBlock block : session.machine().chassis().ramBlocks()) {
            session.line(String.format(
                    "%24s %7d KiB  0x%016x 0x%016x 0x%016x", block.name(), 4, offset, block.size(), block.size()));
            offset += block.size();
        }
    }

    private static void registers(Session session, String arguments) throws MonitorError {
        if (arguments.equals("-a")) {
            session.still(() -> {
                for (Processor processor : session.machine().chassis().processors()) {
                    session.line("\nCPU#" + processor.index());
                    session.print(processor.registers());
                }
            });
            return;
        }
        if (!arguments.isEmpty()) {
            int index = (int) Numbers.parse(session, arguments);
            List<Processor> all = session.machine().chassis().processors();
            if (index < 0 || index >= all.size()) {
                throw new MonitorError("CPU#" + index + " not available");
            }
            session.still(() -> {
                session.line("\nCPU#" + index);
                session.print(all.get(index).registers());
            });
            return;
        }
        Processor processor = session.processor();
        session.still(() -> {
            session.line("\nCPU#" + processor.index());
            session.print(processor.registers());
        });
    }

    private static void roms(Session session, String arguments) {
        for (BootMemory.Blob blob : session.machine().bootBlobs()) {
            session.line(String.format(
                    "addr=%016x size=0x%06x mem=ram name=\"%s\"", blob.address(), blob.bytes().length, blob.name()));
        }
    }
}
