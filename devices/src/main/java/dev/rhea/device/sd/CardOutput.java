package dev.rhea.device.sd;

import java.util.Arrays;

/** What a card has to send, byte by byte. */
final class CardOutput {
    private static final byte[] EMPTY = {};

    private byte[] bytes = EMPTY;
    private int sent;

    boolean isEmpty() {
        return sent == bytes.length;
    }

    /** The next byte; not if it is empty. */
    int next() {
        return bytes[sent++] & 0xff;
    }

    /** Drops what is there and sends these instead. */
    void send(int... values) {
        bytes = EMPTY;
        sent = 0;
        append(values);
    }

    void append(int... values) {
        byte[] more = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            more[i] = (byte) values[i];
        }
        append(more);
    }

    private void append(byte[] more) {
        byte[] rest = Arrays.copyOfRange(bytes, sent, bytes.length + more.length);
        System.arraycopy(more, 0, rest, bytes.length - sent, more.length);
        bytes = rest;
        sent = 0;
    }

    /** A data block with token and checksum, behind what is there. */
    void appendBlock(byte[] data, int offset, int length) {
        byte[] block = new byte[length + 3];
        block[0] = (byte) SdCommand.START_BLOCK;
        System.arraycopy(data, offset, block, 1, length);
        int crc = SdChecksum.crc16(data, offset, length);
        block[length + 1] = (byte) (crc >> 8);
        block[length + 2] = (byte) crc;
        append(block);
    }

    void clear() {
        bytes = EMPTY;
        sent = 0;
    }

    /** What was not sent yet. */
    byte[] save() {
        return Arrays.copyOfRange(bytes, sent, bytes.length);
    }

    void load(byte[] saved) {
        bytes = saved.clone();
        sent = 0;
    }
}
