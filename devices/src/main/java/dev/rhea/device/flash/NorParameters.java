package dev.rhea.device.flash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What serial flash says of itself: JEDEC JESD216B, "Serial Flash Discoverable Parameters", with the basic table and that of
 * instructions with 4-byte addresses, for a chip like ISSI's IS25WP256D.
 */
final class NorParameters {
    private static final int BASIC = 0x30;
    private static final int BASIC_WORDS = 16;
    private static final int FOUR_BYTE = BASIC + 4 * BASIC_WORDS;
    private static final int FOUR_BYTE_WORDS = 2;

    private final byte[] table;

    /** @param size bytes of the chip */
    NorParameters(long size) {
        ByteBuffer out = ByteBuffer.allocate(FOUR_BYTE + 4 * FOUR_BYTE_WORDS).order(ByteOrder.LITTLE_ENDIAN);
        while (out.hasRemaining()) {
            out.put((byte) 0xff);
        }
        out.position(0);
        out.putInt(0x50444653); // "SFDP"
        out.putInt(0xff01_0106); // revision 1.6, two headers
        header(out, 0x00, 6, BASIC_WORDS, BASIC);
        header(out, 0x84, 0, FOUR_BYTE_WORDS, FOUR_BYTE);
        out.position(BASIC);
        for (int word : basic(size)) {
            out.putInt(word);
        }
        // All reads but DTR's, page programs on one and four lines, the first three erase types.
        out.putInt(0x0eff);
        out.putInt(0xffdc_5c21);
        table = out.array();
    }

    private static void header(ByteBuffer out, int id, int minor, int words, int at) {
        out.put((byte) id).put((byte) minor).put((byte) 1).put((byte) words);
        out.putInt(0xff00_0000 | at);
    }

    private static int[] basic(long size) {
        return new int[] {
            // Sectors of 4 KiB (20h), 3 or 4 address bytes, fast reads 1-1-2, 1-2-2, 1-4-4 and 1-1-4.
            0xfff3_20e5,
            (int) (8 * size - 1),
            0x6b08_eb44, // 1-1-4: 8 clocks; 1-4-4: 2 of mode, 4 of waiting
            0xbb80_3b08, // 1-2-2: 4 of mode; 1-1-2: 8 clocks
            0xffff_ffee, // neither 2-2-2 nor 4-4-4
            0x0000_ffff,
            0x0000_ffff,
            0x520f_200c, // erases 32 KiB (52h), 4 KiB (20h)
            0xff00_d810, // erases 64 KiB (D8h)
            2 | 2 << 4 | 1 << 9 | 7 << 11 | 1 << 16 | 9 << 18 | 1 << 23, // 48, 128 and 160 ms
            2 | 8 << 4 | 2 << 8 | 1 << 13 | 16 << 24 | 2 << 29 | 1 << 31, // pages of 256 bytes, 192 us; the chip 68 s
            0x8000_0000, // nothing is suspended
            0,
            0x8000_0004, // polled by bit 0 of the status
            0x0020_0000, // quad enable is bit 6 of the status
            0x2100_5001, // 4-byte addresses by B7h and E9h, or by instructions of their own; reset by 66h and 99h
        };
    }

    int get(int address) {
        return address < table.length ? table[address] & 0xff : 0xff;
    }
}
