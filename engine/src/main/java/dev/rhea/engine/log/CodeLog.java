package dev.rhea.engine.log;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.cpu.CodeListener;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Printer;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;

/** {@code -d in_asm} and {@code -d op}: what was just decoded, in assembly and in the engine's operations. */
public final class CodeLog implements CodeListener {
    private static final int WINDOW = 16;

    private final Log log;

    public CodeLog(Log log) {
        this.log = log;
    }

    @Override
    public void decoded(Cpu cpu, long pc, int bytes) {
        if (!log.has(LogItem.IN_ASM) && !log.has(LogItem.OP) || !log.covers(pc)) {
            return;
        }
        StringBuilder assembly = new StringBuilder("----------------\nIN: \n");
        StringBuilder operations = new StringBuilder("OP:\n");
        Isa isa = cpu.isa;
        Builder builder = isa.newBuilder();
        for (long at = pc; at - pc < bytes; ) {
            byte[] code = new byte[WINDOW];
            int available = read(cpu, at, code, isa.granule());
            long lo = word(code, 0);
            long hi = word(code, 8);
            builder.begin();
            int length = available == 0 ? 0 : isa.translate(lo, hi, available, cpu.mode, builder);
            if (length == 0) {
                break;
            }
            line(assembly, at, code, length, isa.disassemble(lo, hi, available, cpu.mode, at));
            Log.hex16(operations.append("\n ---- "), at).append('\n');
            Printer.print(builder.nodes())
                    .lines()
                    .forEach(op -> operations.append(' ').append(op).append('\n'));
            at += length;
        }
        if (log.has(LogItem.IN_ASM)) {
            log.write(assembly.append('\n'));
        }
        if (log.has(LogItem.OP)) {
            log.write(operations.append('\n'));
        }
    }

    /** As many bytes as can be read, up to the window. */
    private static int read(Cpu cpu, long at, byte[] to, int granule) {
        return cpu.mmu instanceof GuestMemory memory ? read(memory, at, to, granule) : readFetched(cpu, at, to);
    }

    /** Of a memory map without such a view: as the processor fetches, to the end of the page. */
    private static int readFetched(Cpu cpu, long at, byte[] to) {
        int trap = cpu.trap;
        long value = cpu.trapValue;
        try {
            long host = cpu.mmu.translate(cpu, at, Access.FETCH);
            if (host == Mmu.DEVICE) {
                return 0;
            }
            int bytes = (int) Math.min(to.length, Mmu.PAGE_SIZE - (at & Mmu.PAGE_SIZE - 1));
            for (int i = 0; i < bytes; i++) {
                to[i] = RawMemory.getByte(host + i);
            }
            return bytes;
        } catch (GuestFault e) {
            // Looking is no access of the guest's.
            cpu.trap = trap;
            cpu.trapValue = value;
            return 0;
        }
    }

    private static int read(GuestMemory memory, long at, byte[] to, int granule) {
        int got = 0;
        try {
            while (got < WINDOW) {
                memory.read(at + got, to, got, granule);
                got += granule;
            }
        } catch (GuestMemory.BadAddress | GuestFault e) {
            return got;
        }
        return got;
    }

    private static long word(byte[] code, int from) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | code[from + i] & 255;
        }
        return value;
    }

    private static void line(StringBuilder s, long at, byte[] code, int length, String text) {
        String address = Long.toHexString(at);
        s.append("0x")
                .append("0".repeat(Math.max(0, 8 - address.length())))
                .append(address)
                .append(":  ");
        StringBuilder bits = new StringBuilder();
        // As the manuals write instructions: the most significant byte first, in the order they are fetched.
        for (int i = length - 1; i >= 0; i--) {
            bits.append(Character.forDigit(code[i] >> 4 & 15, 16)).append(Character.forDigit(code[i] & 15, 16));
        }
        s.append(bits).append(" ".repeat(Math.max(1, 18 - bits.length())));
        int space = text.indexOf(' ');
        if (space < 0) {
            s.append(text);
        } else {
            s.append(text, 0, space)
                    .append(" ".repeat(Math.max(1, 16 - space)))
                    .append(text.substring(space).strip());
        }
        s.append('\n');
    }
}
