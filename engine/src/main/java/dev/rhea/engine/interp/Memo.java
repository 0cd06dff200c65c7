package dev.rhea.engine.interp;

import java.util.Arrays;

/**
 * Words by instruction bits, so that an instruction met again costs no decoding. Direct-mapped: what collides is decoded
 * anew. How long an instruction is depends on its bits, so a table by its first 16 bits tells which lengths were seen.
 */
final class Memo {
    private static final int BITS = 16;

    private final int granule;

    /** By the first 16 bits: bit n set if an instruction of n granules began so. */
    private final short[] lengths;

    private final long[] lows = new long[1 << BITS];
    private final long[] highs;
    private final long[] words = new long[1 << BITS];
    private final byte[] modes = new byte[1 << BITS];

    Memo(int granule, int maxLength) {
        this.granule = granule;
        lengths = new short[1 << 16];
        highs = maxLength > 8 ? new long[1 << BITS] : new long[0];
    }

    /** Forgets everything. */
    void clear() {
        Arrays.fill(words, 0);
    }

    /** The word, or 0. */
    long find(long lo, long hi, int available, int mode) {
        for (int left = lengths[(int) lo & 0xffff] & 0xffff; left != 0; left &= left - 1) {
            int granules = Integer.numberOfTrailingZeros(left);
            int length = granules * granule;
            if (length <= available) {
                long low = low(lo, length);
                long high = high(hi, length);
                int i = index(low, high, length, mode);
                if (words[i] != 0
                        && lows[i] == low
                        && (highs.length == 0 || highs[i] == high)
                        && MicroOp.granules(words[i]) == granules
                        && modes[i] == mode) {
                    return words[i];
                }
            }
        }
        return 0;
    }

    void put(long lo, long hi, int length, int mode, long word) {
        lengths[(int) lo & 0xffff] |= (short) (1 << length / granule);
        long low = low(lo, length);
        long high = high(hi, length);
        int i = index(low, high, length, mode);
        lows[i] = low;
        if (highs.length != 0) {
            highs[i] = high;
        }
        words[i] = word;
        modes[i] = (byte) mode;
    }

    private static long low(long lo, int length) {
        return length >= 8 ? lo : lo & (1L << 8 * length) - 1;
    }

    private static long high(long hi, int length) {
        return length <= 8 ? 0 : length == 16 ? hi : hi & (1L << 8 * (length - 8)) - 1;
    }

    private static int index(long low, long high, int length, int mode) {
        long mixed = (low ^ Long.rotateLeft(high, 32) ^ (long) mode << 56) * 0x9e3779b97f4a7c15L + length;
        return (int) (mixed >>> 64 - BITS);
    }
}
