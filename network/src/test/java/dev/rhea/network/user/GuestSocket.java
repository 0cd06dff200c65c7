package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.i32;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.IpAddress;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.TreeMap;

/** The guest's end of one TCP connection, as simple as can transfer data over a cable that loses some. */
final class GuestSocket {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;

    private static final int MSS = 1460;
    private static final int SCALE = 4;
    private static final long TIMEOUT = 60_000_000L;

    /** What becomes of frames on their way: given the frame and where it would go. */
    interface Cable {
        void pass(byte[] frame, java.util.function.Consumer<byte[]> to);
    }

    private final Guest guest;
    final IpAddress address;
    final int port;
    final IpAddress peer;
    final int peerPort;
    Cable outgoing = (frame, to) -> to.accept(frame);

    int sendUnacknowledged = 1000;
    int sendNext = 1000;
    private int sendHighest = 1000;
    int receiveNext;
    private int peerWindow;
    private int peerScale;
    private boolean scaled;
    int windowLimit = 1 << 20;
    boolean established;
    boolean reset;
    boolean peerFinished;
    boolean finAcknowledged;
    private boolean synReceived;
    private boolean finish;
    private byte[] data = {};
    private int dataStart;
    private int duplicates;
    private long timer = Long.MAX_VALUE;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    boolean keepReceived = true;
    long receivedBytes;
    long receivedSum;
    private final TreeMap<Integer, byte[]> early = new TreeMap<>((a, b) -> Integer.compare(a - b, 0));
    private int finSequence;
    private boolean finSeen;

    GuestSocket(Guest guest, IpAddress address, int port, IpAddress peer, int peerPort) {
        this.guest = guest;
        this.address = address;
        this.port = port;
        this.peer = peer;
        this.peerPort = peerPort;
    }

    void connect() {
        transmit(sendUnacknowledged, SYN, new byte[0]);
        sendNext = sendUnacknowledged + 1;
        sendHighest = sendNext;
        dataStart = sendNext;
        timer = System.nanoTime() + TIMEOUT;
    }

    /** Sends these bytes and, if {@code end}, a FIN after them. */
    void write(byte[] bytes, boolean end) {
        data = bytes;
        dataStart = sendUnacknowledged;
        finish = end;
        push();
    }

    boolean allAcknowledged() {
        return established && sendUnacknowledged - (dataStart + data.length) >= 0;
    }

    private int window() {
        return windowLimit;
    }

    void transmit(int sequence, int flags, byte[] bytes) {
        byte[] options = {};
        if ((flags & SYN) != 0) {
            options = new byte[] {2, 4, MSS >> 8, (byte) (MSS & 0xff), 1, 3, 3, SCALE};
        }
        int window =
                (flags & SYN) != 0 ? Math.min(65535, window()) : Math.min(65535, scaled ? window() >> SCALE : window());
        int ack = synReceived ? receiveNext : 0;
        byte[] frame = Guest.tcp(
                address, port, peer, peerPort, sequence, ack, flags | (synReceived ? ACK : 0), window, options, bytes);
        outgoing.pass(frame, guest::send);
    }

    void acknowledge() {
        transmit(sendNext, 0, new byte[0]);
    }

    /** Whether the frame is of this connection; if so it is handled. */
    boolean input(byte[] frame) {
        if (!Guest.isIp(frame) || Guest.protocol(frame) != Guest.TCP) {
            return false;
        }
        byte[] s = Guest.payload(frame);
        if (u16(s, 0) != peerPort || u16(s, 2) != port || !Guest.source(frame).equals(peer)) {
            return false;
        }
        Guest.checkTransport(frame);
        int flags = u8(s, 13);
        int header = (u8(s, 12) >>> 4) * 4;
        int sequence = i32(s, 4);
        if ((flags & RST) != 0) {
            reset = true;
            return true;
        }
        if ((flags & SYN) != 0) {
            if (!synReceived) {
                synReceived = true;
                receiveNext = sequence + 1;
                options(s, header);
            }
            if ((flags & ACK) == 0) {
                transmit(sendUnacknowledged, SYN, new byte[0]);
                sendNext = sendUnacknowledged + 1;
                sendHighest = sendNext;
                return true;
            }
        }
        if ((flags & ACK) != 0) {
            acknowledged(i32(s, 8), u16(s, 14), (flags & SYN) != 0, s.length - header);
        }
        text(sequence, Arrays.copyOfRange(s, header, s.length), (flags & FIN) != 0, (flags & SYN) != 0);
        return true;
    }

    private void options(byte[] s, int header) {
        for (int at = 20; at < header; at += u8(s, at) == 1 ? 1 : u8(s, at + 1)) {
            if (u8(s, at) == 3) {
                peerScale = u8(s, at + 2);
                scaled = true;
            }
        }
    }

    private void acknowledged(int ack, int window, boolean syn, int length) {
        int before = peerWindow;
        peerWindow = syn ? window : window << peerScale;
        if (ack - sendUnacknowledged > 0 && ack - sendHighest <= 0) {
            sendUnacknowledged = ack;
            if (sendNext - ack < 0) {
                sendNext = ack;
            }
            established = true;
            duplicates = 0;
            timer = sendUnacknowledged == sendHighest ? Long.MAX_VALUE : System.nanoTime() + TIMEOUT;
            if (finish && ack - (dataStart + data.length) > 0) {
                finAcknowledged = true;
            }
        } else if (ack == sendUnacknowledged && sendHighest != ack && length == 0 && before == peerWindow) {
            if (++duplicates == 3) {
                segment(sendUnacknowledged);
            }
        }
        push();
    }

    private void text(int sequence, byte[] bytes, boolean fin, boolean syn) {
        if (syn) {
            acknowledge();
            return;
        }
        if (fin) {
            finSeen = true;
            finSequence = sequence + bytes.length;
        }
        if (bytes.length > 0) {
            int old = receiveNext - sequence;
            if (old < bytes.length && early.size() < 2000) {
                early.merge(sequence, bytes, (a, b) -> a.length >= b.length ? a : b);
            }
            while (!early.isEmpty() && early.firstKey() - receiveNext <= 0) {
                var first = early.pollFirstEntry();
                int skip = receiveNext - first.getKey();
                byte[] piece = first.getValue();
                if (skip < piece.length) {
                    take(piece, skip);
                }
            }
        }
        if (finSeen && receiveNext == finSequence) {
            receiveNext++;
            peerFinished = true;
        }
        if (bytes.length > 0 || fin) {
            acknowledge();
        }
    }

    private void take(byte[] piece, int skip) {
        if (keepReceived) {
            received.write(piece, skip, piece.length - skip);
        }
        for (int i = skip; i < piece.length; i++) {
            receivedSum = receivedSum * 31 + piece[i];
        }
        receivedBytes += piece.length - skip;
        receiveNext += piece.length - skip;
    }

    /** Sends what the window allows. */
    void push() {
        if (!established || reset) {
            return;
        }
        int end = dataStart + data.length;
        while (true) {
            int room = sendUnacknowledged + peerWindow - sendNext;
            int left = end - sendNext;
            if (left > 0 && room > 0 && !(room < MSS && room < left && sendNext != sendUnacknowledged)) {
                sendNext += segment(sendNext);
            } else if (left == 0 && finish && !finAcknowledged) {
                segment(sendNext++);
            } else {
                break;
            }
            if (sendNext - sendHighest > 0) {
                sendHighest = sendNext;
            }
            if (timer == Long.MAX_VALUE) {
                timer = System.nanoTime() + TIMEOUT;
            }
        }
    }

    private int segment(int sequence) {
        int from = sequence - dataStart;
        int room = Math.max(1, sendUnacknowledged + peerWindow - sequence);
        int length = Math.max(0, Math.min(Math.min(MSS, room), data.length - from));
        boolean fin = finish && from + length == data.length;
        byte[] bytes = from < data.length ? Arrays.copyOfRange(data, from, from + length) : new byte[0];
        boolean alone = length > 0 && fin;
        transmit(sequence, fin && !alone ? FIN : 0, bytes);
        return length;
    }

    /** Repeats what was not acknowledged for long. */
    void tick() {
        if (System.nanoTime() < timer || reset) {
            return;
        }
        timer = System.nanoTime() + TIMEOUT;
        duplicates = 0;
        if (!established) {
            transmit(sendUnacknowledged, SYN, new byte[0]);
        } else {
            sendNext = sendUnacknowledged;
            push();
        }
    }

    /** Turns the stack and handles what comes until something is true. */
    void until(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            pump();
            if (!condition.getAsBoolean() && guest.frames.isEmpty()) {
                guest.stack.loop().turn(1_000_000);
            }
        }
    }

    void pump() {
        assertThat(Thread.interrupted()).as("the test has timed out").isFalse();
        guest.turn();
        for (byte[] frame = guest.frames.poll(); frame != null; frame = guest.frames.poll()) {
            input(frame);
        }
        tick();
    }
}
