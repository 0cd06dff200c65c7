package dev.rhea.arch.riscv;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Type;

/** Bit manipulation too large for operations. All are functions of their arguments. */
public final class BitFunctions {
    private BitFunctions() {}

    static final Helper CLMUL = Helper.pure("clmul", Type.I64, (cpu, a, b, c) -> clmul(a, b));
    static final Helper CLMULH = Helper.pure("clmulh", Type.I64, (cpu, a, b, c) -> clmulh(a, b));
    static final Helper CLMULR = Helper.pure("clmulr", Type.I64, (cpu, a, b, c) -> clmulr(a, b));

    static final Helper CLMUL_32 = Helper.pure("clmul", Type.I32, (cpu, a, b, c) -> (int) clmul(a, b));
    static final Helper CLMULH_32 = Helper.pure("clmulh", Type.I32, (cpu, a, b, c) -> (int) (product32(a, b) >>> 32));
    static final Helper CLMULR_32 = Helper.pure("clmulr", Type.I32, (cpu, a, b, c) -> (int) (product32(a, b) >>> 31));

    static final Helper XPERM4 = Helper.pure("xperm4", Type.I64, (cpu, a, b, c) -> xperm(a, b, 4, 64));
    static final Helper XPERM8 = Helper.pure("xperm8", Type.I64, (cpu, a, b, c) -> xperm(a, b, 8, 64));
    static final Helper XPERM4_32 = Helper.pure("xperm4", Type.I32, (cpu, a, b, c) -> (int) xperm(a, b, 4, 32));
    static final Helper XPERM8_32 = Helper.pure("xperm8", Type.I32, (cpu, a, b, c) -> (int) xperm(a, b, 8, 32));

    static final Helper ZIP = Helper.pure(
            "zip",
            Type.I32,
            (cpu, a, b, c) -> Integer.expand((int) a, 0x55555555) | Integer.expand((int) a >>> 16, 0xaaaaaaaa));
    static final Helper UNZIP = Helper.pure(
            "unzip",
            Type.I32,
            (cpu, a, b, c) -> Integer.compress((int) a, 0x55555555) | Integer.compress((int) a, 0xaaaaaaaa) << 16);

    private static final long EVERY_FOURTH = 0x1111111111111111L;

    /**
     * The low half of the product without carries. Operands split into four with a bit in every fourth place multiply
     * without carries reaching the next bit kept: at most 16 meet in one place, and only in the highest.
     */
    public static long clmul(long a, long b) {
        long product = 0;
        for (int i = 0; i < 4; i++) {
            long sum = 0;
            for (int j = 0; j < 4; j++) {
                sum ^= (a & EVERY_FOURTH << j) * (b & EVERY_FOURTH << (i - j & 3));
            }
            product |= sum & EVERY_FOURTH << i;
        }
        return product;
    }

    /** The high half of the product without carries. */
    public static long clmulh(long a, long b) {
        return clmulr(a, b) >>> 1;
    }

    /** Bits 126 to 63 of the product: the low half of the product of the reversed operands, reversed. */
    static long clmulr(long a, long b) {
        return Long.reverse(clmul(Long.reverse(a), Long.reverse(b)));
    }

    private static long product32(long a, long b) {
        return clmul(a & 0xffffffffL, b & 0xffffffffL);
    }

    /** Elements of {@code a} picked by the elements of {@code b}; 0 where an index is too large. */
    private static long xperm(long a, long b, int width, int xlen) {
        long mask = (1L << width) - 1;
        long result = 0;
        for (int at = 0; at < xlen; at += width) {
            long from = (b >>> at & mask) * width;
            if (from < xlen) {
                result |= (a >>> from & mask) << at;
            }
        }
        return result;
    }
}
