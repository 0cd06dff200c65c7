package dev.rhea.arch.riscv;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.mmu.Access;
import dev.rhea.host.RawMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Machine code with known registers around it, run by our engine the way {@code lockstep.c} runs it on the reference.
 *
 * <p>A case is a state page and code. The code loads all registers from the state page, runs the instructions under test and
 * stores the registers again; faults skip an instruction and are mixed into a hash. x29 and x30 point into a buffer between
 * guard pages, x31 to the state page; the instructions under test leave these three alone.
 */
final class Lockstep implements AutoCloseable {
    static final long STATE = 0x1000_0000L;
    static final long CODE = 0x2000_0000L;
    static final long BUFFER = 0x30_0000_0000L;
    static final int BUFFER_SIZE = 0x2_0000;
    private static final int PAGE = 4096;

    /** Offsets from the middle of the state page. */
    static final int IN = -2048;

    static final int OUT = -960;
    static final int SAVE = 256;
    /** Within IN and OUT. */
    static final int F = 256;

    static final int V = 512;
    static final int VTYPE = 1024;
    static final int VL = 1032;
    static final int FCSR = 1040;
    static final int VCSR = 1048;
    static final int VSTART = 1056;
    static final int LENGTH = 1064;

    private final long memory = RawMemory.allocate(PAGE + 0x10000 + BUFFER_SIZE + 2L * PAGE);
    private final long state = memory + PAGE - 1 & -PAGE;
    private final long code = state + PAGE;
    private final long buffer = code + 0x10000;
    private final Engine engine;
    private final RiscvCpu cpu;
    private long faults;
    private long last;

    Lockstep(Riscv isa, Engine.Tiers tiers) {
        engine = new Engine(isa, tiers);
        cpu = (RiscvCpu) isa.newCpu(this::translate);
        engine.attach(cpu);
    }

    private long translate(Cpu who, long address, Access access) {
        if (address >= STATE && address < STATE + PAGE) {
            return state + address - STATE;
        }
        if (address >= CODE && address < CODE + 0x10000) {
            return code + address - CODE;
        }
        if (address >= BUFFER && address < BUFFER + BUFFER_SIZE) {
            return buffer + address - BUFFER;
        }
        throw who.fault(SEGMENTATION_FAULT, address);
    }

    private static final int SEGMENTATION_FAULT = 1000;
    private static final int SIGILL = 4;
    private static final int SIGSEGV = 11;

    private void mix(long v) {
        faults = (faults ^ v) * 0x9e3779b97f4a7c15L;
        faults ^= faults >>> 29;
    }

    /** Runs a case; the answer is the state page, a hash of all faults, one of the buffer, and the last fault's address. */
    byte[] run(byte[] page, byte[] instructions) {
        RawMemory.copyIn(page, 0, state, page.length);
        engine.dropCode(code, 0x10000);
        RawMemory.copyIn(instructions, 0, code, instructions.length);
        cpu.flushTranslations();
        faults = 0;
        last = 0;
        cpu.r[10] = STATE + 0x800;
        cpu.r[1] = CODE + 0xfff0;
        RawMemory.putInt(code + 0xfff0, 0x00000073);
        cpu.pc = CODE;
        while (true) {
            Exit exit = engine.run(cpu);
            if (exit == Exit.POLL) {
                continue;
            }
            if (cpu.trap == Traps.ECALL_U) {
                break;
            }
            boolean illegal = cpu.trap == Traps.ILLEGAL_INSTRUCTION;
            if (Boolean.getBoolean("rhea.trace")) {
                System.out.printf("%x: trap %d value %x%n", cpu.pc, cpu.trap, cpu.trapValue);
            }
            mix(illegal ? SIGILL : SIGSEGV);
            mix(cpu.pc);
            if (!illegal) {
                last = cpu.trapValue >>> 47 != 0 ? 0 : cpu.trapValue & -16;
                mix(last);
            }
            cpu.pc += 4;
        }
        long hash = 0;
        for (int i = 0; i < BUFFER_SIZE; i += 8) {
            hash = (hash ^ RawMemory.getLong(buffer + i)) * 0x100000001b3L;
            hash ^= hash >>> 31;
        }
        var answer = new byte[PAGE + 24];
        RawMemory.copyOut(state, answer, 0, PAGE);
        ByteBuffer.wrap(answer)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(PAGE, faults)
                .putLong(PAGE + 8, hash)
                .putLong(PAGE + 16, last);
        return answer;
    }

    @Override
    public void close() {
        engine.detach(cpu);
        engine.close();
        RawMemory.free(memory);
    }

    // ---- the code around the instructions under test

    private static int load(int rd, int base, int offset) {
        return offset << 20 | base << 15 | 3 << 12 | rd << 7 | 0x03;
    }

    private static int store(int rs, int base, int offset) {
        return offset >> 5 << 25 | rs << 20 | base << 15 | 3 << 12 | (offset & 31) << 7 | 0x23;
    }

    private static int addi(int rd, int rs, int imm) {
        return imm << 20 | rs << 15 | rd << 7 | 0x13;
    }

    private static int csrw(int csr, int rs) {
        return csr << 20 | rs << 15 | 1 << 12 | 0x73;
    }

    private static int csrr(int rd, int csr) {
        return csr << 20 | 2 << 12 | rd << 7 | 0x73;
    }

    /** The whole code of a case. */
    static byte[] code(int[] instructions, boolean vector) {
        var b = ByteBuffer.allocate(4 * (instructions.length + 300)).order(ByteOrder.LITTLE_ENDIAN);
        for (int x = 1; x < 32; x++) {
            b.putInt(store(x, 10, SAVE + 8 * x));
        }
        b.putInt(addi(31, 10, 0));
        if (vector) {
            b.putInt(load(5, 31, IN + VL)).putInt(load(6, 31, IN + VTYPE));
            b.putInt(0x80000057 | 6 << 20 | 5 << 15 | 7 << 12); // vsetvl x0, x5, x6
            b.putInt(addi(30, 31, IN + V));
            for (int v = 0; v < 32; v += 8) {
                b.putInt(0xe2800007 | 30 << 15 | v << 7); // vl8re8.v
                b.putInt(addi(30, 30, 128));
            }
            b.putInt(load(5, 31, IN + VCSR)).putInt(csrw(0x00f, 5));
        }
        b.putInt(load(5, 31, IN + FCSR)).putInt(csrw(0x003, 5));
        for (int f = 0; f < 32; f++) {
            b.putInt(load(f, 31, IN + F + 8 * f) | 0x04); // fld
        }
        for (int x = 1; x < 31; x++) {
            b.putInt(load(x, 31, IN + 8 * x));
        }
        for (int instruction : instructions) {
            b.putInt(instruction);
        }
        for (int x = 1; x < 31; x++) {
            b.putInt(store(x, 31, OUT + 8 * x));
        }
        if (vector) {
            int[] csrs = {0x008, VSTART, 0xc20, VL, 0xc21, VTYPE, 0x00f, VCSR};
            for (int i = 0; i < csrs.length; i += 2) {
                b.putInt(csrr(5, csrs[i])).putInt(store(5, 31, OUT + csrs[i + 1]));
            }
            b.putInt(csrw(0x008, 0)).putInt(addi(30, 31, OUT + V));
            for (int v = 0; v < 32; v += 8) {
                b.putInt(0xe2800027 | 30 << 15 | v << 7); // vs8r.v
                b.putInt(addi(30, 30, 128));
            }
        }
        b.putInt(csrr(5, 0x003)).putInt(store(5, 31, OUT + FCSR));
        for (int f = 0; f < 32; f++) {
            b.putInt(store(f, 31, OUT + F + 8 * f) | 0x04); // fsd
        }
        for (int x = 1; x < 32; x++) {
            b.putInt(load(x, 31, SAVE + 8 * x));
        }
        b.putInt(0x00008067);
        return java.util.Arrays.copyOf(b.array(), b.position());
    }

    /** Where the instructions under test begin in the code of a case. */
    static int first(boolean vector) {
        return 31 + 1 + (vector ? 4 + 8 + 2 : 0) + 2 + 32 + 30;
    }
}
