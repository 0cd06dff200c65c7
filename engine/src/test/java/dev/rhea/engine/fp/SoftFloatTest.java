package dev.rhea.engine.fp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.fp.Oracle.Result;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation in every format and rounding mode against exact rational arithmetic, flags included. */
class SoftFloatTest {
    private static final long SEED = Long.getLong("rhea.seed", System.nanoTime());
    private static final int COUNT = Integer.getInteger("rhea.count", 15_000);

    /** A format's entry points, over encodings as big integers. */
    enum Kind {
        F16(Oracle.F16, Format.F16),
        F32(Oracle.F32, Format.F32),
        F64(Oracle.F64, Format.F64),
        F80(Oracle.F80, Format.X80),
        F128(Oracle.F128, Format.F128);

        final Oracle oracle;
        final Format format;

        Kind(Oracle oracle, Format format) {
            this.oracle = oracle;
            this.format = format;
        }
    }

    /** An operation of the front doors or of the soft core. */
    private interface Operation {
        BigInteger run(FpState s, BigInteger a, BigInteger b, BigInteger c, int mode);
    }

    private interface Expectation {
        Result of(BigInteger a, BigInteger b, BigInteger c, int mode);
    }

    private static long hi(BigInteger v) {
        return v.shiftRight(64).longValue();
    }

    private static BigInteger join(Kind k, FpState s, long lo) {
        BigInteger low = new BigInteger(Long.toUnsignedString(lo));
        BigInteger all = k.oracle.width() <= 64
                ? low
                : new BigInteger(Long.toUnsignedString(s.high)).shiftLeft(64).or(low);
        return all.and(BigInteger.ONE.shiftLeft(k.oracle.width()).subtract(BigInteger.ONE));
    }

    private static void check(String name, Kind k, Operation operation, Expectation expectation) {
        check(name, k, COUNT, operation, expectation);
    }

    private static void check(String name, Kind k, int count, Operation operation, Expectation expectation) {
        var operands = new Operands(k.oracle, SEED);
        var s = new FpState(FpRules.DEFAULT_NAN_AFTER_ROUNDING);
        for (int n = 0; n < count; n++) {
            BigInteger a = operands.next();
            BigInteger b = operands.near(a);
            BigInteger c = (n & 1) == 0
                    ? operands.next()
                    : join(k, s, Soft.mul(s, k.format, hi(a), a.longValue(), hi(b), b.longValue(), 0))
                            .flipBit(k.oracle.width() - 1);
            int mode = operands.mode();
            int before = operands.flags();
            s.flags = before;
            s.high = 0;
            BigInteger got = operation.run(s, a, b, c, mode);
            int flags = s.flags;
            Result want = expectation.of(a, b, c, mode);
            if (!got.equals(want.bits()) || flags != (before | want.flags())) {
                assertThat(got.toString(16) + " flags " + flags)
                        .as(
                                "%s.%s(%s, %s, %s) mode %d flags before %d; -Drhea.seed=%d, operation %d",
                                k, name, a.toString(16), b.toString(16), c.toString(16), mode, before, SEED, n)
                        .isEqualTo(want.bits().toString(16) + " flags " + (before | want.flags()));
            }
        }
    }

    private static BigInteger same(Kind k, FpState s, long lo) {
        return join(k, s, lo);
    }

    @ParameterizedTest
    @EnumSource
    void sumsAndDifferencesAreRoundedOnceWithTheRightFlags(Kind k) {
        check(
                "add",
                k,
                (s, a, b, c, m) -> same(
                        k,
                        s,
                        switch (k) {
                            case F16 -> F16.add(s, a.longValue(), b.longValue(), m);
                            case F32 -> F32.add(s, a.longValue(), b.longValue(), m);
                            case F64 -> F64.add(s, a.longValue(), b.longValue(), m);
                            case F80 -> F80.add(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                            case F128 -> F128.add(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                        }),
                (a, b, c, m) -> k.oracle.add(a, b, m));
        check(
                "sub",
                k,
                (s, a, b, c, m) -> same(
                        k,
                        s,
                        switch (k) {
                            case F16 -> F16.sub(s, a.longValue(), b.longValue(), m);
                            case F32 -> F32.sub(s, a.longValue(), b.longValue(), m);
                            case F64 -> F64.sub(s, a.longValue(), b.longValue(), m);
                            case F80 -> F80.sub(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                            case F128 -> F128.sub(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                        }),
                (a, b, c, m) -> k.oracle.isNan(b)
                        ? k.oracle.add(a, b, m)
                        : k.oracle.add(a, b.flipBit(k.oracle.width() - 1), m));
    }

    @ParameterizedTest
    @EnumSource
    void productsAreRoundedOnceWithTheRightFlags(Kind k) {
        check(
                "mul",
                k,
                (s, a, b, c, m) -> same(
                        k,
                        s,
                        switch (k) {
                            case F16 -> F16.mul(s, a.longValue(), b.longValue(), m);
                            case F32 -> F32.mul(s, a.longValue(), b.longValue(), m);
                            case F64 -> F64.mul(s, a.longValue(), b.longValue(), m);
                            case F80 -> F80.mul(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                            case F128 -> F128.mul(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                        }),
                (a, b, c, m) -> k.oracle.mul(a, b, m));
    }

    @ParameterizedTest
    @EnumSource
    void quotientsAreRoundedOnceWithTheRightFlags(Kind k) {
        check(
                "div",
                k,
                (s, a, b, c, m) -> same(
                        k,
                        s,
                        switch (k) {
                            case F16 -> F16.div(s, a.longValue(), b.longValue(), m);
                            case F32 -> F32.div(s, a.longValue(), b.longValue(), m);
                            case F64 -> F64.div(s, a.longValue(), b.longValue(), m);
                            case F80 -> F80.div(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                            case F128 -> F128.div(s, hi(a), a.longValue(), hi(b), b.longValue(), m);
                        }),
                (a, b, c, m) -> k.oracle.div(a, b, m));
    }

    @ParameterizedTest
    @EnumSource
    void rootsAreRoundedOnceWithTheRightFlags(Kind k) {
        check(
                "sqrt",
                k,
                (s, a, b, c, m) -> same(
                        k,
                        s,
                        switch (k) {
                            case F16 -> F16.sqrt(s, a.longValue(), m);
                            case F32 -> F32.sqrt(s, a.longValue(), m);
                            case F64 -> F64.sqrt(s, a.longValue(), m);
                            case F80 -> F80.sqrt(s, hi(a), a.longValue(), m);
                            case F128 -> F128.sqrt(s, hi(a), a.longValue(), m);
                        }),
                (a, b, c, m) -> k.oracle.sqrt(a, m));
        // squares: exact roots
        check(
                "sqrt of a square",
                k,
                (s, a, b, c, m) -> {
                    BigInteger square = square(k, a);
                    return same(
                            k,
                            s,
                            switch (k) {
                                case F16 -> F16.sqrt(s, square.longValue(), m);
                                case F32 -> F32.sqrt(s, square.longValue(), m);
                                case F64 -> F64.sqrt(s, square.longValue(), m);
                                case F80 -> F80.sqrt(s, hi(square), square.longValue(), m);
                                case F128 -> F128.sqrt(s, hi(square), square.longValue(), m);
                            });
                },
                (a, b, c, m) -> k.oracle.sqrt(square(k, a), m));
    }

    private static BigInteger square(Kind k, BigInteger a) {
        return k.oracle.mul(a, a, 0).bits();
    }

    @ParameterizedTest
    @EnumSource
    void aFusedMultiplyAddIsRoundedOnceWithTheRightFlags(Kind k) {
        if (k == Kind.F80) {
            return; // the x87 has none
        }
        check(
                "fma",
                k,
                (s, a, b, c, m) -> same(
                        k,
                        s,
                        switch (k) {
                            case F16 -> F16.fma(s, a.longValue(), b.longValue(), c.longValue(), m);
                            case F32 -> F32.fma(s, a.longValue(), b.longValue(), c.longValue(), m);
                            case F64 -> F64.fma(s, a.longValue(), b.longValue(), c.longValue(), m);
                            default -> F128.fma(s, hi(a), a.longValue(), hi(b), b.longValue(), hi(c), c.longValue(), m);
                        }),
                (a, b, c, m) -> k.oracle.fma(a, b, c, m));
    }

    @ParameterizedTest
    @EnumSource
    void remaindersAreExact(Kind k) {
        int count = k.oracle.exponentBits() > 11 ? COUNT / 30 : COUNT / 3;
        check(
                "remainder",
                k,
                count,
                (s, a, b, c, m) -> same(k, s, Soft.rem(s, k.format, hi(a), a.longValue(), hi(b), b.longValue(), true)),
                (a, b, c, m) -> k.oracle.rem(a, b, true));
        check(
                "fmod",
                k,
                count,
                (s, a, b, c, m) -> same(k, s, Soft.rem(s, k.format, hi(a), a.longValue(), hi(b), b.longValue(), false)),
                (a, b, c, m) -> k.oracle.rem(a, b, false));
    }

    @ParameterizedTest
    @EnumSource
    void roundingToIntegralValuesTellsWhetherItChangedThem(Kind k) {
        for (boolean exact : new boolean[] {false, true}) {
            check(
                    "roundToIntegral " + exact,
                    k,
                    (s, a, b, c, m) -> same(
                            k,
                            s,
                            switch (k) {
                                case F16 -> F16.roundToIntegral(s, a.longValue(), m, exact);
                                case F32 -> F32.roundToIntegral(s, a.longValue(), m, exact);
                                case F64 -> F64.roundToIntegral(s, a.longValue(), m, exact);
                                case F80 -> F80.roundToIntegral(s, hi(a), a.longValue(), m, exact);
                                case F128 -> F128.roundToIntegral(s, hi(a), a.longValue(), m, exact);
                            }),
                    (a, b, c, m) -> k.oracle.roundToIntegral(a, m, exact));
        }
    }

    @ParameterizedTest
    @EnumSource
    void conversionsBetweenFormatsRoundOnce(Kind k) {
        for (Kind to : Kind.values()) {
            check(
                    "to " + to,
                    k,
                    COUNT / 3,
                    (s, a, b, c, m) -> join(to, s, convert(s, k, to, a, m)),
                    (a, b, c, m) -> k == to ? k.oracle.convert(a, to.oracle, m) : k.oracle.convert(a, to.oracle, m));
        }
    }

    private static long convert(FpState s, Kind from, Kind to, BigInteger a, int m) {
        long lo = a.longValue();
        return switch (from) {
            case F16 ->
                to == Kind.F32 ? F16.toF32(s, lo, m) : to == Kind.F64 ? F16.toF64(s, lo, m) : soft(s, from, to, a, m);
            case F32 ->
                to == Kind.F16 ? F32.toF16(s, lo, m) : to == Kind.F64 ? F32.toF64(s, lo, m) : soft(s, from, to, a, m);
            case F64 ->
                to == Kind.F16 ? F64.toF16(s, lo, m) : to == Kind.F32 ? F64.toF32(s, lo, m) : soft(s, from, to, a, m);
            default -> soft(s, from, to, a, m);
        };
    }

    private static long soft(FpState s, Kind from, Kind to, BigInteger a, int m) {
        return Soft.convert(s, from.format, to.format, hi(a), a.longValue(), m);
    }

    @ParameterizedTest
    @EnumSource
    void conversionsToIntegersSaturateAndRaiseInvalidAlone(Kind k) {
        for (int width : new int[] {8, 16, 32, 64}) {
            for (boolean signed : new boolean[] {false, true}) {
                check(
                        (signed ? "to s" : "to u") + width,
                        k,
                        COUNT / 3,
                        (s, a, b, c, m) -> BigInteger.valueOf(toInteger(s, k, a, width, signed, m)),
                        (a, b, c, m) -> {
                            Result r = k.oracle.toInteger(a, width, signed, m);
                            long v = r.bits().longValue() << 64 - width >> 64 - width;
                            return new Result(BigInteger.valueOf(v), r.flags());
                        });
            }
        }
    }

    private static long toInteger(FpState s, Kind k, BigInteger a, int width, boolean signed, int m) {
        long lo = a.longValue();
        if (k == Kind.F64 && width == 64) {
            return signed ? F64.toS64(s, lo, m) : F64.toU64(s, lo, m);
        }
        if (k == Kind.F64 && width == 32) {
            return signed ? F64.toS32(s, lo, m) : F64.toU32(s, lo, m);
        }
        if (k == Kind.F32 && width == 64) {
            return signed ? F32.toS64(s, lo, m) : F32.toU64(s, lo, m);
        }
        if (k == Kind.F32 && width == 32) {
            return signed ? F32.toS32(s, lo, m) : F32.toU32(s, lo, m);
        }
        return Soft.toInteger(s, k.format, hi(a), lo, width, signed, m);
    }

    @ParameterizedTest
    @EnumSource
    void conversionsFromIntegersRoundOnce(Kind k) {
        var operands = new Operands(k.oracle, SEED);
        var s = new FpState(FpRules.DEFAULT_NAN_AFTER_ROUNDING);
        for (int n = 0; n < COUNT; n++) {
            long v = operands.integer();
            int mode = operands.mode();
            int before = operands.flags();
            for (int form = 0; form < 4; form++) {
                boolean signed = (form & 1) == 0;
                boolean wide = form < 2;
                long value = wide ? v : signed ? (int) v : v & 0xffffffffL;
                s.flags = before;
                long got = switch (k) {
                    case F16 ->
                        wide
                                ? signed ? F16.fromS64(s, v, mode) : F16.fromU64(s, v, mode)
                                : signed ? F16.fromS32(s, v, mode) : F16.fromU32(s, v, mode);
                    case F32 ->
                        wide
                                ? signed ? F32.fromS64(s, v, mode) : F32.fromU64(s, v, mode)
                                : signed ? F32.fromS32(s, v, mode) : F32.fromU32(s, v, mode);
                    case F64 ->
                        wide
                                ? signed ? F64.fromS64(s, v, mode) : F64.fromU64(s, v, mode)
                                : signed ? F64.fromS32(s, v, mode) : F64.fromU32(s, v, mode);
                    default -> Soft.fromInteger(s, k.format, signed ? value >> 63 : 0, value, signed, mode);
                };
                Result want = k.oracle.fromInteger(
                        signed ? BigInteger.valueOf(value) : new BigInteger(Long.toUnsignedString(value)), mode);
                assertThat(join(k, s, got).toString(16) + " flags " + s.flags)
                        .as("%s from %d form %d mode %d flags before %d", k, v, form, mode, before)
                        .isEqualTo(want.bits().toString(16) + " flags " + (before | want.flags()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void comparisonsOrderNumbersAndSignalNans(Kind k) {
        for (boolean signalling : new boolean[] {false, true}) {
            check(
                    "compare " + signalling,
                    k,
                    (s, a, b, c, m) -> BigInteger.valueOf(
                            switch (k) {
                                case F16 -> F16.compare(s, a.longValue(), b.longValue(), signalling);
                                case F32 -> compare32(s, a.longValue(), b.longValue(), signalling);
                                case F64 -> compare64(s, a.longValue(), b.longValue(), signalling);
                                case F80 -> F80.compare(s, hi(a), a.longValue(), hi(b), b.longValue(), signalling);
                                case F128 -> F128.compare(s, hi(a), a.longValue(), hi(b), b.longValue(), signalling);
                            }),
                    (a, b, c, m) -> {
                        Oracle o = k.oracle;
                        if (o.isNan(a) || o.isNan(b)) {
                            return new Result(
                                    BigInteger.TWO,
                                    signalling || o.isSignalling(a) || o.isSignalling(b) ? FpState.INVALID : 0);
                        }
                        return new Result(BigInteger.valueOf(order(o, a, b)), 0);
                    });
        }
    }

    /** Three comparisons of the fast doors, made into one. */
    private static int compare64(FpState s, long a, long b, boolean signalling) {
        if (signalling ? F64.lt(s, a, b) : F64.ltQuiet(s, a, b)) {
            return -1;
        }
        boolean le = signalling ? F64.le(s, a, b) : F64.leQuiet(s, a, b);
        assertThat(F64.eq(s, a, b)).isEqualTo(le);
        return le ? 0 : F64.compare(s, a, b, false);
    }

    private static int compare32(FpState s, long a, long b, boolean signalling) {
        if (signalling ? F32.lt(s, a, b) : F32.ltQuiet(s, a, b)) {
            return -1;
        }
        boolean le = signalling ? F32.le(s, a, b) : F32.leQuiet(s, a, b);
        assertThat(F32.eq(s, a, b)).isEqualTo(le);
        return le ? 0 : F32.compare(s, a, b, false);
    }

    private static int order(Oracle o, BigInteger a, BigInteger b) {
        if (o.isInfinite(a) || o.isInfinite(b)) {
            int x = o.isInfinite(a) ? o.negative(a) ? -1 : 1 : 0;
            int y = o.isInfinite(b) ? o.negative(b) ? -1 : 1 : 0;
            return Integer.compare(x, y);
        }
        int unit = Math.min(o.unit(a), o.unit(b));
        return o.integer(a).shiftLeft(o.unit(a) - unit).compareTo(o.integer(b).shiftLeft(o.unit(b) - unit));
    }

    @ParameterizedTest
    @EnumSource
    void minimumAndMaximumTreatNansAsTheirStandardSays(Kind k) {
        for (MinMax nans : MinMax.values()) {
            for (boolean max : new boolean[] {false, true}) {
                check(
                        (max ? "max " : "min ") + nans,
                        k,
                        COUNT / 3,
                        (s, a, b, c, m) -> join(
                                k,
                                s,
                                switch (k) {
                                    case F32 ->
                                        max
                                                ? F32.max(s, a.longValue(), b.longValue(), nans)
                                                : F32.min(s, a.longValue(), b.longValue(), nans);
                                    case F64 ->
                                        max
                                                ? F64.max(s, a.longValue(), b.longValue(), nans)
                                                : F64.min(s, a.longValue(), b.longValue(), nans);
                                    default ->
                                        Soft.minMax(s, k.format, hi(a), a.longValue(), hi(b), b.longValue(), max, nans);
                                }),
                        (a, b, c, m) -> {
                            Oracle o = k.oracle;
                            boolean signalling = o.isSignalling(a) || o.isSignalling(b);
                            if (o.isNan(a) || o.isNan(b)) {
                                boolean nan = o.isNan(a) && o.isNan(b)
                                        || nans == MinMax.NAN_2019
                                        || nans == MinMax.NUMBER_2008 && signalling;
                                return new Result(nan ? o.nan() : o.isNan(a) ? b : a, signalling ? FpState.INVALID : 0);
                            }
                            int order = order(o, a, b);
                            boolean first = order == 0 ? o.negative(a) != max : order < 0 != max;
                            return new Result(first ? a : b, 0);
                        });
            }
        }
    }

    @Test
    void theOracleAgreesWithTheJvmWhereTheJvmIsExact() {
        var operands = new Operands(Oracle.F64, SEED);
        for (int n = 0; n < COUNT; n++) {
            BigInteger a = operands.next();
            BigInteger b = operands.near(a);
            BigInteger c = operands.next();
            double x = Double.longBitsToDouble(a.longValue());
            double y = Double.longBitsToDouble(b.longValue());
            double z = Double.longBitsToDouble(c.longValue());
            assertThat(bits(Oracle.F64.add(a, b, 0))).isEqualTo(Double.doubleToLongBits(x + y));
            assertThat(bits(Oracle.F64.mul(a, b, 0))).isEqualTo(Double.doubleToLongBits(x * y));
            assertThat(bits(Oracle.F64.div(a, b, 0))).isEqualTo(Double.doubleToLongBits(x / y));
            assertThat(bits(Oracle.F64.sqrt(a, 0))).isEqualTo(Double.doubleToLongBits(Math.sqrt(x)));
            assertThat(bits(Oracle.F64.fma(a, b, c, 0))).isEqualTo(Double.doubleToLongBits(Math.fma(x, y, z)));
            assertThat(bits(Oracle.F64.rem(a, b, true))).isEqualTo(Double.doubleToLongBits(Math.IEEEremainder(x, y)));
            assertThat(bits(Oracle.F64.rem(a, b, false))).isEqualTo(Double.doubleToLongBits(x % y));
            assertThat((int) bits(Oracle.F64.convert(a, Oracle.F32, 0))).isEqualTo(Float.floatToIntBits((float) x));
        }
    }

    private static long bits(Result r) {
        return r.bits().longValue();
    }
}
