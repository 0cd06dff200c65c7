package dev.rhea.device.serial;

/**
 * What a serial port is wired to: a character back end, behind an adapter that the board makes. Called with the machine lock
 * held; must not block.
 */
public interface SerialWire {
    /** A wire that leads nowhere: what is sent is lost, nothing comes. */
    SerialWire UNCONNECTED = new SerialWire() {
        @Override
        public boolean send(byte value) {
            return true;
        }
    };

    /**
     * Takes a byte.
     *
     * @return false where there is no room for it: the port keeps it, and the adapter calls {@link Receiver#writable} when
     *     there is
     */
    boolean send(byte value);

    /** Makes known whom to call. Once, before anything else. */
    default void connect(Receiver receiver) {}

    /** The port can take bytes again after {@link Receiver#room} was 0. */
    default void acceptInput() {}

    /** The port starts or ends a break. */
    default void setBreak(boolean on) {}

    /** How characters look now. @param baud bits per second; 0 where the guest has said nonsense */
    default void setParameters(int baud, Parity parity, int dataBits, int stopBits) {}

    /** What the port tells a modem. */
    default void setModemControl(boolean dtr, boolean rts) {}

    /** How a character is checked. */
    enum Parity {
        NONE,
        ODD,
        EVEN,
        MARK,
        SPACE
    }

    /** The port, as whoever brings it bytes sees it. All methods with the machine lock held. */
    interface Receiver {
        /** How many bytes the port has room for now. */
        int room();

        /** Brings bytes; what is above {@link #room} overruns the port, as on a real wire. */
        void receive(byte[] bytes, int offset, int length);

        /** Brings a break. */
        void receiveBreak();

        /** There is room for output again. */
        void writable();

        /** Sets the lines that come from a modem. */
        void setModemStatus(boolean cts, boolean dsr, boolean ri, boolean dcd);
    }
}
