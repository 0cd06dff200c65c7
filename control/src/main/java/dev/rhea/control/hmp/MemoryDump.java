package dev.rhea.control.hmp;

import dev.rhea.machine.Processor;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** The commands {@code x} and {@code xp}. */
final class MemoryDump {
    private static final int LINE = 16;
    private static final int BYTES_IN_A_LINE = 8;
    private static final int LONGEST_INSTRUCTION = 16;
    private static final int PAGE = 4096;

    private final Session session;
    private final Processor processor;
    private final boolean physical;

    private MemoryDump(Session session, Processor processor, boolean physical) {
        this.session = session;
        this.processor = processor;
        this.physical = physical;
    }

    static void run(Session session, Arguments arguments, boolean physical) throws MonitorError {
        Format format = arguments.format(session);
        long address = arguments.number(session);
        arguments.end();
        var dump = new MemoryDump(session, session.processor(), physical);
        session.still(() -> {
            if (format.notation() == 'i') {
                dump.instructions(address, format.count());
            } else {
                dump.values(address, format);
            }
        });
    }

    private void values(long address, Format format) throws MonitorError {
        int perLine = format.size() == 1 && format.notation() != 'c' ? BYTES_IN_A_LINE : LINE / format.size();
        for (int done = 0; done < format.count(); done += perLine) {
            long at = address + (long) done * format.size();
            StringBuilder line = new StringBuilder(String.format("%016x:", at));
            for (int i = 0; i < perLine && done + i < format.count(); i++) {
                byte[] bytes = read(at + (long) i * format.size(), format.size(), at);
                long value = 0;
                for (int b = bytes.length - 1; b >= 0; b--) {
                    value = value << 8 | bytes[b] & 255;
                }
                line.append(' ').append(format.column(value));
            }
            session.line(line.toString());
        }
    }

    private void instructions(long address, int count) throws MonitorError {
        long at = address;
        for (int i = 0; i < count; i++) {
            byte[] code = new byte[LONGEST_INSTRUCTION];
            int known = 0;
            for (; known < code.length; known += 2) {
                try {
                    System.arraycopy(read(at + known, 2, at), 0, code, known, 2);
                } catch (MonitorError e) {
                    if (known == 0) {
                        throw e;
                    }
                    break;
                }
            }
            Processor.Disassembled instruction = processor.disassemble(at, code);
            StringBuilder bits = new StringBuilder();
            for (int b = instruction.length() - 1; b >= 0; b--) {
                bits.append(String.format("%02x", code[b]));
            }
            session.line(String.format("0x%08x:  %-18s%s", at, bits, instruction.text()));
            at += instruction.length();
        }
    }

    /** @param shown the address that a complaint names */
    private byte[] read(long address, int length, long shown) throws MonitorError {
        byte[] bytes = new byte[length];
        AddressSpace memory = session.machine().chassis().memory();
        for (int done = 0; done < length; ) {
            long virtual = address + done;
            int piece = (int) Math.min(length - done, PAGE - (virtual & PAGE - 1));
            long at = physical ? virtual : processor.physical(virtual);
            try {
                if (at == -1) {
                    throw new BusError(virtual);
                }
                memory.read(at, bytes, done, piece);
            } catch (BusError e) {
                throw new MonitorError(String.format("%016x: Cannot access memory", shown));
            }
            done += piece;
        }
        return bytes;
    }
}
