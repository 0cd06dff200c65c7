package dev.rhea.engine.fp;

/** Invalid operations, and which NaN comes out: IEEE 754-2019 section 6.2 and {@link FpRules.NanChoice}. */
final class Nans {
    private Nans() {}

    private static final long QUIET_ONE = 3L << 62;

    /** An invalid operation: raises the flag, the result is the default NaN. */
    static void invalid(FpState s, Num result) {
        s.flags |= FpState.INVALID;
        setDefault(s, result);
    }

    static void setDefault(FpState s, Num result) {
        result.kind = Num.QUIET;
        result.sign = s.rules.defaultNanNegative();
        result.hi = QUIET_ONE;
        result.lo = 0;
    }

    /** The result of an operation on the NaN {@code a}, into a. */
    static void propagate(FpState s, Num a) {
        signal(s, a);
        deliver(s, a, a);
    }

    /** The result of an operation on two operands of which one at least is a NaN, into a. */
    static void propagate(FpState s, Num a, Num b) {
        signal(s, a);
        signal(s, b);
        deliver(s, a, choose(s.rules.nan(), a, b));
    }

    /** The same of a * b + c. */
    static void propagate(FpState s, Num a, Num b, Num c) {
        signal(s, a);
        signal(s, b);
        signal(s, c);
        FpRules.NanChoice choice = s.rules.nan();
        deliver(
                s,
                a,
                choice == FpRules.NanChoice.SIGNALLING_FIRST
                        ? choose(choice, choose(choice, c, a), b)
                        : choose(choice, choose(choice, a, b), c));
    }

    private static void signal(FpState s, Num n) {
        if (n.kind == Num.SIGNALLING) {
            s.flags |= FpState.INVALID;
        }
    }

    private static void deliver(FpState s, Num result, Num chosen) {
        if (s.rules.nan() == FpRules.NanChoice.DEFAULT || chosen.hi == 0) {
            setDefault(s, result);
        } else {
            result.set(chosen);
            result.kind = Num.QUIET;
            result.hi |= QUIET_ONE;
        }
    }

    private static Num choose(FpRules.NanChoice choice, Num a, Num b) {
        if (!b.isNan()) {
            return a;
        }
        if (!a.isNan()) {
            return b;
        }
        return switch (choice) {
            case DEFAULT, FIRST -> a;
            case SIGNALLING_FIRST -> a.kind == Num.SIGNALLING || b.kind != Num.SIGNALLING ? a : b;
            case LARGER_SIGNIFICAND -> {
                if (a.kind != b.kind) {
                    yield a.hi == 0 || b.hi == 0 ? (a.hi == 0 ? a : b) : a.kind == Num.QUIET ? a : b;
                }
                if (a.hi == b.hi && a.lo == b.lo) {
                    yield a.sign ? b : a;
                }
                yield a.hi == 0 || b.hi == 0 ? (a.hi == 0 ? a : b) : a.significandBelow(b) ? b : a;
            }
        };
    }
}
