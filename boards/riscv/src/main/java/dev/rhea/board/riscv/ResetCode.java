package dev.rhea.board.riscv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first instructions of a board with firmware: they hand over hart number, device tree and, in a2, what OpenSBI's fw_dynamic
 * wants to know of the next stage (its documentation, "fw_dynamic").
 */
final class ResetCode {
    private static final long MAGIC = 0x4942534f; // "OSBI"
    private static final long INFO_VERSION = 2;
    private static final long SUPERVISOR = 1;

    private ResetCode() {}

    /**
     * Code and data for the reset ROM.
     *
     * @param rom where it is to stand: a multiple of 4
     * @param xlen 32 or 64
     * @param firmware where to jump
     * @param tree address of the device tree
     * @param next where the firmware is to jump in S mode; 0 if it knows by itself
     */
    static byte[] of(long rom, int xlen, long firmware, long tree, long next) {
        boolean wide = xlen == 64;
        int word = xlen / 8;
        int code = 6 * 4 + (int) (rom & 4); // data are doublewords
        int info = code + 2 * 8;
        int load = wide ? 0x3000 : 0x2000; // funct3 of ld, lw
        ByteBuffer b = ByteBuffer.allocate(info + 6 * 8).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0x00000297); // auipc t0, 0
        b.putInt(info << 20 | 5 << 15 | 12 << 7 | 0x13); // addi a2, t0, info
        b.putInt(0xf1402573); // csrr a0, mhartid
        b.putInt(code + 8 << 20 | 5 << 15 | load | 11 << 7 | 0x03); // l{w,d} a1, tree(t0)
        b.putInt(code << 20 | 5 << 15 | load | 5 << 7 | 0x03); // l{w,d} t0, firmware(t0)
        b.putInt(0x00028067); // jr t0
        b.position(code);
        b.putLong(firmware);
        b.putLong(tree);
        for (long value : new long[] {MAGIC, INFO_VERSION, next, SUPERVISOR, 0, 0}) {
            if (word == 8) {
                b.putLong(value);
            } else {
                b.putInt((int) value);
            }
        }
        return b.array();
    }
}
