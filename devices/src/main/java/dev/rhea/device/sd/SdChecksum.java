package dev.rhea.device.sd;

/** The two checksums of the SD bus: section 4.5. */
final class SdChecksum {
    private static final int CRC7 = 0x09; // x^7 + x^3 + 1
    private static final int CRC16 = 0x1021; // x^16 + x^12 + x^5 + 1

    private SdChecksum() {}

    /** Of commands and registers: 7 bits. */
    static int crc7(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            for (int bit = 7; bit >= 0; bit--) {
                int top = crc >> 6 ^ bytes[i] >> bit & 1;
                crc = crc << 1 & 0x7f ^ ((top & 1) != 0 ? CRC7 : 0);
            }
        }
        return crc;
    }

    /** Of data blocks: 16 bits. */
    static int crc16(byte[] bytes, int offset, int length) {
        int crc = 0;
        for (int i = offset; i < offset + length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ CRC16 : crc << 1;
            }
            crc &= 0xffff;
        }
        return crc;
    }
}
