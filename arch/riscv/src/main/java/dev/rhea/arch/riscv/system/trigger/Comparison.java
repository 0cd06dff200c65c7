package dev.rhea.arch.riscv.system.trigger;

import org.jspecify.annotations.Nullable;

/**
 * How {@code mcontrol} and {@code mcontrol6} compare addresses with {@code tdata2}: their field {@code match}. All bytes of an
 * access are compared, as the specification recommends.
 *
 * @param match one of the values that {@link #isLegal} allows
 * @param value {@code tdata2}, zero-extended
 * @param bits XLEN
 */
record Comparison(int match, long value, int bits) {
    private static final int EQUAL = 0;
    private static final int NAPOT = 1;
    private static final int NOT_BELOW = 2;
    private static final int BELOW = 3;
    private static final int MASK_LOW = 4;
    private static final int MASK_HIGH = 5;
    private static final int NOT = 8;

    /** Addresses, both included. */
    record Span(long first, long last) {}

    static boolean isLegal(int match) {
        return match <= MASK_HIGH
                || match == (NOT | EQUAL)
                || match == (NOT | NAPOT)
                || match == (NOT | MASK_LOW)
                || match == (NOT | MASK_HIGH);
    }

    private long highest() {
        return bits == 64 ? -1L : 0xffffffffL;
    }

    /** Whether an access of so many bytes matches; it may go on past the highest address at 0. */
    boolean matches(long address, int size) {
        long last = address + size - 1 & highest();
        boolean touched = Long.compareUnsigned(address, last) <= 0
                ? touches(address, last)
                : touches(address, highest()) || touches(0, last);
        return touched != (match >= NOT);
    }

    private boolean touches(long first, long last) {
        return switch (match & ~NOT) {
            case MASK_LOW, MASK_HIGH -> {
                for (long each = first; ; each++) {
                    if (masked(each)) {
                        yield true;
                    }
                    if (each == last) {
                        yield false;
                    }
                }
            }
            default -> {
                Span span = bounds();
                yield span != null
                        && Long.compareUnsigned(span.first, last) <= 0
                        && Long.compareUnsigned(first, span.last) <= 0;
            }
        };
    }

    private boolean masked(long address) {
        int half = bits / 2;
        long low = (1L << half) - 1;
        long compared = (match & ~NOT) == MASK_LOW ? address : address >>> half;
        return (compared & value >>> half & low) == (value & low);
    }

    /** The addresses that match are in it: all where no less can be said; null where there are none. */
    @Nullable
    Span span() {
        return match >= NOT ? everything() : bounds();
    }

    /** The same of the comparison that {@link #NOT} turns round. */
    private @Nullable Span bounds() {
        return switch (match & ~NOT) {
            case EQUAL -> new Span(value, value);
            case NAPOT -> napot();
            case NOT_BELOW -> new Span(value, highest());
            case BELOW -> value == 0 ? null : new Span(0, value - 1);
            default -> everything();
        };
    }

    private Span everything() {
        return new Span(0, highest());
    }

    /** The lowest zero of the value says how large the range is. */
    private Span napot() {
        long ones = value ^ value + 1 & highest();
        return new Span(value & ~ones, value | ones);
    }

    /** The first byte of a matching access that matches, as far as it is told by bounds. */
    long firstMatch(long address, int size) {
        Span span = match > NOT_BELOW ? null : span();
        if (span == null) {
            return address;
        }
        long into = span.first - address & highest();
        return Long.compareUnsigned(into, size) < 0 ? span.first : address;
    }
}
