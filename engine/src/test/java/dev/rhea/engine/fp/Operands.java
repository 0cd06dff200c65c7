package dev.rhea.engine.fp;

import java.math.BigInteger;
import java.util.Random;

/** Random encodings of a format, heavy on what goes wrong: special values, boundary exponents, runs of equal bits, near ties. */
final class Operands {
    private final Random random;
    private final Oracle format;

    Operands(Oracle format, long seed) {
        this.format = format;
        this.random = new Random(seed);
    }

    BigInteger next() {
        int max = (1 << format.exponentBits()) - 1;
        int bias = max >> 1;
        int field = switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> max;
            case 2 -> 1 + random.nextInt(3);
            case 3 -> max - 1 - random.nextInt(3);
            case 4 -> random.nextInt(max + 1);
            case 5 -> Math.clamp(bias + random.nextInt(2 * format.precision() + 4) - format.precision(), 0, max);
            case 6 -> Math.clamp(bias + 28 + random.nextInt(40), 0, max);
            default -> bias + random.nextInt(5) - 2;
        };
        return format.encode(random.nextBoolean(), field, fraction());
    }

    private BigInteger fraction() {
        int n = format.precision() - 1;
        BigInteger all = BigInteger.ONE.shiftLeft(n).subtract(BigInteger.ONE);
        return switch (random.nextInt(8)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> all;
            case 2 -> BigInteger.ONE.shiftLeft(random.nextInt(n));
            case 3 -> all.shiftRight(random.nextInt(n));
            case 4 -> all.shiftLeft(random.nextInt(n)).and(all);
            case 5 -> new BigInteger(n, random).shiftLeft(random.nextInt(n)).and(all);
            default -> new BigInteger(n, random);
        };
    }

    /** A value that has something to do with {@code a}: close to it, or half of its last bit. */
    BigInteger near(BigInteger a) {
        BigInteger mask = BigInteger.ONE.shiftLeft(format.width()).subtract(BigInteger.ONE);
        BigInteger b = switch (random.nextInt(4)) {
            case 0 -> a.add(BigInteger.valueOf(random.nextInt(5) - 2));
            case 1 -> a.flipBit(random.nextInt(format.width()));
            case 2 ->
                a.subtract(BigInteger.valueOf(format.precision() + random.nextInt(4) - 2)
                        .shiftLeft(format.fractionBits()));
            default -> next();
        };
        b = random.nextBoolean() ? b.and(mask).flipBit(format.width() - 1) : b.and(mask);
        if (!format.explicit()) {
            return b;
        }
        // keep to encodings that the format has: the leading bit goes with the exponent field
        boolean normal = b.shiftRight(format.fractionBits()).intValue() % (1 << format.exponentBits()) != 0;
        return normal ? b.setBit(format.precision() - 1) : b.clearBit(format.precision() - 1);
    }

    int flags() {
        return random.nextBoolean() ? FpState.INEXACT : 0;
    }

    int mode() {
        return random.nextInt(3) == 0 ? 0 : random.nextInt(6);
    }

    long integer() {
        long v = random.nextLong() >> random.nextInt(64);
        return switch (random.nextInt(4)) {
            case 0 -> (1L << random.nextInt(64)) + random.nextInt(3) - 1;
            case 1 -> v & -1L << random.nextInt(64);
            default -> v;
        };
    }
}
