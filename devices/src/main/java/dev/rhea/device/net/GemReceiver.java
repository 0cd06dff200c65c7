package dev.rhea.device.net;

import static dev.rhea.device.net.GemRegs.*;

import dev.rhea.device.register.Register;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.util.Arrays;

/** Puts frames into memory: Zynq-7000 manual, section 16.3.5. */
final class GemReceiver {
    static final int HEADER = 14;
    /** Without the frame check sequence. */
    static final int SHORTEST = 60;

    private static final int FCS = 4;
    private static final int VLAN = 0x8100;
    private static final int NORMAL = 1518;
    private static final int LONGER = 1536;
    private static final int LONGEST = 16 << 10;
    /** Types from here on are no lengths. */
    private static final int FIRST_TYPE = 0x600;

    /** What became of a frame. */
    enum Outcome {
        /** It is in memory. */
        RECEIVED,
        /** It is not wanted, or wrong. */
        DROPPED,
        /** There are too few buffers now. */
        NO_ROOM,
        /** Memory did not answer. */
        FAILED
    }

    private final AddressSpace memory;
    private final DescriptorRing ring;
    private final GemFilter filter;
    private final GemStatistics statistics;
    private final Register config;
    private final Register dma;
    private final Register jumbo;
    private final byte[] frame = new byte[LONGEST + FCS];

    GemReceiver(
            AddressSpace memory,
            DescriptorRing ring,
            GemFilter filter,
            GemStatistics statistics,
            Register config,
            Register dma,
            Register jumbo) {
        this.memory = memory;
        this.ring = ring;
        this.filter = filter;
        this.statistics = statistics;
        this.config = config;
        this.dma = dma;
        this.jumbo = jumbo;
    }

    /** Takes a frame without its check sequence. */
    Outcome receive(byte[] from, int offset, int given) {
        if (given < HEADER || given > LONGEST) {
            return Outcome.DROPPED;
        }
        int bits = filter.match(from, offset);
        if (bits == -1) {
            return Outcome.DROPPED;
        }
        int wants = config.get();
        int length = Math.max(given, SHORTEST);
        if (length + FCS > longest(wants)) {
            statistics.count(GemStatistics.RX_OVERSIZE);
            return Outcome.DROPPED;
        }
        int type = GemFilter.type(from, offset);
        if ((wants & LENGTH_ERROR_DISCARD) != 0 && type < FIRST_TYPE && type > given - HEADER) {
            statistics.count(GemStatistics.RX_LENGTH_ERRORS);
            return Outcome.DROPPED;
        }
        System.arraycopy(from, offset, frame, 0, given);
        Arrays.fill(frame, given, length, (byte) 0);
        if ((wants & RX_CHECKSUM) != 0) {
            FrameChecksum.Verdict verdict = new FrameChecksum(frame, 0, length).verify();
            if (isBad(verdict)) {
                return Outcome.DROPPED;
            }
            bits |= verdict.bits << RX_TYPE_SHIFT;
        }
        if (type == VLAN) {
            boolean priorityOnly = (frame[HEADER] & 15 | frame[HEADER + 1]) == 0;
            bits |= RX_VLAN | (priorityOnly ? RX_PRIORITY_TAG : 0) | (frame[HEADER] >> 5 & 7) << 17;
        }
        int total = length;
        if ((wants & FCS_REMOVE) == 0) {
            int fcs = FrameChecksum.ofFrame(frame, 0, length);
            for (int i = 0; i < FCS; i++) {
                frame[total++] = (byte) (fcs >> 8 * i);
            }
        }
        try {
            return store(bits, total, length);
        } catch (BusError e) {
            return Outcome.FAILED;
        }
    }

    private int longest(int wants) {
        if ((wants & JUMBO) != 0) {
            return jumbo.get();
        }
        return (wants & RECEIVE_1536) != 0 ? LONGER : NORMAL;
    }

    private boolean isBad(FrameChecksum.Verdict verdict) {
        switch (verdict) {
            case IP_BAD -> statistics.count(GemStatistics.RX_IP_CHECKSUM);
            case TCP_BAD -> statistics.count(GemStatistics.RX_TCP_CHECKSUM);
            case UDP_BAD -> statistics.count(GemStatistics.RX_UDP_CHECKSUM);
            case NOT_CHECKED, IP_GOOD, TCP_GOOD, UDP_GOOD -> {
                return false;
            }
        }
        return true;
    }

    private Outcome store(int bits, int total, int length) throws BusError {
        int size = (dma.get() >> RX_BUFFER_SHIFT & 0xff) * RX_BUFFER_UNIT;
        int skipped = config.get() >> RX_OFFSET_SHIFT & 3;
        if (size == 0) {
            return Outcome.NO_ROOM;
        }
        int buffers = (skipped + total + size - 1) / size;
        Outcome room = room(buffers);
        if (room != Outcome.RECEIVED) {
            return room;
        }
        int done = 0;
        for (int i = 0; i < buffers; i++) {
            int position = ring.next();
            int low = ring.word(position, 0);
            int start = i == 0 ? skipped : 0;
            int piece = Math.min(size - start, total - done);
            memory.write(ring.buffer(position, low & ~3) + start, frame, done, piece);
            done += piece;
            boolean last = i == buffers - 1;
            ring.setWord(position, 1, (i == 0 ? RX_START : 0) | (last ? RX_END | total | bits : 0));
            ring.publish(position, 0, low | RX_USED);
            ring.advance((low & RX_WRAP) != 0);
        }
        statistics.received(frame, 0, length + FCS);
        return Outcome.RECEIVED;
    }

    /** Whether so many buffers are free. A ring with fewer will never have them. */
    private Outcome room(int buffers) throws BusError {
        int position = ring.next();
        for (int i = 0; i < buffers; i++) {
            if (i > 0 && position == ring.next()) {
                return Outcome.DROPPED;
            }
            int word = ring.word(position, 0);
            if ((word & RX_USED) != 0) {
                return Outcome.NO_ROOM;
            }
            position = ring.after(position, (word & RX_WRAP) != 0);
        }
        return Outcome.RECEIVED;
    }
}
