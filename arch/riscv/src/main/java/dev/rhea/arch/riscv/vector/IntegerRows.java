package dev.rhea.arch.riscv.vector;

/** Integer arithmetic: manual, section "Vector Integer Arithmetic Instructions". */
final class IntegerRows {
    private IntegerRows() {}

    static void addTo(Forms f) {
        addSingleWidth(f);
        addWidening(f);
        addCarries(f);
        addComparisons(f);
        addMultiplication(f);
    }

    private static void addSingleWidth(Forms f) {
        f.opi("000000", "vadd", "vxi", Shape.SIGNED, (v, d, b, a) -> b + a);
        f.opi("000010", "vsub", "vx", Shape.SIGNED, (v, d, b, a) -> b - a);
        f.opi("000011", "vrsub", "xi", Shape.SIGNED, (v, d, b, a) -> a - b);
        f.opi("000100", "vminu", "vx", Shape.UNSIGNED, (v, d, b, a) -> Long.compareUnsigned(b, a) < 0 ? b : a);
        f.opi("000101", "vmin", "vx", Shape.SIGNED, (v, d, b, a) -> Math.min(b, a));
        f.opi("000110", "vmaxu", "vx", Shape.UNSIGNED, (v, d, b, a) -> Long.compareUnsigned(b, a) > 0 ? b : a);
        f.opi("000111", "vmax", "vx", Shape.SIGNED, (v, d, b, a) -> Math.max(b, a));
        f.opi("001001", "vand", "vxi", Shape.SIGNED, (v, d, b, a) -> b & a);
        f.opi("001010", "vor", "vxi", Shape.SIGNED, (v, d, b, a) -> b | a);
        f.opi("001011", "vxor", "vxi", Shape.SIGNED, (v, d, b, a) -> b ^ a);
        f.opi("100101", "vsll", "vxu", Shape.UNSIGNED, (v, d, b, a) -> b << (a & v.width() - 1));
        f.opi("101000", "vsrl", "vxu", Shape.UNSIGNED, (v, d, b, a) -> b >>> (a & v.width() - 1));
        f.opi("101001", "vsra", "vxu", Shape.SIGNED, (v, d, b, a) -> b >> (a & v.width() - 1));
        f.opi("101100", "vnsrl", "vxu", Shape.NARROW_UNSIGNED, (v, d, b, a) -> b >>> (a & 2 * v.width() - 1));
        f.opi("101101", "vnsra", "vxu", Shape.NARROW, (v, d, b, a) -> b >> (a & 2 * v.width() - 1));
        extension(f, "0011", 1);
        extension(f, "0010", 2);
        extension(f, "0001", 3);
    }

    private static void extension(Forms f, String selector, int factor) {
        String suffix = ".vf" + (1 << factor);
        f.unary("010010", selector + "0", "010", "vzext" + suffix, Shape.extension(factor, false), (v, d, b, a) -> b);
        f.unary("010010", selector + "1", "010", "vsext" + suffix, Shape.extension(factor, true), (v, d, b, a) -> b);
    }

    private static void addWidening(Forms f) {
        f.opm("110000", "vwaddu", "vx", Shape.WIDEN_UNSIGNED, (v, d, b, a) -> b + a);
        f.opm("110001", "vwadd", "vx", Shape.WIDEN, (v, d, b, a) -> b + a);
        f.opm("110010", "vwsubu", "vx", Shape.WIDEN_UNSIGNED, (v, d, b, a) -> b - a);
        f.opm("110011", "vwsub", "vx", Shape.WIDEN, (v, d, b, a) -> b - a);
        f.opm("110100", "vwaddu.w", "vx", Shape.WIDE_UNSIGNED, (v, d, b, a) -> b + a);
        f.opm("110101", "vwadd.w", "vx", Shape.WIDE, (v, d, b, a) -> b + a);
        f.opm("110110", "vwsubu.w", "vx", Shape.WIDE_UNSIGNED, (v, d, b, a) -> b - a);
        f.opm("110111", "vwsub.w", "vx", Shape.WIDE, (v, d, b, a) -> b - a);
        f.opm("111000", "vwmulu", "vx", Shape.WIDEN_UNSIGNED, (v, d, b, a) -> b * a);
        f.opm("111010", "vwmulsu", "vx", Shape.WIDEN_SIGNED_UNSIGNED, (v, d, b, a) -> b * a);
        f.opm("111011", "vwmul", "vx", Shape.WIDEN, (v, d, b, a) -> b * a);
        f.accumulate("111100", "vwmaccu", "vx", Shape.WIDEN_UNSIGNED, (v, d, b, a) -> a * b + d);
        f.accumulate("111101", "vwmacc", "vx", Shape.WIDEN, (v, d, b, a) -> a * b + d);
        f.accumulate("111110", "vwmaccus", "x", Shape.WIDEN_SIGNED_UNSIGNED, (v, d, b, a) -> a * b + d);
        f.accumulate("111111", "vwmaccsu", "vx", Shape.WIDEN_UNSIGNED_SIGNED, (v, d, b, a) -> a * b + d);
    }

    private static void addCarries(Forms f) {
        f.carry("010000", "vadc", "vxi", true, Shape.CARRY, (v, d, b, a) -> b + a + d);
        f.carry("010010", "vsbc", "vx", true, Shape.CARRY, (v, d, b, a) -> b - a - d);
        for (boolean carry : new boolean[] {true, false}) {
            f.carry("010001", "vmadc", "vxi", carry, Shape.CARRY_OUT, IntegerRows::carryOut);
            f.carry(
                    "010011",
                    "vmsbc",
                    "vx",
                    carry,
                    Shape.CARRY_OUT,
                    (v, d, b, a) -> Long.compareUnsigned(b, a) < 0 || d != 0 && b == a ? 1 : 0);
        }
        f.carry("010111", "vmerge", "vxi", true, Shape.MERGE, (v, d, b, a) -> d != 0 ? a : b);
        // with vm set and vs2 = v0 the same encoding is a move
        Forms.Action vector = (cpu, bits, scalar) -> Elementwise.vector(cpu, bits, Shape.SIGNED, (v, d, b, a) -> a);
        Forms.Action scalar = (cpu, bits, x) -> Elementwise.scalar(cpu, bits, x, Shape.SIGNED, (v, d, b, a) -> a);
        f.row(
                "010111 1 00000 vs1:5 000 vd:5 1010111",
                "vmv.v.v {vd:v}, {vs1:v}",
                Forms.helper("vmv.v.v", vector),
                Forms.NONE);
        f.row(
                "010111 1 00000 rs1:5 100 vd:5 1010111",
                "vmv.v.x {vd:v}, {rs1}",
                Forms.helper("vmv.v.x", scalar),
                Forms.X);
        f.row(
                "010111 1 00000 imm:5s 011 vd:5 1010111",
                "vmv.v.i {vd:v}, {imm}",
                Forms.helper("vmv.v.i", scalar),
                Forms.IMMEDIATE);
    }

    private static long carryOut(VectorState v, long carry, long b, long a) {
        if (v.sew < 3) {
            return b + a + carry >>> v.width();
        }
        long sum = b + a;
        return Long.compareUnsigned(sum, a) < 0 || carry != 0 && sum == -1 ? 1 : 0;
    }

    private static void addComparisons(Forms f) {
        f.opi("011000", "vmseq", "vxi", Shape.COMPARE, (v, d, b, a) -> b == a ? 1 : 0);
        f.opi("011001", "vmsne", "vxi", Shape.COMPARE, (v, d, b, a) -> b != a ? 1 : 0);
        f.opi("011010", "vmsltu", "vx", Shape.COMPARE_UNSIGNED, (v, d, b, a) -> Long.compareUnsigned(b, a) < 0 ? 1 : 0);
        f.opi("011011", "vmslt", "vx", Shape.COMPARE, (v, d, b, a) -> b < a ? 1 : 0);
        f.opi(
                "011100",
                "vmsleu",
                "vxi",
                Shape.COMPARE_UNSIGNED,
                (v, d, b, a) -> Long.compareUnsigned(b, a) <= 0 ? 1 : 0);
        f.opi("011101", "vmsle", "vxi", Shape.COMPARE, (v, d, b, a) -> b <= a ? 1 : 0);
        f.opi("011110", "vmsgtu", "xi", Shape.COMPARE_UNSIGNED, (v, d, b, a) -> Long.compareUnsigned(b, a) > 0 ? 1 : 0);
        f.opi("011111", "vmsgt", "xi", Shape.COMPARE, (v, d, b, a) -> b > a ? 1 : 0);
    }

    private static void addMultiplication(Forms f) {
        f.opm("100000", "vdivu", "vx", Shape.UNSIGNED, (v, d, b, a) -> a == 0 ? -1 : Long.divideUnsigned(b, a));
        f.opm("100001", "vdiv", "vx", Shape.SIGNED, (v, d, b, a) -> a == 0 ? -1 : b / a);
        f.opm("100010", "vremu", "vx", Shape.UNSIGNED, (v, d, b, a) -> a == 0 ? b : Long.remainderUnsigned(b, a));
        f.opm("100011", "vrem", "vx", Shape.SIGNED, (v, d, b, a) -> a == 0 ? b : b % a);
        f.opm(
                "100100",
                "vmulhu",
                "vx",
                Shape.UNSIGNED,
                (v, d, b, a) -> v.sew == 3 ? Math.unsignedMultiplyHigh(b, a) : b * a >>> v.width());
        f.opm("100101", "vmul", "vx", Shape.SIGNED, (v, d, b, a) -> b * a);
        f.opm(
                "100110",
                "vmulhsu",
                "vx",
                Shape.SIGNED_UNSIGNED,
                (v, d, b, a) -> v.sew == 3 ? Math.multiplyHigh(b, a) + (a < 0 ? b : 0) : b * a >> v.width());
        f.opm(
                "100111",
                "vmulh",
                "vx",
                Shape.SIGNED,
                (v, d, b, a) -> v.sew == 3 ? Math.multiplyHigh(b, a) : b * a >> v.width());
        f.accumulate("101001", "vmadd", "vx", Shape.SIGNED, (v, d, b, a) -> a * d + b);
        f.accumulate("101011", "vnmsub", "vx", Shape.SIGNED, (v, d, b, a) -> b - a * d);
        f.accumulate("101101", "vmacc", "vx", Shape.SIGNED, (v, d, b, a) -> a * b + d);
        f.accumulate("101111", "vnmsac", "vx", Shape.SIGNED, (v, d, b, a) -> d - a * b);
    }
}
