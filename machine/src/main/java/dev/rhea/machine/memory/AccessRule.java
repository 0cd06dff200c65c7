package dev.rhea.machine.memory;

/**
 * Which accesses registers take. Sizes in bytes: powers of 2 from 1 to 8.
 *
 * @param validMin the smallest that is answered; smaller ones are bus errors
 * @param validMax the largest that is answered
 * @param implMin the smallest that {@link Registers} is asked for: a smaller read takes its part of a larger one, a smaller write
 *     comes as a larger one with the other bits 0
 * @param implMax the largest that {@link Registers} is asked for: larger accesses come in pieces, lowest address first
 * @param unaligned whether addresses need not be multiples of the size
 */
public record AccessRule(int validMin, int validMax, int implMin, int implMax, boolean unaligned) {
    /** Any size, each passed on as it is. */
    public static final AccessRule ANY = new AccessRule(1, 8, 1, 8, false);

    /** Bytes only; wider accesses come as bytes. */
    public static final AccessRule BYTES = new AccessRule(1, 8, 1, 1, false);

    /** 32-bit registers and nothing else. */
    public static final AccessRule WORDS = new AccessRule(4, 4, 4, 4, false);

    /** 32-bit registers that 64-bit accesses reach in two halves. */
    public static final AccessRule WORD_PAIRS = new AccessRule(4, 8, 4, 4, false);

    /** 32-bit registers that can also be reached in part. */
    public static final AccessRule WORDS_OR_PARTS = new AccessRule(1, 8, 4, 4, false);

    public AccessRule {
        if (Integer.bitCount(validMin) != 1
                || Integer.bitCount(validMax) != 1
                || Integer.bitCount(implMin) != 1
                || Integer.bitCount(implMax) != 1
                || validMin > validMax
                || implMin > implMax
                || validMax > 8
                || implMax > 8) {
            throw new IllegalArgumentException("sizes are powers of 2 from 1 to 8, the smallest first");
        }
    }
}
