package dev.rhea.device.net;

import static dev.rhea.device.net.GemRegs.*;

import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** Takes frames out of memory: Zynq-7000 manual, section 16.3.6. */
final class GemTransmitter {
    /** The longest frame that is put together. */
    private static final int LONGEST = 16 << 10;

    /** Buffers of a frame: more is nonsense. */
    private static final int MOST_BUFFERS = 1024;

    private static final int FCS = 4;

    /** Where frames go, and what is said of it. */
    interface Output {
        void send(byte[] frame, int length);

        /** A frame is sent, or there is none: bits of tx_status and intr_status. */
        void report(int status, int interrupt);

        /** Whether checksums are made. */
        boolean makesChecksums();
    }

    private final AddressSpace memory;
    private final DescriptorRing ring;
    private final GemStatistics statistics;
    private final Output output;
    private final byte[] frame = new byte[LONGEST];

    GemTransmitter(AddressSpace memory, DescriptorRing ring, GemStatistics statistics, Output output) {
        this.memory = memory;
        this.ring = ring;
        this.statistics = statistics;
        this.output = output;
    }

    /** Sends frames until there are no more. @param most how many at once @return whether there may be more */
    boolean run(int most) {
        for (int i = 0; i < most; i++) {
            try {
                if (!frame()) {
                    return false;
                }
            } catch (BusError e) {
                output.report(TX_RESPONSE_ERROR, INT_RESPONSE_ERROR);
                return false;
            }
        }
        return true;
    }

    /** @return whether there was a frame */
    private boolean frame() throws BusError {
        int first = ring.next();
        int position = first;
        int length = 0;
        boolean plain = false;
        for (int buffers = 0; ; buffers++) {
            int control = ring.word(position, 1);
            if ((control & TX_USED) != 0) {
                if (buffers > 0) {
                    output.report(TX_USED_READ | TX_CORRUPT, INT_TX_USED | INT_TX_CORRUPT);
                } else {
                    output.report(TX_USED_READ, INT_TX_USED);
                }
                return false;
            }
            int piece = control & TX_LENGTH;
            if (buffers == MOST_BUFFERS || length + piece > LONGEST) {
                output.report(TX_CORRUPT, INT_TX_CORRUPT);
                return false;
            }
            if (buffers == 0) {
                plain = (control & TX_NO_CRC) != 0;
            }
            memory.read(ring.buffer(position, ring.word(position, 0)), frame, length, piece);
            length += piece;
            position = ring.after(position, (control & TX_WRAP) != 0);
            if ((control & TX_LAST) != 0) {
                break;
            }
        }
        send(length, plain);
        // The first buffer of a frame tells that all of them are free.
        ring.publish(first, 1, ring.word(first, 1) | TX_USED);
        ring.load(ring.base(), position);
        output.report(TX_COMPLETE, INT_TX_COMPLETE);
        return true;
    }

    /** @param plain whether software has made the frame check sequence, which is there then */
    private void send(int given, boolean plain) {
        int length = plain ? Math.max(0, given - FCS) : given;
        if (length < GemReceiver.HEADER) {
            return; // no frame
        }
        if (!plain && output.makesChecksums()) {
            new FrameChecksum(frame, 0, length).fill();
        }
        statistics.sent(frame, Math.max(length, GemReceiver.SHORTEST) + FCS);
        output.send(frame, length);
    }
}
