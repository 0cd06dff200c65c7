package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.FloatingPointRows.rounding;

import dev.rhea.engine.ir.Rounding;

/** Conversions: manual, sections "Single-Width", "Widening" and "Narrowing Floating-Point/Integer Type-Convert Instructions". */
final class ConversionRows {
    private ConversionRows() {}

    private static final String VFUNARY0 = "010010";

    static void addTo(FloatingPointRows f) {
        for (boolean signed : new boolean[] {false, true}) {
            String x = signed ? "x" : "xu";
            String bit = signed ? "1" : "0";
            f.unary(
                    VFUNARY0,
                    "0001" + bit,
                    "vfcvt.f." + x + ".v",
                    signed ? SIGNED : Shape.UNARY,
                    0,
                    (v, d, b, a) -> VectorFloat.fromInteger(v, v.sew, b, signed));
            // an integer of SEW to a float twice as wide, and the other way round
            f.unary(
                    VFUNARY0,
                    "0101" + bit,
                    "vfwcvt.f." + x + ".v",
                    signed ? Shape.UNARY_WIDEN_SIGNED : Shape.UNARY_WIDEN,
                    1,
                    (v, d, b, a) -> VectorFloat.fromInteger(v, v.sew + 1, b, signed));
            f.unary(
                    VFUNARY0,
                    "1001" + bit,
                    "vfncvt.f." + x + ".w",
                    signed ? Shape.UNARY_NARROW_SIGNED : Shape.UNARY_NARROW,
                    0,
                    (v, d, b, a) -> VectorFloat.fromInteger(v, v.sew, b, signed));
            for (boolean toZero : new boolean[] {false, true}) {
                String low = (toZero ? "11" : "00") + bit;
                String rtz = toZero ? "rtz." : "";
                int mode = rounding(toZero);
                f.unary(
                        VFUNARY0,
                        "00" + low,
                        "vfcvt." + rtz + x + ".f.v",
                        Shape.UNARY,
                        0,
                        (v, d, b, a) -> VectorFloat.toInteger(v, v.sew, b, v.sew, signed, mode));
                f.unary(
                        VFUNARY0,
                        "01" + low,
                        "vfwcvt." + rtz + x + ".f.v",
                        Shape.UNARY_WIDEN,
                        0,
                        (v, d, b, a) -> VectorFloat.toInteger(v, v.sew, b, v.sew + 1, signed, mode));
                f.unary(
                        VFUNARY0,
                        "10" + low,
                        "vfncvt." + rtz + x + ".f.w",
                        Shape.UNARY_NARROW,
                        1,
                        (v, d, b, a) -> VectorFloat.toInteger(v, v.sew + 1, b, v.sew, signed, mode));
            }
        }
        f.unary(
                VFUNARY0,
                "01100",
                "vfwcvt.f.f.v",
                Shape.UNARY_WIDEN,
                0,
                (v, d, b, a) -> VectorFloat.widen(v, v.sew, b));
        f.unary(
                VFUNARY0,
                "10100",
                "vfncvt.f.f.w",
                Shape.UNARY_NARROW,
                0,
                (v, d, b, a) -> VectorFloat.narrow(v, v.sew, b, Rounding.DYNAMIC));
        f.unary(
                VFUNARY0,
                "10101",
                "vfncvt.rod.f.f.w",
                Shape.UNARY_NARROW,
                0,
                (v, d, b, a) -> VectorFloat.narrow(v, v.sew, b, Rounding.TO_ODD));
    }

    private static final Shape SIGNED = new Shape(0, 0, 0, true, false, false, false, true, false, false);
}
