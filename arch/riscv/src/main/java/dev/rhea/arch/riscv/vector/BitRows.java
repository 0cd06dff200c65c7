package dev.rhea.arch.riscv.vector;

/**
 * Zvkb and Zvbb: manual, chapter "Cryptography Extensions: Vector", sections "Zvkb - Vector Cryptography Bit-manipulation" and
 * "Zvbb - Vector Basic Bit-manipulation".
 */
final class BitRows {
    private BitRows() {}

    /** Zvkb. */
    static void addTo(Forms f) {
        f.opi("000001", "vandn", "vx", Shape.SIGNED, (v, d, b, a) -> b & ~a);
        f.opi("010101", "vrol", "vx", Shape.UNSIGNED, (v, d, b, a) -> rotateRight(v, b, -a));
        f.opi("010100", "vror", "vx", Shape.UNSIGNED, BitRows::rotateRightBy);
        // the immediate has six bits, the highest where funct6 ends
        f.row(
                "01010 imm[5] vm:1 vs2:5 imm[4:0] 011 vd:5 1010111",
                "vror.vi {vd:v}, {vs2:v}, {imm}{vm}",
                Forms.helper(
                        "vror.vi",
                        (cpu, bits, x) -> Elementwise.scalar(cpu, bits, x, Shape.UNSIGNED, BitRows::rotateRightBy)),
                Forms.IMMEDIATE);
        f.unary("010010", "01000", "010", "vbrev8.v", Shape.UNARY, (v, d, b, a) -> Long.reverseBytes(Long.reverse(b)));
        f.unary(
                "010010",
                "01001",
                "010",
                "vrev8.v",
                Shape.UNARY,
                (v, d, b, a) -> Long.reverseBytes(b) >>> 64 - v.width());
    }

    /** What Zvbb has beyond Zvkb. */
    static void addMoreTo(Forms f) {
        f.opi("110101", "vwsll", "vxu", Shape.WIDEN_UNSIGNED, (v, d, b, a) -> b << (a & 2 * v.width() - 1));
        f.unary("010010", "01010", "010", "vbrev.v", Shape.UNARY, (v, d, b, a) -> Long.reverse(b) >>> 64 - v.width());
        f.unary(
                "010010",
                "01100",
                "010",
                "vclz.v",
                Shape.UNARY,
                (v, d, b, a) -> Long.numberOfLeadingZeros(b) - (64 - v.width()));
        f.unary(
                "010010",
                "01101",
                "010",
                "vctz.v",
                Shape.UNARY,
                (v, d, b, a) -> Math.min(Long.numberOfTrailingZeros(b), v.width()));
        f.unary("010010", "01110", "010", "vcpop.v", Shape.UNARY, (v, d, b, a) -> Long.bitCount(b));
    }

    private static long rotateRightBy(VectorState v, long d, long b, long a) {
        return rotateRight(v, b, a);
    }

    /** A zero-extended element, by an amount of which log2(SEW) bits count. */
    private static long rotateRight(VectorState v, long value, long amount) {
        int by = (int) amount & v.width() - 1;
        return by == 0 ? value : value >>> by | value << v.width() - by;
    }
}
