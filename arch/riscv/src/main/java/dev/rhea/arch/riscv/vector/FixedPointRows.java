package dev.rhea.arch.riscv.vector;

/** Saturating, averaging and scaling arithmetic: manual, section "Vector Fixed-Point Arithmetic Instructions". */
final class FixedPointRows {
    private FixedPointRows() {}

    private static final int RNU = 0;
    private static final int RNE = 1;
    private static final int RDN = 2;

    static void addTo(Forms f) {
        f.opi("100000", "vsaddu", "vxi", Shape.UNSIGNED, (v, d, b, a) -> {
            long sum = b + a;
            boolean over = v.sew == 3 ? Long.compareUnsigned(sum, a) < 0 : sum >>> v.width() != 0;
            return over ? saturated(v, -1) : sum;
        });
        f.opi("100001", "vsadd", "vxi", Shape.SIGNED, (v, d, b, a) -> {
            long sum = b + a;
            return clip(v, sum, ((b ^ sum) & (a ^ sum)) < 0, b < 0);
        });
        f.opi(
                "100010",
                "vssubu",
                "vx",
                Shape.UNSIGNED,
                (v, d, b, a) -> Long.compareUnsigned(b, a) < 0 ? saturated(v, 0) : b - a);
        f.opi("100011", "vssub", "vx", Shape.SIGNED, (v, d, b, a) -> {
            long difference = b - a;
            return clip(v, difference, ((b ^ a) & (b ^ difference)) < 0, b < 0);
        });
        // the half of a sum or difference that may have 65 bits: what both share, and half of what they do not
        f.opm("001000", "vaaddu", "vx", Shape.UNSIGNED, (v, d, b, a) -> halved(v, (b & a) + ((b ^ a) >>> 1), b ^ a));
        f.opm("001001", "vaadd", "vx", Shape.SIGNED, (v, d, b, a) -> halved(v, (b & a) + ((b ^ a) >> 1), b ^ a));
        f.opm("001010", "vasubu", "vx", Shape.UNSIGNED, (v, d, b, a) -> halved(v, ((b ^ a) >>> 1) - (~b & a), b ^ a));
        f.opm("001011", "vasub", "vx", Shape.SIGNED, (v, d, b, a) -> halved(v, ((b ^ a) >> 1) - (~b & a), b ^ a));
        f.opi("100111", "vsmul", "vx", Shape.SIGNED, FixedPointRows::fractionalMultiply);
        f.opi("101010", "vssrl", "vxu", Shape.UNSIGNED, (v, d, b, a) -> shift(v, b, (int) a & v.width() - 1, false));
        f.opi("101011", "vssra", "vxu", Shape.SIGNED, (v, d, b, a) -> shift(v, b, (int) a & v.width() - 1, true));
        f.opi("101110", "vnclipu", "vxu", Shape.NARROW_UNSIGNED, (v, d, b, a) -> {
            long shifted = shift(v, b, (int) a & 2 * v.width() - 1, false);
            return shifted >>> v.width() != 0 ? saturated(v, -1) : shifted;
        });
        f.opi("101111", "vnclip", "vxu", Shape.NARROW, (v, d, b, a) -> {
            long shifted = shift(v, b, (int) a & 2 * v.width() - 1, true);
            return clip(v, shifted, false, shifted < 0);
        });
    }

    private static long saturated(VectorState v, long value) {
        v.vxsat = true;
        return value;
    }

    /** Saturates to SEW: {@code overflow} tells that even 64 bits were not enough. */
    private static long clip(VectorState v, long value, boolean overflow, boolean negative) {
        if (!overflow && value == VectorState.extend(value, v.sew, true)) {
            return value;
        }
        long maximum = -1L >>> 65 - v.width();
        return saturated(v, negative ? ~maximum : maximum);
    }

    /** Rounds by vxrm. @param dropped the bits shifted out, left-aligned: bit 63 is one half */
    private static long rounded(VectorState v, long value, long dropped) {
        return switch (v.vxrm) {
            case RNU -> value + (dropped >>> 63);
            case RNE -> dropped < 0 && (dropped != Long.MIN_VALUE || (value & 1) != 0) ? value + 1 : value;
            case RDN -> value;
            default -> dropped != 0 ? value | 1 : value;
        };
    }

    private static long halved(VectorState v, long half, long lowBit) {
        return rounded(v, half, lowBit << 63);
    }

    private static long shift(VectorState v, long value, int amount, boolean signed) {
        return amount == 0 ? value : rounded(v, signed ? value >> amount : value >>> amount, value << 64 - amount);
    }

    /** Both operands are fractions with SEW - 1 bits after the point; -1 * -1 is the only product out of range. */
    private static long fractionalMultiply(VectorState v, long d, long b, long a) {
        if (v.sew < 3) {
            long product = shift(v, b * a, v.width() - 1, true);
            return clip(v, product, false, product < 0);
        }
        if (b == Long.MIN_VALUE && a == Long.MIN_VALUE) {
            return saturated(v, Long.MAX_VALUE);
        }
        long lo = b * a;
        return rounded(v, Math.multiplyHigh(b, a) << 1 | lo >>> 63, lo << 1);
    }
}
