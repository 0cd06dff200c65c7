package dev.rhea.device.serial;

import static dev.rhea.device.serial.Uart16550A.*;

import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;

/**
 * National Semiconductor's PC16550D, the UART that every guest knows: with 16-byte FIFOs.
 *
 * <p>Sending takes no time as long as the other end takes bytes; when it does not, they stay in the transmitter and {@code
 * LSR.THRE} tells. The interrupt line does not depend on {@code MCR.OUT2}: that is wiring of a PC.
 */
public final class Ns16550a implements Device, Registers, Stateful<Ns16550a.State> {
    /** How many registers there are. */
    private static final int REGISTERS = 8;

    private static final int FCR_KEPT = FCR_ENABLE | FCR_DMA_MODE | FCR_TRIGGER;

    /**
     * What the UART remembers.
     *
     * @param fcr bits 0, 3, 6 and 7 of the FIFO control register
     * @param lsr error bits that were not read yet: overrun, and those of characters that went unread
     * @param msr with the deltas that were not read yet
     * @param modem the lines from the modem: bits 4 to 7 of MSR, loopback or not
     * @param thrInterrupt whether the transmitter's interrupt is pending
     * @param timeout whether the character timeout interrupt is pending
     * @param received characters, each with its errors in bits 8 to 15
     * @param sent characters that wait in the transmitter
     */
    @Version(1)
    public record State(
            int divisor,
            int ier,
            int fcr,
            int lcr,
            int mcr,
            int lsr,
            int msr,
            int modem,
            int scr,
            boolean thrInterrupt,
            boolean timeout,
            short[] received,
            byte[] sent) {}

    private final int shift;
    private final Line irq;
    private final SerialWire wire;
    private final Region region;
    private final LineFormat format;
    private final UartReceiver receiver;
    private final TransmitFifo transmit = new TransmitFifo();
    private final ModemSignals modem = new ModemSignals();
    private int ier;
    private int scr;
    private boolean thrInterrupt;

    /**
     * A UART in its state after power-on.
     *
     * @param registerShift registers are {@code 1 << registerShift} bytes apart: 0 to 3
     * @param baudBase bits per second for a divisor of 1: a 16th of its clock's frequency
     */
    public Ns16550a(int registerShift, int baudBase, VirtualClock clock, Line irq, SerialWire wire) {
        if (registerShift < 0 || registerShift > 3 || baudBase < 1) {
            throw new IllegalArgumentException(
                    "registers " + (1 << registerShift) + " bytes apart, base of " + baudBase + " baud: no UART");
        }
        shift = registerShift;
        this.irq = irq;
        this.wire = wire;
        format = new LineFormat(baudBase);
        receiver = new UartReceiver(clock, format, this::update);
        region = new Mmio("serial", (long) REGISTERS << shift, AccessRule.ANY, this);
        powerOn();
        wire.connect(new Input());
    }

    /** The registers. */
    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "serial-mm";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("regshift", shift));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(1));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    // ---- registers

    @Override
    public long read(long offset, int size) {
        return switch ((int) (offset >> shift)) {
            case RBR_THR_DLL -> format.isLatchOpen() ? format.divisor() & 0xff : readReceiver();
            case IER_DLM -> format.isLatchOpen() ? format.divisor() >> 8 : ier;
            case IIR_FCR -> readIir();
            case LCR -> format.lcr();
            case MCR -> modem.mcr();
            case LSR -> readLsr();
            case MSR -> readMsr();
            default -> scr;
        };
    }

    @Override
    public void write(long offset, long wide, int size) {
        int value = (int) wide & 0xff;
        switch ((int) (offset >> shift)) {
            case RBR_THR_DLL -> {
                if (format.isLatchOpen()) {
                    writeDivisor(format.divisor() & 0xff00 | value);
                } else {
                    writeThr((byte) value);
                }
            }
            case IER_DLM -> {
                if (format.isLatchOpen()) {
                    writeDivisor(format.divisor() & 0xff | value << 8);
                } else {
                    writeIer(value & IER_MASK);
                }
            }
            case IIR_FCR -> writeFcr(value);
            case LCR -> writeLcr(value);
            case MCR -> writeMcr(value & MCR_MASK);
            // LSR is for reading; the data sheet keeps writing it to factory tests. MSR is for reading too.
            case LSR, MSR -> {}
            default -> scr = value;
        }
    }

    // ---- interrupts

    /** The interrupt of the highest priority that is pending and enabled. */
    private int interrupt() {
        if ((ier & IER_ELSI) != 0 && (receiver.status() & LSR_ERRORS) != 0) {
            return IIR_LINE_STATUS;
        }
        if ((ier & IER_ERBFI) != 0 && receiver.isTriggered()) {
            return IIR_DATA_AVAILABLE;
        }
        if ((ier & IER_ERBFI) != 0 && receiver.isTimedOut()) {
            return IIR_CHARACTER_TIMEOUT;
        }
        if ((ier & IER_ETBEI) != 0 && thrInterrupt) {
            return IIR_THR_EMPTY;
        }
        return (ier & IER_EDSSI) != 0 && modem.hasDeltas() ? IIR_MODEM_STATUS : IIR_NONE;
    }

    private void update() {
        irq.set(interrupt() != IIR_NONE);
    }

    private int readIir() {
        int result = interrupt();
        if (result == IIR_THR_EMPTY) {
            thrInterrupt = false;
            update();
        }
        return result | (receiver.fifos() ? IIR_FIFOS_ENABLED : 0);
    }

    private void writeIer(int value) {
        boolean fresh = (value & ~ier & IER_ETBEI) != 0;
        ier = value;
        // Enabling it while the transmitter is empty asks at once: drivers start their output that way.
        if (fresh && transmit.isEmpty()) {
            thrInterrupt = true;
        }
        update();
    }

    // ---- receiver

    private int readLsr() {
        int result = receiver.status() | (transmit.isEmpty() ? LSR_THRE | LSR_TEMT : 0);
        receiver.clearErrors();
        update();
        return result;
    }

    private int readReceiver() {
        boolean full = receiver.room() == 0;
        int result = receiver.take();
        update();
        if (full && !modem.looped()) {
            wire.acceptInput();
        }
        return result;
    }

    // ---- transmitter

    private void writeThr(byte value) {
        thrInterrupt = false;
        // The line goes low in between, for those whose interrupt controller waits for edges.
        update();
        // A driver that does not look at THRE loses characters here, as it does on hardware.
        if (transmit.add(value, receiver.depth())) {
            drain();
        }
    }

    /** Sends what waits, as far as the other end takes it. */
    private void drain() {
        boolean waited = !transmit.isEmpty();
        while (!transmit.isEmpty()) {
            if (modem.looped()) {
                receiver.arrive(transmit.take(), 0);
            } else if (wire.send(transmit.peek())) {
                transmit.take();
            } else {
                break;
            }
        }
        if (waited && transmit.isEmpty()) {
            thrInterrupt = true;
        }
        update();
    }

    private void writeFcr(int value) {
        boolean toggled = ((value ^ receiver.fcr()) & FCR_ENABLE) != 0;
        boolean full = receiver.room() == 0;
        // The other bits count only together with the enabling one.
        receiver.setFcr((value & FCR_ENABLE) != 0 ? value & FCR_KEPT : 0);
        if (toggled || (value & FCR_RESET_RECEIVER) != 0) {
            receiver.clear();
        }
        if (toggled || (value & FCR_RESET_TRANSMITTER) != 0) {
            thrInterrupt |= !transmit.isEmpty();
            transmit.clear();
        }
        update();
        if (full && receiver.room() > 0 && !modem.looped()) {
            wire.acceptInput();
        }
    }

    // ---- line and modem

    private void writeDivisor(int value) {
        format.setDivisor(value);
        format.tell(wire);
    }

    private void writeLcr(int value) {
        int changed = format.lcr() ^ value;
        format.setLcr(value);
        if ((changed & ~(LCR_DLAB | LCR_BREAK)) != 0) {
            format.tell(wire);
        }
        if ((changed & LCR_BREAK) != 0) {
            if (!modem.looped()) {
                wire.setBreak(format.isBreak());
            } else if (format.isBreak()) {
                receiver.arrive(0, LSR_BI);
                update();
            }
        }
    }

    private void writeMcr(int value) {
        int changed = modem.mcr() ^ value;
        modem.setMcr(value);
        if ((changed & (MCR_DTR | MCR_RTS | MCR_LOOP)) != 0) {
            wire.setModemControl(modem.dtr(), modem.rts());
        }
        drain();
        if ((changed & MCR_LOOP) != 0 && !modem.looped() && receiver.room() > 0) {
            wire.acceptInput();
        }
    }

    private int readMsr() {
        int result = modem.takeMsr();
        update();
        return result;
    }

    // ---- the other end

    private final class Input implements SerialWire.Receiver {
        @Override
        public int room() {
            return modem.looped() ? 0 : receiver.room();
        }

        @Override
        public void receive(byte[] bytes, int offset, int length) {
            if (modem.looped()) {
                return;
            }
            for (int i = 0; i < length; i++) {
                receiver.arrive(bytes[offset + i] & 0xff, 0);
            }
            update();
        }

        @Override
        public void receiveBreak() {
            if (!modem.looped()) {
                receiver.arrive(0, LSR_BI);
                update();
            }
        }

        @Override
        public void writable() {
            drain();
        }

        @Override
        public void setModemStatus(boolean cts, boolean dsr, boolean ri, boolean dcd) {
            modem.setModem(cts, dsr, ri, dcd);
            update();
        }
    }

    // ---- reset and state

    @Override
    public void reset() {
        boolean broke = format.isBreak();
        powerOn();
        if (broke) {
            wire.setBreak(false);
        }
        update();
        wire.acceptInput();
    }

    private void powerOn() {
        ier = 0;
        scr = 0;
        thrInterrupt = false;
        format.reset();
        modem.reset();
        receiver.reset();
        transmit.clear();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                format.divisor(),
                ier,
                receiver.fcr(),
                format.lcr(),
                modem.mcr(),
                receiver.lsr(),
                modem.msr(),
                modem.modem(),
                scr,
                thrInterrupt,
                receiver.isTimedOut(),
                receiver.save(),
                transmit.save());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        int depth = (state.fcr & FCR_ENABLE) != 0 ? ReceiveFifo.DEPTH : 1;
        if (state.received.length > depth || state.sent.length > depth) {
            throw new BadStateException("UART: more characters than its FIFOs hold");
        }
        if ((state.divisor & ~0xffff | (state.lcr | state.msr | state.scr) & ~0xff) != 0
                || (state.ier & ~IER_MASK | state.mcr & ~MCR_MASK | state.lsr & ~LSR_ERRORS) != 0
                || (state.fcr & ~FCR_KEPT | state.modem & ~(0xff & ~MSR_DELTAS)) != 0) {
            throw new BadStateException("UART: a register has bits that do not exist");
        }
        format.setDivisor(state.divisor);
        format.setLcr(state.lcr);
        modem.load(state.mcr, state.msr, state.modem);
        ier = state.ier;
        scr = state.scr;
        thrInterrupt = state.thrInterrupt;
        receiver.load(state.fcr, state.lsr, state.received, state.timeout);
        transmit.load(state.sent);
        format.tell(wire);
        wire.setBreak(format.isBreak() && !modem.looped());
        drain();
    }
}
