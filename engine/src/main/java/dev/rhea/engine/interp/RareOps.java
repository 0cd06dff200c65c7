package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.Fold;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.host.RawMemory;
import java.lang.invoke.VarHandle;

/** Every micro-operation that computes a value: the rare ones for the interpreter's loop, and all of them for sequences. */
final class RareOps {
    private RareOps() {}

    /** @param pc address of the instruction */
    static void execute(Cpu cpu, long[] r, long w, long pc) {
        int op = MicroOp.op(w);
        int d = MicroOp.d(w);
        long x = r[MicroOp.a(w)];
        if (op >= MicroOp.LOAD) {
            memory(cpu, r, w, op, x);
            return;
        }
        if (op >= MicroOp.FIRST_FLOAT) {
            FloatOps.execute(cpu, r, w, op);
            return;
        }
        long y = r[MicroOp.b(w)];
        long imm = MicroOp.imm36(w);
        switch (op) {
            case MicroOp.NOP -> {}
            case MicroOp.LI -> r[d] = MicroOp.imm44(w);
            case MicroOp.MOV -> r[d] = x;
            case MicroOp.PC -> r[d] = cpu.addressMask == -1 ? pc + imm : (int) (pc + imm);
            case MicroOp.ADDI -> r[d] = x + imm;
            case MicroOp.ANDI -> r[d] = x & imm;
            case MicroOp.ORI -> r[d] = x | imm;
            case MicroOp.XORI -> r[d] = x ^ imm;
            case MicroOp.SHLI -> r[d] = x << (int) imm;
            case MicroOp.SHRI -> r[d] = x >>> (int) imm;
            case MicroOp.SARI -> r[d] = x >> (int) imm;
            case MicroOp.ADD, MicroOp.BINARY -> r[d] = x + y;
            case MicroOp.SUB, MicroOp.BINARY + 1 -> r[d] = x - y;
            case MicroOp.MUL, MicroOp.BINARY + 2 -> r[d] = x * y;
            case MicroOp.AND, MicroOp.BINARY + 3 -> r[d] = x & y;
            case MicroOp.OR, MicroOp.BINARY + 4 -> r[d] = x | y;
            case MicroOp.XOR, MicroOp.BINARY + 5 -> r[d] = x ^ y;
            case MicroOp.SHL, MicroOp.BINARY + 6 -> r[d] = x << (int) y;
            case MicroOp.SHR, MicroOp.BINARY + 7 -> r[d] = x >>> (int) y;
            case MicroOp.SAR, MicroOp.BINARY + 8 -> r[d] = x >> (int) y;
            case MicroOp.BINARY + 9 -> r[d] = Long.rotateLeft(x, (int) y);
            case MicroOp.BINARY + 10 -> r[d] = Long.rotateRight(x, (int) y);
            case MicroOp.BINARY + 11 -> r[d] = Math.multiplyHigh(x, y);
            case MicroOp.BINARY + 12 -> r[d] = Math.unsignedMultiplyHigh(x, y);
            case MicroOp.BINARY + 13 -> r[d] = y == 0 ? 0 : x / y;
            case MicroOp.BINARY + 14 -> r[d] = y == 0 ? 0 : Long.divideUnsigned(x, y);
            case MicroOp.BINARY + 15 -> r[d] = y == 0 ? x : x % y;
            case MicroOp.BINARY + 16 -> r[d] = y == 0 ? x : Long.remainderUnsigned(x, y);
            case MicroOp.BINARY + 17 -> r[d] = Math.min(x, y);
            case MicroOp.BINARY + 18 -> r[d] = Math.max(x, y);
            case MicroOp.BINARY + 19 -> r[d] = Long.compareUnsigned(x, y) < 0 ? x : y;
            case MicroOp.BINARY + 20 -> r[d] = Long.compareUnsigned(x, y) > 0 ? x : y;
            case MicroOp.ADDIW -> r[d] = (int) (x + imm);
            case MicroOp.SHLIW -> r[d] = (int) x << (int) imm;
            case MicroOp.SHRIW -> r[d] = (int) x >>> (int) imm;
            case MicroOp.SARIW -> r[d] = (int) x >> (int) imm;
            case MicroOp.ADDW -> r[d] = (int) (x + y);
            case MicroOp.SUBW -> r[d] = (int) (x - y);
            case MicroOp.SHLW -> r[d] = (int) x << (int) y;
            case MicroOp.SHRW -> r[d] = (int) x >>> (int) y;
            case MicroOp.SARW -> r[d] = (int) x >> (int) y;
            case MicroOp.MULW -> r[d] = (int) (x * y);
            case MicroOp.LTS, MicroOp.COMPARE + 2 -> r[d] = x < y ? 1 : 0;
            case MicroOp.LTU, MicroOp.COMPARE + 4 -> r[d] = Long.compareUnsigned(x, y) < 0 ? 1 : 0;
            case MicroOp.LTSI -> r[d] = x < imm ? 1 : 0;
            case MicroOp.LTUI -> r[d] = Long.compareUnsigned(x, imm) < 0 ? 1 : 0;
            case MicroOp.COMPARE -> r[d] = x == y ? 1 : 0;
            case MicroOp.COMPARE + 1 -> r[d] = x != y ? 1 : 0;
            case MicroOp.COMPARE + 3 -> r[d] = x >= y ? 1 : 0;
            case MicroOp.COMPARE + 5 -> r[d] = Long.compareUnsigned(x, y) >= 0 ? 1 : 0;
            case MicroOp.SEXTW -> r[d] = (int) x;
            case MicroOp.ZEXTW -> r[d] = x & 0xffffffffL;
            case MicroOp.SHADD -> r[d] = (x << (int) MicroOp.imm28(w)) + y;
            case MicroOp.SELECT -> r[d] = x != 0 ? y : r[MicroOp.c(w)];
            case MicroOp.ANDN -> r[d] = x & ~y;
            case MicroOp.ORN -> r[d] = x | ~y;
            case MicroOp.XORN -> r[d] = ~(x ^ y);
            case MicroOp.ROTRI -> r[d] = Long.rotateRight(x, (int) imm);
            case MicroOp.ROTRIW -> r[d] = Integer.rotateRight((int) x, (int) imm);
            case MicroOp.LOADX -> r[d] = loadX(cpu, x, w);
            case MicroOp.STOREX -> storeX(cpu, x, r[d], w);
            case MicroOp.RMW, MicroOp.CAS, MicroOp.LOAD_EXCLUSIVE, MicroOp.STORE_EXCLUSIVE ->
                r[d] = AtomicOps.execute(cpu, op, x, y, r[MicroOp.c(w)], (int) MicroOp.imm28(w));
            case MicroOp.FENCE -> VarHandle.fullFence();
            case MicroOp.CALL -> call(cpu, r, w, pc);
            default -> r[d] = rarer(op, x, y);
        }
    }

    private static final Op[] OPS = Op.values();

    /** 32-bit operations that no other case names, and operations with one operand. */
    private static long rarer(int op, long x, long y) {
        if (op >= MicroOp.BINARYW && op < MicroOp.UNARY) {
            return Fold.binary(OPS[Op.ADD.ordinal() + op - MicroOp.BINARYW], Type.I32, x, y);
        }
        if (op >= MicroOp.UNARY && op < MicroOp.UNARYW) {
            return Fold.unary(OPS[Op.NEG.ordinal() + op - MicroOp.UNARY], Type.I64, x);
        }
        if (op >= MicroOp.UNARYW && op < MicroOp.COMPARE) {
            return Fold.unary(OPS[Op.NEG.ordinal() + op - MicroOp.UNARYW], Type.I32, (int) x);
        }
        throw new IllegalStateException("no micro-operation has the number " + op);
    }

    static void call(Cpu cpu, long[] r, long w, long pc) {
        cpu.pc = pc;
        int number = (int) MicroOp.imm28(w) >>> 8;
        long result = cpu.code.helpers().code(number).call(cpu, r[MicroOp.a(w)], r[MicroOp.b(w)], r[MicroOp.c(w)]);
        r[MicroOp.d(w)] = result;
    }

    // ---- memory

    /** A main-loop access in a sequence. */
    private static void memory(Cpu cpu, long[] r, long w, int op, long x) {
        long address = x + MicroOp.displacement(w) & cpu.addressMask;
        int size = 1 << (op & 3);
        if (op >= MicroOp.STORE) {
            store(cpu, address, r[MicroOp.d(w)], size);
        } else {
            long v = load(cpu, address, size);
            r[MicroOp.d(w)] = switch (op & 7) {
                case MicroOp.KIND_S8 -> (byte) v;
                case MicroOp.KIND_S16 -> (short) v;
                case MicroOp.KIND_S32 -> (int) v;
                default -> v;
            };
        }
    }

    private static long load(Cpu cpu, long address, int size) {
        long entry = cpu.tlb.entry(address);
        return RawMemory.getLong(entry + Tlb.READ_TAG) == (address + size - 1 & Mmu.PAGE_MASK)
                ? GuestAccess.read(address + RawMemory.getLong(entry + Tlb.READ_ADDEND), size)
                : GuestAccess.load(cpu, address, size);
    }

    private static void store(Cpu cpu, long address, long value, int size) {
        long entry = cpu.tlb.entry(address);
        if (RawMemory.getLong(entry + Tlb.WRITE_TAG) == (address + size - 1 & Mmu.PAGE_MASK)) {
            GuestAccess.write(address + RawMemory.getLong(entry + Tlb.WRITE_ADDEND), value, size);
        } else {
            GuestAccess.store(cpu, address, value, size);
        }
    }

    private static long loadX(Cpu cpu, long x, long w) {
        int flags = MicroOp.b(w);
        int log = flags & MicroOp.SIZE_LOG2;
        long address = address(cpu, x + MicroOp.imm28(w), flags);
        if ((flags & MicroOp.ALIGNED) != 0 && (address & (1L << log) - 1) != 0) {
            cpu.stops.beforeAccess(Access.READ, address, 1 << log);
            throw AtomicOps.misaligned(cpu, address, false);
        }
        long v = load(cpu, address, 1 << log);
        if ((flags & MicroOp.BIG_ENDIAN) != 0) {
            v = Long.reverseBytes(v) >>> 64 - (8 << log);
        }
        int unused = 64 - (8 << log);
        return (flags & MicroOp.SIGNED) != 0 ? v << unused >> unused : v;
    }

    private static void storeX(Cpu cpu, long x, long value, long w) {
        int flags = MicroOp.b(w);
        int log = flags & MicroOp.SIZE_LOG2;
        long address = address(cpu, x + MicroOp.imm28(w), flags);
        if ((flags & MicroOp.ALIGNED) != 0 && (address & (1L << log) - 1) != 0) {
            cpu.stops.beforeAccess(Access.WRITE, address, 1 << log);
            throw AtomicOps.misaligned(cpu, address, true);
        }
        store(
                cpu,
                address,
                (flags & MicroOp.BIG_ENDIAN) != 0 ? Long.reverseBytes(value) >>> 64 - (8 << log) : value,
                1 << log);
    }

    static long address(Cpu cpu, long sum, int flags) {
        return (flags & MicroOp.ADDRESS_32) != 0 ? sum & 0xffffffffL : sum & cpu.addressMask;
    }
}
