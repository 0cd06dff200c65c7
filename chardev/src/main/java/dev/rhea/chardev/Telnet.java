package dev.rhea.chardev;

/** The parts of the telnet protocol (RFC 854, 856 to 858) that a line needs: it asks for single characters, echoed here. */
final class Telnet {
    private static final int IAC = 255;
    private static final int DONT = 254;
    private static final int WILL = 251;
    private static final int DO = 253;
    private static final int SB = 250;
    private static final int BREAK = 243;
    private static final int SE = 240;
    private static final int BINARY = 0;
    private static final int ECHO = 1;
    private static final int SUPPRESS_GO_AHEAD = 3;

    private enum State {
        DATA,
        COMMAND,
        OPTION,
        SUBNEGOTIATION,
        SUBNEGOTIATION_COMMAND
    }

    private final Runnable onBreak;
    private State state = State.DATA;

    /**
     * @param onBreak called when the other end sends a break
     */
    Telnet(Runnable onBreak) {
        this.onBreak = onBreak;
    }

    /** What is sent first. */
    static byte[] greeting() {
        int[] words = {IAC, WILL, ECHO, IAC, WILL, SUPPRESS_GO_AHEAD, IAC, WILL, BINARY, IAC, DO, BINARY};
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = (byte) words[i];
        }
        return bytes;
    }

    /** Takes the protocol out of what came, in place; how many bytes remain. */
    int decode(byte[] data, int length) {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            int b = data[i] & 0xff;
            switch (state) {
                case DATA -> {
                    if (b == IAC) {
                        state = State.COMMAND;
                    } else {
                        data[kept++] = (byte) b;
                    }
                }
                case COMMAND -> {
                    state = State.DATA;
                    if (b == IAC) {
                        data[kept++] = (byte) IAC;
                    } else if (b >= WILL && b <= DONT) {
                        state = State.OPTION;
                    } else if (b == SB) {
                        state = State.SUBNEGOTIATION;
                    } else if (b == BREAK) {
                        onBreak.run();
                    }
                }
                // Whether the other end agrees makes no difference to us.
                case OPTION -> state = State.DATA;
                case SUBNEGOTIATION -> state = b == IAC ? State.SUBNEGOTIATION_COMMAND : state;
                case SUBNEGOTIATION_COMMAND -> state = b == SE ? State.DATA : State.SUBNEGOTIATION;
            }
        }
        return kept;
    }

    /** Data as it is sent: byte 255 is doubled. */
    static byte[] encode(byte[] data, int offset, int length) {
        byte[] encoded = new byte[2 * length];
        int at = 0;
        for (int i = offset; i < offset + length; i++) {
            encoded[at++] = data[i];
            if ((data[i] & 0xff) == IAC) {
                encoded[at++] = (byte) IAC;
            }
        }
        return java.util.Arrays.copyOf(encoded, at);
    }
}
