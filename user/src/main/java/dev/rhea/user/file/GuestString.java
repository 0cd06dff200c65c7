package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;

/** Strings of the guest that end with a NUL. */
public final class GuestString {
    private GuestString() {}

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    /**
     * Copies a string with its NUL to host memory.
     *
     * @param room bytes at {@code to}; a multiple of 8 is enough for {@code max} of them
     * @return its length without the NUL, or -1 if {@code max} bytes hold no NUL
     * @throws GuestMemory.BadAddress where it is not readable
     */
    public static int copy(GuestMemory memory, boolean bigEndian, long from, long to, int max) {
        int n = 0;
        while (n < max) {
            long at = from + n;
            if ((at & 7) != 0 || max - n < 8) {
                byte b = (byte) memory.read(at, 1);
                RawMemory.putByte(to + n, b);
                if (b == 0) {
                    return n;
                }
                n++;
                continue;
            }
            long word = memory.read(at, 8); // aligned: never crosses into a page that the string does not reach
            if (bigEndian) {
                word = Long.reverseBytes(word);
            }
            putLittleEndian(to + n, word);
            long zeros = word - ONES & ~word & HIGHS;
            if (zeros != 0) {
                return n + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
            n += 8;
        }
        return -1;
    }

    private static void putLittleEndian(long at, long word) {
        RawMemory.putLong(at, dev.rhea.user.file.layout.DataModel.HOST.bigEndian() ? Long.reverseBytes(word) : word);
    }
}
