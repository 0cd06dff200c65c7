package dev.rhea.device.net;

import static dev.rhea.device.net.GemRegs.*;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import java.util.ArrayList;
import java.util.List;

/** Which frames are for this station: Zynq-7000 manual, section 16.2.4, "MAC Filtering". */
final class GemFilter {
    private static final int ADDRESSES = 4;
    private static final int VLAN = 0x8100;
    private static final int PAUSE = 0x8808;
    private static final int TYPE_ENABLED = 1 << 31;

    private final Register config;
    private final Register hashBottom;
    private final Register hashTop;
    private final List<Register> bottoms = new ArrayList<>();
    private final List<Register> tops = new ArrayList<>();
    private final List<Register> types = new ArrayList<>();
    private final Register maskBottom;
    private final Register maskTop;
    /** A bit for each specific address that counts: from when its top is written until its bottom is. */
    private int active;

    /** @param mac what the first specific address holds after reset */
    GemFilter(RegisterTable table, Register config, byte[] mac) {
        this.config = config;
        hashBottom = table.add(0x80, "hash_bot", 0, -1);
        hashTop = table.add(0x84, "hash_top", 0, -1);
        for (int i = 0; i < ADDRESSES; i++) {
            int bit = 1 << i;
            bottoms.add(table.add(0x88 + 8 * i, "spec_addr" + (i + 1) + "_bot", i == 0 ? (int) word(mac, 0) : 0, -1)
                    .writes(value -> active &= ~bit));
            tops.add(table.add(
                            0x8c + 8 * i,
                            "spec_addr" + (i + 1) + "_top",
                            i == 0 ? (int) (word(mac, 0) >>> 32) : 0,
                            0xffff)
                    .writes(value -> active |= bit));
            types.add(table.add(0xa8 + 4 * i, "type_id_match" + (i + 1), 0, TYPE_ENABLED | 0xffff));
        }
        maskBottom = table.add(0xc8, "spec_addr1_mask_bot", 0, -1);
        maskTop = table.add(0xcc, "spec_addr1_mask_top", 0, 0xffff);
    }

    /** Six bytes as a number, the first one lowest. */
    private static long word(byte[] bytes, int offset) {
        long value = 0;
        for (int i = 0; i < 6; i++) {
            value |= (bytes[offset + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    static boolean isBroadcast(byte[] frame, int offset) {
        return word(frame, offset) == 0xffffffffffffL;
    }

    static int type(byte[] frame, int offset) {
        return (frame[offset + 12] & 0xff) << 8 | frame[offset + 13] & 0xff;
    }

    /**
     * Looks at a frame of 14 bytes at least.
     *
     * @return bits of the descriptor that say why it is taken; -1 where it is not: no frame has all of them
     */
    int match(byte[] frame, int offset) {
        int wants = config.get();
        int type = type(frame, offset);
        if ((wants & DISCARD_NON_VLAN) != 0 && type != VLAN || (wants & DISCARD_PAUSE) != 0 && type == PAUSE) {
            return -1;
        }
        int bits = destination(wants, word(frame, offset));
        int byType = byType(wants, type);
        if (byType != 0) {
            return bits == -1 ? byType : bits | byType;
        }
        return bits == -1 && (wants & COPY_ALL) != 0 ? 0 : bits;
    }

    private int destination(int wants, long address) {
        if (address == 0xffffffffffffL) {
            return (wants & NO_BROADCAST) == 0 ? RX_BROADCAST : -1;
        }
        for (int i = 0; i < ADDRESSES; i++) {
            long own = bottoms.get(i).get() & 0xffffffffL | (long) tops.get(i).get() << 32;
            long ignored = i == 0 ? maskBottom.get() & 0xffffffffL | (long) maskTop.get() << 32 : 0;
            if ((active >> i & 1) != 0 && ((own ^ address) & ~ignored) == 0) {
                return RX_SPECIFIC | i << RX_SPECIFIC_SHIFT;
            }
        }
        boolean multicast = (address & 1) != 0;
        if ((wants & (multicast ? MULTICAST_HASH : UNICAST_HASH)) != 0 && isInHash(address)) {
            return multicast ? RX_MULTICAST_HASH : RX_UNICAST_HASH;
        }
        return -1;
    }

    /** The index is the exclusive or of the address's six-bit pieces. */
    private boolean isInHash(long address) {
        int index = 0;
        for (int i = 0; i < 48; i += 6) {
            index ^= (int) (address >> i) & 63;
        }
        Register half = index < 32 ? hashBottom : hashTop;
        return (half.get() >> (index & 31) & 1) != 0;
    }

    private int byType(int wants, int type) {
        for (int i = 0; i < types.size(); i++) {
            int wanted = types.get(i).get();
            if ((wanted & TYPE_ENABLED) != 0 && (wanted & 0xffff) == type) {
                // With checksums on, the descriptor tells of them in these bits.
                return (wants & RX_CHECKSUM) != 0 ? RX_TYPE_MATCH : RX_TYPE_MATCH | i << RX_TYPE_SHIFT;
            }
        }
        return 0;
    }

    int active() {
        return active;
    }

    static boolean accepts(int active) {
        return active >>> ADDRESSES == 0;
    }

    void setActive(int bits) {
        active = bits;
    }
}
