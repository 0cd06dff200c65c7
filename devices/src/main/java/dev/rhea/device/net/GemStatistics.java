package dev.rhea.device.net;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import java.util.Arrays;

/** The statistics registers, from 0x100 on: a counter is cleared when it is read, and stays at its maximum. */
final class GemStatistics {
    private static final int FIRST = 0x100;
    static final int COUNT = 45;

    static final int TX_OCTETS = at(0x100);
    static final int TX_FRAMES = at(0x108);
    static final int TX_BROADCAST = at(0x10c);
    static final int TX_MULTICAST = at(0x110);
    static final int TX_64 = at(0x118);
    static final int RX_OCTETS = at(0x150);
    static final int RX_FRAMES = at(0x158);
    static final int RX_BROADCAST = at(0x15c);
    static final int RX_MULTICAST = at(0x160);
    static final int RX_64 = at(0x168);
    static final int RX_OVERSIZE = at(0x188);
    static final int RX_LENGTH_ERRORS = at(0x194);
    static final int RX_NO_RESOURCE = at(0x1a0);
    static final int RX_IP_CHECKSUM = at(0x1a8);
    static final int RX_TCP_CHECKSUM = at(0x1ac);
    static final int RX_UDP_CHECKSUM = at(0x1b0);

    private static final int[] SIZES = {64, 127, 255, 511, 1023, 1518};
    private static final int OCTETS_HIGH = 0xffff;

    private final int[] counters = new int[COUNT];

    private static int at(int offset) {
        return (offset - FIRST) / 4;
    }

    /** Declares the registers. @param control the one that allows software to write them */
    void declare(RegisterTable table, Register control) {
        for (int i = 0; i < COUNT; i++) {
            int counter = i;
            table.add(FIRST + 4 * i, "statistics" + i)
                    .reads(() -> take(counter))
                    .writes(value -> {
                        if ((control.get() & GemRegs.WRITE_STATISTICS) != 0) {
                            counters[counter] = value;
                        }
                    });
        }
    }

    private int take(int counter) {
        int value = counters[counter];
        counters[counter] = 0;
        return value;
    }

    void count(int counter) {
        if (counters[counter] != -1) {
            counters[counter]++;
        }
    }

    /** All by one, for tests of the software. */
    void countAll() {
        for (int i = 0; i < COUNT; i++) {
            count(i);
        }
    }

    void clear() {
        Arrays.fill(counters, 0);
    }

    void sent(byte[] frame, int length) {
        frame(TX_OCTETS, TX_FRAMES, TX_BROADCAST, TX_MULTICAST, TX_64, frame, 0, length);
    }

    void received(byte[] frame, int offset, int length) {
        frame(RX_OCTETS, RX_FRAMES, RX_BROADCAST, RX_MULTICAST, RX_64, frame, offset, length);
    }

    /** @param length with the frame check sequence */
    private void frame(
            int octets, int frames, int broadcast, int multicast, int smallest, byte[] frame, int offset, int length) {
        long total = (counters[octets] & 0xffffffffL | (long) counters[octets + 1] << 32) + length;
        counters[octets] = (int) total;
        counters[octets + 1] = (int) (total >>> 32) & OCTETS_HIGH;
        count(frames);
        if (GemFilter.isBroadcast(frame, offset)) {
            count(broadcast);
        } else if ((frame[offset] & 1) != 0) {
            count(multicast);
        }
        int size = 0;
        while (size < SIZES.length && length > SIZES[size]) {
            size++;
        }
        count(smallest + size);
    }

    int[] save() {
        return counters.clone();
    }

    void load(int[] saved) {
        System.arraycopy(saved, 0, counters, 0, COUNT);
    }
}
