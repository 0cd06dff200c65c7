package dev.rhea.arch.riscv;

/** The pieces of AES (FIPS 197) that the scalar and vector instructions are made of. Bytes of a state count from bit 0. */
public final class Aes {
    private Aes() {}

    /** Round constants of the key schedule, by the instruction's round number 0 to 9; 10 stands for none. */
    private static final int[] RCON = new int[11];

    private static final byte[] SBOX = new byte[256];
    private static final byte[] INVERSE_SBOX = new byte[256];

    static {
        // 3 generates the field's multiplicative group, and 0xf6 is its inverse
        int p = 1;
        int q = 1;
        do {
            p = p ^ times2(p);
            q = times(q, 0xf6);
            int s = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63;
            SBOX[p] = (byte) s;
            INVERSE_SBOX[s] = (byte) p;
        } while (p != 1);
        SBOX[0] = 0x63;
        INVERSE_SBOX[0x63] = 0;
        for (int i = 0, c = 1; i < 10; i++, c = times2(c)) {
            RCON[i] = c;
        }
    }

    private static int rotate(int x, int n) {
        return (x << n | x >> 8 - n) & 0xff;
    }

    private static int times2(int x) {
        return (x << 1 ^ (x & 0x80) / 0x80 * 0x11b) & 0xff;
    }

    /** The product in the field of polynomials modulo x^8 + x^4 + x^3 + x + 1. */
    static int times(int x, int y) {
        int product = 0;
        for (int power = x; y != 0; y >>= 1, power = times2(power)) {
            product ^= power * (y & 1);
        }
        return product;
    }

    static int sbox(int x) {
        return SBOX[x & 0xff] & 0xff;
    }

    static int inverseSbox(int x) {
        return INVERSE_SBOX[x & 0xff] & 0xff;
    }

    /** The constant of a round of the key schedule. @param round 0 to 9; 10 has none, which is 0 */
    public static int rcon(int round) {
        return RCON[round];
    }

    /** SubWord: each byte through the substitution box. */
    public static int subWord(int word) {
        return sbox(word) | sbox(word >>> 8) << 8 | sbox(word >>> 16) << 16 | sbox(word >>> 24) << 24;
    }

    private static final int LOW_BITS = 0x7f7f7f7f;

    /** Every byte of a column doubled in the field. */
    private static int doubled(int column) {
        return (column & LOW_BITS) << 1 ^ (column >>> 7 & 0x01010101) * 0x1b;
    }

    /** MixColumns of one column: every byte times 2, plus the next times 3, plus the other two. */
    static int mixColumn(int column) {
        int twice = doubled(column);
        return twice
                ^ Integer.rotateRight(column ^ twice, 8)
                ^ Integer.rotateRight(column, 16)
                ^ Integer.rotateRight(column, 24);
    }

    /** InvMixColumns of one column: the factors 14, 11, 13, 9. */
    static int inverseMixColumn(int column) {
        int x2 = doubled(column);
        int x4 = doubled(x2);
        int x8 = doubled(x4);
        int x9 = x8 ^ column;
        return x8
                ^ x4
                ^ x2
                ^ Integer.rotateRight(x9 ^ x2, 8)
                ^ Integer.rotateRight(x9 ^ x4, 16)
                ^ Integer.rotateRight(x9, 24);
    }

    /** MixColumns of both columns of a doubleword. */
    public static long mixColumns(long columns) {
        return mixColumn((int) columns) & 0xffffffffL | (long) mixColumn((int) (columns >>> 32)) << 32;
    }

    /** InvMixColumns of both columns of a doubleword. */
    public static long inverseMixColumns(long columns) {
        return inverseMixColumn((int) columns) & 0xffffffffL | (long) inverseMixColumn((int) (columns >>> 32)) << 32;
    }

    /** Columns 0 and 1 of the state {@code high:low} after ShiftRows and SubBytes; with the halves exchanged, columns 2 and 3. */
    public static long shiftRowsAndSubBytes(long low, long high) {
        long result = 0;
        for (int i = 0; i < 8; i++) {
            result |= (long) sbox(stateByte(low, high, i + 4 * (i & 3))) << 8 * i;
        }
        return result;
    }

    /** Columns 0 and 1 of the state after InvShiftRows and InvSubBytes; with the halves exchanged, columns 2 and 3. */
    public static long inverseShiftRowsAndSubBytes(long low, long high) {
        long result = 0;
        for (int i = 0; i < 8; i++) {
            result |= (long) inverseSbox(stateByte(low, high, i - 4 * (i & 3))) << 8 * i;
        }
        return result;
    }

    private static int stateByte(long low, long high, int index) {
        int i = index & 15;
        return (int) ((i < 8 ? low : high) >>> 8 * (i & 7));
    }
}
