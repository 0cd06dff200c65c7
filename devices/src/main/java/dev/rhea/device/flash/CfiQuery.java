package dev.rhea.device.flash;

/**
 * What flash memory says of itself: JEDEC's Common Flash Interface (JESD68.01), with the Intel command set's extension (Intel
 * StrataFlash P30 data sheet, appendix B). An address is that of a device's word.
 */
final class CfiQuery {
    /** Bytes of the write buffer of one device, as a power of 2. */
    static final int BUFFER_LOG2 = 11;

    private static final int EXTENSION = 0x31;

    private final byte[] table = new byte[0x40];

    /**
     * The table of one device.
     *
     * @param deviceLog2 its bytes, as a power of 2
     * @param sectors how many it erases one by one
     * @param sectorSize in bytes; a multiple of 256
     */
    CfiQuery(int deviceLog2, int sectors, int sectorSize) {
        put(0x10, 'Q', 'R', 'Y');
        // Command set: Intel's extended one; where its extension is; no second set.
        put(0x13, 0x01, 0x00, EXTENSION, 0x00);
        // Supply voltages in volts and tenths: 4.5 to 5.5; no programming voltage.
        put(0x1b, 0x45, 0x55, 0x00, 0x00);
        // Times as powers of 2: a word and a buffer in microseconds, a sector in milliseconds; no whole chip. Then
        // factors.
        put(0x1f, 0x07, 0x07, 0x0a, 0x00, 0x04, 0x04, 0x04, 0x00);
        // Size; an interface of 16 bits; the write buffer.
        put(0x27, deviceLog2, 0x02, 0x00, BUFFER_LOG2, 0x00);
        // One region of equal sectors: how many less 1, and their size in 256 bytes.
        put(0x2c, 0x01, sectors - 1, sectors - 1 >> 8, sectorSize >> 8, sectorSize >> 16);
        // The extension, version 1.0, without optional features; one protection register.
        put(EXTENSION, 'P', 'R', 'I', '1', '0');
        put(0x3f, 0x01);
    }

    private void put(int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            table[at + i] = (byte) values[i];
        }
    }

    /** The byte at a word's address; 0 beyond the table. */
    int get(long word) {
        return word < table.length ? table[(int) word] & 0xff : 0;
    }
}
