package dev.rhea.arch.riscv;

/** The pieces of SM4 (GB/T 32907) that the scalar and vector instructions are made of. */
public final class Sm4 {
    private Sm4() {}

    private static final byte[] SBOX = new byte[256];

    private static final int POLYNOMIAL = 0x1f5;
    private static final int CONSTANT = 0xd3;

    static {
        // inversion in the field between two equal affine maps
        byte[] inverse = new byte[256];
        for (int a = 1; a < 256; a++) {
            if (inverse[a] == 0) {
                int b = 1;
                while (times(a, b) != 1) {
                    b++;
                }
                inverse[a] = (byte) b;
                inverse[b] = (byte) a;
            }
        }
        for (int x = 0; x < 256; x++) {
            SBOX[x] = (byte) (affine(inverse[affine(x)] & 0xff));
        }
    }

    private static int times(int x, int y) {
        int product = 0;
        for (int power = x; y != 0; y >>= 1) {
            product ^= (y & 1) * power;
            power <<= 1;
            power ^= (power >> 8) * POLYNOMIAL;
        }
        return product;
    }

    private static int affine(int x) {
        int result = CONSTANT;
        for (int i = 0; i < 8; i++) {
            int row = 0xa7 << i | 0xa7 >> 8 - i;
            result ^= (Integer.bitCount(x & row & 0xff) & 1) << i;
        }
        return result;
    }

    /** A byte through the substitution box. */
    public static int sbox(int x) {
        return SBOX[x & 0xff] & 0xff;
    }

    /** The linear map of the cipher. */
    public static int linear(int x) {
        return x
                ^ Integer.rotateLeft(x, 2)
                ^ Integer.rotateLeft(x, 10)
                ^ Integer.rotateLeft(x, 18)
                ^ Integer.rotateLeft(x, 24);
    }

    /** The linear map of the key schedule. */
    public static int keyLinear(int x) {
        return x ^ Integer.rotateLeft(x, 13) ^ Integer.rotateLeft(x, 23);
    }
}
