package dev.rhea.junit;

import dev.rhea.board.Machine;
import dev.rhea.machine.Processor;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** What a reader of a failed test wants to know of its guest. */
final class GuestReport {
    private static final int CONSOLE_LINES = 40;

    /** As many bytes a disassembler wants to see. */
    private static final int CODE = 16;

    private GuestReport() {}

    /** The console's last lines, each processor's registers, the next instruction and where it was before. */
    static String of(Machine machine) {
        var text = new StringBuilder();
        text.append(machine.spec().architecture())
                .append(' ')
                .append(machine.spec().machine())
                .append(", ")
                .append(machine.state().text())
                .append('\n');
        if (machine.hasConsole()) {
            text.append("---- console\n")
                    .append(machine.console().tail(CONSOLE_LINES))
                    .append('\n');
        }
        AddressSpace memory = machine.chassis().memory();
        machine.chassis().standStill(() -> {
            for (Processor processor : machine.chassis().processors()) {
                text.append("---- processor ").append(processor.index()).append('\n');
                text.append(processor.registers());
                text.append("last places, the latest last:\n");
                for (long pc : processor.trail()) {
                    instruction(text, processor, memory, pc);
                }
                text.append("next instruction:\n");
                instruction(text, processor, memory, processor.pc());
            }
        });
        return text.toString();
    }

    private static void instruction(StringBuilder text, Processor processor, AddressSpace memory, long pc) {
        byte[] code = new byte[CODE];
        int read = 0;
        try {
            for (; read < CODE; read++) {
                long physical = processor.physical(pc + read);
                // Only what is memory: reading a device could change it.
                if (physical == -1 || memory.host(physical, 1) == 0) {
                    break;
                }
                code[read] = (byte) memory.read(physical, 1);
            }
        } catch (BusError e) {
            // What was read so far has to do.
        }
        String what =
                read == 0 ? "(no memory)" : processor.disassemble(pc, code).text();
        text.append(String.format("  0x%x: %s%n", pc, what));
    }
}
