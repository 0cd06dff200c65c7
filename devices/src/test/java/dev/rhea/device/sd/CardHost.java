package dev.rhea.device.sd;

import dev.rhea.device.spi.SpiChip;
import java.util.Arrays;

/** A host on the card's bus, with the sequences of chapter 7. */
public final class CardHost {
    private final SpiChip card;

    public CardHost(SpiChip card) {
        this.card = card;
    }

    /** Clocks a byte in while sending nothing. */
    public int next() {
        return card.exchange(0xff);
    }

    /** Sends a command. @return R1 */
    public int command(int index, int argument) {
        byte[] bytes = frame(index, argument);
        for (byte each : bytes) {
            card.exchange(each & 0xff);
        }
        return index == SdCommand.STOP_TRANSMISSION ? afterStop() : response();
    }

    private int afterStop() {
        next(); // the stuff byte
        return response();
    }

    public static byte[] frame(int index, int argument) {
        byte[] bytes = {
            (byte) (0x40 | index),
            (byte) (argument >> 24),
            (byte) (argument >> 16),
            (byte) (argument >> 8),
            (byte) argument,
            0
        };
        bytes[5] = (byte) (SdChecksum.crc7(bytes, 5) << 1 | 1);
        return bytes;
    }

    /** Waits for a byte that is a response. */
    int response() {
        for (int i = 0; i < 9; i++) {
            int in = next();
            if ((in & 0x80) == 0) {
                return in;
            }
        }
        return 0xff;
    }

    public int application(int index, int argument) {
        command(SdCommand.APP_CMD, 0);
        return command(index, argument);
    }

    int word() {
        return next() << 24 | next() << 16 | next() << 8 | next();
    }

    /** The first byte that is not idle. */
    int token() {
        for (int i = 0; i < 20; i++) {
            int in = next();
            if (in != 0xff) {
                return in;
            }
        }
        return 0xff;
    }

    /** A data block; empty where something else came, or its checksum is wrong. */
    byte[] block(int length) {
        if (token() != SdCommand.START_BLOCK) {
            return new byte[0];
        }
        byte[] data = new byte[length + 2];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) next();
        }
        int crc = (data[length] & 0xff) << 8 | data[length + 1] & 0xff;
        return crc == SdChecksum.crc16(data, 0, length) ? Arrays.copyOf(data, length) : new byte[0];
    }

    /** Sends a data block. @return the data response */
    int send(int token, byte[] data, int crcFault) {
        card.exchange(token);
        for (byte each : data) {
            card.exchange(each & 0xff);
        }
        int crc = SdChecksum.crc16(data, 0, data.length) ^ crcFault;
        card.exchange(crc >> 8);
        card.exchange(crc & 0xff);
        return next();
    }

    /** Whether the card holds the line low. */
    boolean isBusy() {
        return next() == 0;
    }

    /** What software does to a card first. */
    public void initialize() {
        card.select(true);
        command(SdCommand.GO_IDLE_STATE, 0);
        command(SdCommand.SEND_IF_COND, 0x1aa);
        word();
        application(SdCommand.SD_SEND_OP_COND, 1 << 30);
        command(SdCommand.CRC_ON_OFF, 1);
    }
}
