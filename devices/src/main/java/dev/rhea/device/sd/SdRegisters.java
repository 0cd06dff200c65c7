package dev.rhea.device.sd;

import java.nio.charset.StandardCharsets;

/**
 * What a card says of itself: chapter 5, "Card Registers". Up to 2 GiB it is a standard capacity card with addresses in bytes,
 * above it has high capacity and addresses in blocks.
 *
 * @param size bytes: a power of 2
 * @param readOnly whether it takes no writes
 */
record SdRegisters(long size, boolean readOnly) {
    static final int BLOCK = 512;

    /** What a card can have: standard capacity at least, and what the 22 bits of C_SIZE hold. */
    static final long MIN_SIZE = 2048;

    static final long MAX_SIZE = 1L << 41;

    private static final long MAX_STANDARD = 2L << 30;
    private static final int OCR_VOLTAGES = 0xff8000; // 2.7 to 3.6 V
    private static final int OCR_CAPACITY = 1 << 30;
    private static final int OCR_READY = 1 << 31;

    // Card command classes: section 4.7.3.
    private static final int BASIC = 1;
    private static final int BLOCK_READ = 1 << 2;
    private static final int BLOCK_WRITE = 1 << 4;
    private static final int ERASE = 1 << 5;
    private static final int APPLICATION = 1 << 8;
    private static final int SWITCH = 1 << 10;

    private static final int TRAN_SPEED_25_MHZ = 0x32;
    private static final int TRAN_SPEED_50_MHZ = 0x5a;

    boolean highCapacity() {
        return size > MAX_STANDARD;
    }

    /** Operation conditions. @param ready whether initialization is complete */
    int ocr(boolean ready) {
        return OCR_VOLTAGES | (ready ? OCR_READY | (highCapacity() ? OCR_CAPACITY : 0) : 0);
    }

    /** Identification: no manufacturer's. */
    byte[] cid() {
        byte[] cid = new byte[16];
        cid[0] = (byte) 0xaa;
        byte[] names = "XYQEMU!".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(names, 0, cid, 1, names.length);
        cid[8] = 0x01; // revision 0.1
        field(cid, 55, 24, 0xdeadbeef);
        field(cid, 19, 8, 6 << 4 | 2); // February 2006
        return sealed(cid);
    }

    /** Specific data. @param highSpeed whether 50 MHz were chosen */
    byte[] csd(boolean highSpeed) {
        byte[] csd = new byte[16];
        field(csd, 103, 96, highSpeed ? TRAN_SPEED_50_MHZ : TRAN_SPEED_25_MHZ);
        field(csd, 95, 84, BASIC | BLOCK_READ | APPLICATION | SWITCH | (readOnly ? 0 : BLOCK_WRITE | ERASE));
        field(csd, 46, 46, 1); // single blocks can be erased
        field(csd, 45, 39, 127); // SECTOR_SIZE: 128 blocks
        field(csd, 28, 26, 2); // a write takes 4 times as long as a read
        field(csd, 12, 12, readOnly ? 1 : 0);
        if (highCapacity()) {
            field(csd, 127, 126, 1);
            field(csd, 119, 112, 0x0e); // 1 ms
            field(csd, 83, 80, 9);
            field(csd, 69, 48, (int) (size / (512 << 10) - 1));
            field(csd, 25, 22, 9);
        } else {
            field(csd, 119, 112, 0x26); // 1.5 ms
            int log = Long.numberOfTrailingZeros(size);
            // The size is (C_SIZE + 1) * 2 ^ (C_SIZE_MULT + 2) * 2 ^ READ_BL_LEN, with C_SIZE below 4096.
            int length = log > 30 ? 10 : 9;
            int multiplier = Math.min(7, log - length - 2);
            field(csd, 83, 80, length);
            field(csd, 79, 79, 1); // parts of a block can be read
            field(csd, 73, 62, (1 << log - length - 2 - multiplier) - 1);
            field(csd, 49, 47, multiplier);
            field(csd, 25, 22, length);
        }
        return sealed(csd);
    }

    /** Configuration: version 2.00, one or four data lines. */
    byte[] scr() {
        return new byte[] {0x02, 0x05, 0, 0, 0, 0, 0, 0};
    }

    /** Status: nothing of what it could tell. */
    byte[] status() {
        return new byte[64];
    }

    /**
     * What CMD6 answers: section 4.3.10. In function group 1 there are default and high speed; the others have only their default.
     *
     * @param argument of the command
     * @param highSpeed what group 1 has chosen so far
     */
    byte[] functions(int argument, boolean highSpeed) {
        byte[] status = new byte[64];
        boolean possible = true;
        for (int group = 1; group <= 6; group++) {
            int supported = group == 1 ? 3 : 1;
            int wanted = argument >> 4 * (group - 1) & 15;
            int current = group == 1 && highSpeed ? 1 : 0;
            int result = wanted == 15 ? current : wanted < 2 && (supported >> wanted & 1) != 0 ? wanted : 15;
            possible &= result != 15;
            status[14 - 2 * group] = (byte) 0x80;
            status[15 - 2 * group] = (byte) supported;
            int at = 16 - (group - 1) / 2;
            status[at] |= (byte) (group % 2 == 1 ? result : result << 4);
        }
        status[1] = (byte) (possible ? 1 : 0); // mA; 0 says that it cannot be
        return status;
    }

    /** Sets bits of a register; bit 0 is the last byte's lowest. */
    private static void field(byte[] register, int high, int low, int value) {
        for (int bit = low; bit <= high; bit++) {
            if ((value >>> bit - low & 1) != 0) {
                register[register.length - 1 - bit / 8] |= (byte) (1 << bit % 8);
            }
        }
    }

    private static byte[] sealed(byte[] register) {
        register[15] = (byte) (SdChecksum.crc7(register, 15) << 1 | 1);
        return register;
    }
}
