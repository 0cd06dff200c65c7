package dev.rhea.device.serial;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The other end of a serial line, for a test to look at. */
final class FakeWire implements SerialWire {
    final StringBuilder sent = new StringBuilder();
    final List<String> events = new ArrayList<>();
    /** How many more bytes it takes. */
    int capacity = Integer.MAX_VALUE;

    int accepts;
    Receiver port = new NoPort();

    @Override
    public boolean send(byte value) {
        if (capacity == 0) {
            return false;
        }
        capacity--;
        sent.append((char) (value & 0xff));
        return true;
    }

    @Override
    public void connect(Receiver receiver) {
        port = receiver;
    }

    @Override
    public void acceptInput() {
        accepts++;
    }

    @Override
    public void setBreak(boolean on) {
        events.add("break " + on);
    }

    @Override
    public void setParameters(int baud, Parity parity, int dataBits, int stopBits) {
        events.add(baud + " " + parity + " " + dataBits + " " + stopBits);
    }

    @Override
    public void setModemControl(boolean dtr, boolean rts) {
        events.add("dtr " + dtr + " rts " + rts);
    }

    void type(String text) {
        port.receive(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
    }

    private static final class NoPort implements Receiver {
        @Override
        public int room() {
            return 0;
        }

        @Override
        public void receive(byte[] bytes, int offset, int length) {}

        @Override
        public void receiveBreak() {}

        @Override
        public void writable() {}

        @Override
        public void setModemStatus(boolean cts, boolean dsr, boolean ri, boolean dcd) {}
    }
}
