package dev.rhea.network.user.tcp;

/** RFC 9293 section 3.3.2, seen from our side; and what comes before. */
public enum TcpState {
    /** The guest sent SYN; the host has not connected yet. */
    CONNECTING,
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT,
    CLOSED;

    /** The reference's name in {@code info usernet}. */
    public String listed() {
        return switch (this) {
            case CONNECTING -> "SYN_SENT";
            case SYN_RECEIVED -> "SYN_RCVD";
            default -> name();
        };
    }
}
