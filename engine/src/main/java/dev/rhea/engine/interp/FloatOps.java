package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.fp.F32;
import dev.rhea.engine.fp.F64;
import dev.rhea.engine.fp.FpState;

/** Floating-point micro-operations. Operands are 64-bit slots: F32 ones are NaN-boxed, and a broken box is a NaN. */
final class FloatOps {
    private static final long CANONICAL_NAN = 0xffffffff7fc00000L;
    private static final long I64 = 1 << 11;
    private static final long SIGNED = 1 << 12;

    private FloatOps() {}

    static void execute(Cpu cpu, long[] r, long w, int op) {
        FpState s = cpu.fp;
        long x = r[MicroOp.a(w)];
        long y = r[MicroOp.b(w)];
        long imm = MicroOp.imm28(w);
        int rounding = (int) imm >>> 8 & 7;
        int d = MicroOp.d(w);
        switch (op) {
            case MicroOp.FADD -> r[d] = F32.add(s, unbox(x), unbox(y), rounding);
            case MicroOp.FADD + 1 -> r[d] = F64.add(s, x, y, rounding);
            case MicroOp.FSUB -> r[d] = F32.sub(s, unbox(x), unbox(y), rounding);
            case MicroOp.FSUB + 1 -> r[d] = F64.sub(s, x, y, rounding);
            case MicroOp.FMUL -> r[d] = F32.mul(s, unbox(x), unbox(y), rounding);
            case MicroOp.FMUL + 1 -> r[d] = F64.mul(s, x, y, rounding);
            case MicroOp.FDIV -> r[d] = F32.div(s, unbox(x), unbox(y), rounding);
            case MicroOp.FDIV + 1 -> r[d] = F64.div(s, x, y, rounding);
            case MicroOp.FSQRT -> r[d] = F32.sqrt(s, unbox(x), rounding);
            case MicroOp.FSQRT + 1 -> r[d] = F64.sqrt(s, x, rounding);
            case MicroOp.FMA -> r[d] = F32.fma(s, unbox(x), unbox(y), unbox(r[MicroOp.c(w)]), rounding);
            case MicroOp.FMA + 1 -> r[d] = F64.fma(s, x, y, r[MicroOp.c(w)], rounding);
            case MicroOp.FNEG -> r[d] = unbox(x) ^ 0x80000000L;
            case MicroOp.FNEG + 1 -> r[d] = x ^ Long.MIN_VALUE;
            case MicroOp.FABS -> r[d] = unbox(x) & ~0x80000000L;
            case MicroOp.FABS + 1 -> r[d] = x & Long.MAX_VALUE;
            case MicroOp.FEQ -> r[d] = F32.eq(s, unbox(x), unbox(y)) ? 1 : 0;
            case MicroOp.FEQ + 1 -> r[d] = F64.eq(s, x, y) ? 1 : 0;
            case MicroOp.FLT -> r[d] = F32.lt(s, unbox(x), unbox(y)) ? 1 : 0;
            case MicroOp.FLT + 1 -> r[d] = F64.lt(s, x, y) ? 1 : 0;
            case MicroOp.FLE -> r[d] = F32.le(s, unbox(x), unbox(y)) ? 1 : 0;
            case MicroOp.FLE + 1 -> r[d] = F64.le(s, x, y) ? 1 : 0;
            case MicroOp.FCVT -> r[d] = F64.toF32(s, x, rounding);
            case MicroOp.FCVT + 1 -> r[d] = F32.toF64(s, unbox(x), rounding);
            case MicroOp.FROM_INT -> r[d] = toF32(s, x, imm, rounding);
            case MicroOp.FROM_INT + 1 -> r[d] = toF64(s, x, imm, rounding);
            case MicroOp.TO_INT -> r[d] = fromF32(s, unbox(x), imm, rounding);
            case MicroOp.TO_INT + 1 -> r[d] = fromF64(s, x, imm, rounding);
            case MicroOp.UNBOX -> r[d] = unbox(x);
            case MicroOp.FLOAT_TO_BITS -> r[d] = (int) unbox(x);
            case MicroOp.FLOAT_FROM_BITS -> r[d] = x | 0xffffffff00000000L;
            default -> throw new IllegalStateException("no floating-point micro-operation has the number " + op);
        }
    }

    private static long unbox(long slot) {
        return (int) (slot >>> 32) == -1 ? slot : CANONICAL_NAN;
    }

    private static long toF32(FpState s, long x, long imm, int rounding) {
        if ((imm & I64) != 0) {
            return (imm & SIGNED) != 0 ? F32.fromS64(s, x, rounding) : F32.fromU64(s, x, rounding);
        }
        return (imm & SIGNED) != 0 ? F32.fromS32(s, x, rounding) : F32.fromU32(s, x, rounding);
    }

    private static long toF64(FpState s, long x, long imm, int rounding) {
        if ((imm & I64) != 0) {
            return (imm & SIGNED) != 0 ? F64.fromS64(s, x, rounding) : F64.fromU64(s, x, rounding);
        }
        return (imm & SIGNED) != 0 ? F64.fromS32(s, x, rounding) : F64.fromU32(s, x, rounding);
    }

    private static long fromF32(FpState s, long x, long imm, int rounding) {
        if ((imm & I64) != 0) {
            return (imm & SIGNED) != 0 ? F32.toS64(s, x, rounding) : F32.toU64(s, x, rounding);
        }
        return (imm & SIGNED) != 0 ? F32.toS32(s, x, rounding) : F32.toU32(s, x, rounding);
    }

    private static long fromF64(FpState s, long x, long imm, int rounding) {
        if ((imm & I64) != 0) {
            return (imm & SIGNED) != 0 ? F64.toS64(s, x, rounding) : F64.toU64(s, x, rounding);
        }
        return (imm & SIGNED) != 0 ? F64.toS32(s, x, rounding) : F64.toU32(s, x, rounding);
    }
}
