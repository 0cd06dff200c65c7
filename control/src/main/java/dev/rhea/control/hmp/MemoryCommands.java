package dev.rhea.control.hmp;

import dev.rhea.machine.Processor;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.RamBlock;
import java.util.List;

/** Commands that look at memory, at addresses and at I/O ports. */
final class MemoryCommands {
    private static final long PAGE = 4096;

    private MemoryCommands() {}

    static final List<Command> ALL = List.of(
            new Command(
                    "x", "/fmt addr", "virtual memory dump starting at 'addr'", (s, a) -> MemoryDump.run(s, a, false)),
            new Command(
                    "xp", "/fmt addr", "physical memory dump starting at 'addr'", (s, a) -> MemoryDump.run(s, a, true)),
            new Command(
                    "print|p",
                    "/fmt expr",
                    "print expression value (use $reg for CPU register access)",
                    MemoryCommands::print),
            new Command("i", "/fmt addr", "I/O port read", MemoryCommands::portRead),
            new Command("o", "/fmt addr value", "I/O port write", MemoryCommands::portWrite),
            new Command("sum", "addr size", "compute the checksum of a memory region", MemoryCommands::sum),
            new Command(
                    "gva2gpa",
                    "addr",
                    "print the guest physical address corresponding to a guest virtual address",
                    MemoryCommands::physical),
            new Command(
                    "gpa2hva",
                    "addr",
                    "print the host virtual address corresponding to a guest physical address",
                    MemoryCommands::host));

    private static void print(Session session, Arguments arguments) throws MonitorError {
        Format format = arguments.format(session);
        long value = arguments.number(session);
        arguments.end();
        session.line(format.single(value));
    }

    /** No architecture here has I/O ports: nobody answers. */
    private static void portRead(Session session, Arguments arguments) throws MonitorError {
        Format format = arguments.format(session);
        long port = arguments.number(session);
        arguments.end();
        int size = format.size();
        int read = size == 2 || size == 4 ? size : 1;
        session.line(String.format(
                "port%c[0x%04x] = 0x%0" + 2 * size + "x",
                read == 4 ? 'l' : read == 2 ? 'w' : 'b',
                port & 0xffff,
                (1L << 8 * read) - 1));
    }

    private static void portWrite(Session session, Arguments arguments) throws MonitorError {
        arguments.format(session);
        arguments.number(session);
        arguments.number(session);
        arguments.end();
    }

    /** The sum that BSD's {@code sum} makes: 16 bits, turned right by one before each byte. */
    private static void sum(Session session, Arguments arguments) throws MonitorError {
        long start = arguments.number(session);
        long size = arguments.number(session) & 0xffffffffL;
        arguments.end();
        AddressSpace memory = session.machine().chassis().memory();
        int sum = 0;
        byte[] piece = new byte[4096];
        for (long done = 0; done < size; ) {
            int length = (int) Math.min(piece.length, size - done);
            try {
                memory.read(start + done, piece, 0, length);
            } catch (BusError e) {
                throw new MonitorError("Cannot access memory at address 0x" + Long.toHexString(start + done));
            }
            for (int i = 0; i < length; i++) {
                sum = (sum >>> 1 | sum << 15) + (piece[i] & 255) & 0xffff;
            }
            done += length;
        }
        session.line(String.format("%05d", sum));
    }

    private static void physical(Session session, Arguments arguments) throws MonitorError {
        long address = arguments.number(session);
        arguments.end();
        Processor processor = session.processor();
        session.still(() -> {
            long page = processor.physical(address & ~(PAGE - 1));
            session.line(page == -1 ? "Unmapped" : "gpa: 0x" + Long.toHexString(page | address & PAGE - 1));
        });
    }

    private static void host(Session session, Arguments arguments) throws MonitorError {
        long address = arguments.number(session);
        arguments.end();
        AddressSpace memory = session.machine().chassis().memory();
        String shown = "0x" + Long.toHexString(address);
        if (!memory.isMapped(address)) {
            throw new MonitorError("No memory is mapped at address " + shown);
        }
        long host = memory.host(address, 1);
        for (RamBlock block : session.machine().chassis().ramBlocks()) {
            if (host != 0 && host - block.address() >= 0 && host - block.address() < block.size()) {
                session.line(
                        "Host virtual address for " + shown + " (" + block.name() + ") is 0x" + Long.toHexString(host));
                return;
            }
        }
        throw new MonitorError("Memory at address " + shown + " is not RAM");
    }
}
