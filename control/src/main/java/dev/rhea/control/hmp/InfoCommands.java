package dev.rhea.control.hmp;

import dev.rhea.board.boot.BootMemory;
import dev.rhea.machine.Processor;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.irq.InterruptCounts;
import dev.rhea.machine.memory.RamBlock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** What {@code info} shows. */
final class InfoCommands {
    private static final UUID NO_UUID = new UUID(0, 0);

    private InfoCommands() {}

    /** All, by name. */
    static final List<Command> ALL = Stream.concat(
                    BackendInfo.ALL.stream(),
                    Stream.of(
                            Command.of("cpus", "show infos for each CPU", InfoCommands::cpus),
                            Command.of("irq", "show the interrupts statistics (if available)", InfoCommands::irq),
                            Command.of("mem", "show the active virtual memory mappings", InfoCommands::mappings),
                            new Command("mtree", "[-f]", "show memory tree (-f: as flat ranges)", InfoCommands::mtree),
                            Command.of("name", "show the current VM name", InfoCommands::name),
                            Command.of("pci", "show PCI info", InfoCommands::pci),
                            new Command(
                                    "qtree",
                                    "[-b]",
                                    "show device tree (-b: brief, omit properties)",
                                    DeviceTree::print),
                            Command.of("ramblock", "Display system ramblock information", InfoCommands::ramblock),
                            new Command(
                                    "registers",
                                    "[-a|vcpu]",
                                    "show the cpu registers (-a: show register info for all cpus; vcpu: specific vCPU"
                                            + " to query; show the current CPU's registers if no argument is"
                                            + " specified)",
                                    InfoCommands::registers),
                            Command.of("roms", "show roms", InfoCommands::roms),
                            Command.of(
                                    "status",
                                    "show the current VM status (running|paused)",
                                    s -> s.line(
                                            "VM status: " + s.machine().state().status())),
                            Command.of("uuid", "show the current VM UUID", InfoCommands::uuid),
                            Command.of("version", "show the version of QEMU", s -> s.line(Monitor.VERSION))))
            .sorted(Comparator.comparing(Command::label))
            .toList();

    private static void cpus(Session session) {
        for (Processor processor : session.machine().chassis().processors()) {
            long thread = processor.threadId();
            session.line((processor.index() == session.chosen() ? "* " : "  ") + "CPU #" + processor.index()
                    + (thread < 0 ? "" : ": thread_id=" + thread));
        }
    }

    private static void name(Session session) {
        String name = session.machine().spec().identity().name();
        if (name != null) {
            session.line(name);
        }
    }

    private static void uuid(Session session) {
        UUID uuid = session.machine().spec().identity().uuid();
        session.line((uuid == null ? NO_UUID : uuid).toString());
    }

    private static void mappings(Session session) throws MonitorError {
        Processor processor = session.processor();
        session.still(() -> session.print(processor.mappings()));
    }

    private static void pci(Session session) {
        session.machine().chassis().lock().lock();
        try {
            session.machine().buses().stream()
                    .flatMap(bus -> bus.information().stream())
                    .forEach(session::line);
        } finally {
            session.machine().chassis().lock().unlock();
        }
    }

    private static void irq(Session session) {
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

    private static void mtree(Session session, Arguments arguments) throws MonitorError {
        boolean flat = arguments.flags("f").contains("f");
        arguments.end();
        if (flat) {
            session.line("FlatView #0");
            session.line(" AS \"memory\", root: system");
            session.machine().chassis().memory().describe().forEach(session::line);
        } else {
            RegionTree.print(session);
        }
    }

    private static void ramblock(Session session) {
        session.line("              Block Name    PSize              Offset               Used              Total");
        long offset = 0;
        for (RamBlock block : session.machine().chassis().ramBlocks()) {
            session.line(String.format(
                    "%24s %7d KiB  0x%016x 0x%016x 0x%016x", block.name(), 4, offset, block.size(), block.size()));
            offset += block.size();
        }
    }

    private static void registers(Session session, Arguments arguments) throws MonitorError {
        boolean every = arguments.flags("a").contains("a");
        List<Processor> all = session.machine().chassis().processors();
        List<Processor> wanted = every ? all : List.of(session.processor());
        if (!every && !arguments.isEmpty()) {
            long index = arguments.number(session);
            if (index < 0 || index >= all.size()) {
                throw new MonitorError("CPU#" + index + " not available");
            }
            wanted = List.of(all.get((int) index));
        }
        arguments.end();
        List<Processor> shown = wanted;
        session.still(() -> {
            for (Processor processor : shown) {
                session.line("\nCPU#" + processor.index());
                session.print(processor.registers());
            }
        });
    }

    private static void roms(Session session) {
        for (BootMemory.Blob blob : session.machine().bootBlobs()) {
            session.line(String.format(
                    "addr=%016x size=0x%06x mem=ram name=\"%s\"", blob.address(), blob.bytes().length, blob.name()));
        }
    }
}
