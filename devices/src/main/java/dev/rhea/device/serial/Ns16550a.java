package dev.rhea.device.serial;

import static dev.rhea.device.serial.Uart16550A.*;

import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;

/**
 * National Semiconductor's PC16550D, the UART that every guest knows: with 16-byte FIFOs.
 *
 * <p>Sending takes no time as long as the other end takes bytes; when it does not, they stay in the transmitter and {@code
 * LSR.THRE} tells. The interrupt line does not depend on {@code MCR.OUT2}: that is wiring of a PC.
 */
public final class Ns16550a implements Device, Registers, Stateful<Ns16550a.State> {
    /** How many registers there are. */
    private static final int REGISTERS = 8;

    private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};

    /** Divisor latch after power-on, as the reference has it: 9600 baud on a PC. */
    private static final int POWER_ON_DIVISOR = 12;

    private static final int MODEM_PRESENT = MSR_CTS | MSR_DSR | MSR_DCD;

    /**
     * What the UART remembers.
     *
     * @param fcr bits 0, 3, 6 and 7 of the FIFO control register
     * @param lsr error bits that were not read yet: overrun, and those of the character that was at the top
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
    private final int baudBase;
    private final VirtualClock clock;
    private final Line irq;
    private final SerialWire wire;
    private final Timer timeoutTimer;
    private final Region region;
    private final ReceiveFifo received = new ReceiveFifo();
    private final TransmitFifo transmit = new TransmitFifo();

    private int divisor;
    private int ier;
    private int fcr;
    private int lcr;
    private int mcr;
    private int lsr;
    private int msr;
    private int modem = MODEM_PRESENT;
    private int scr;
    private boolean thrInterrupt;
    private boolean timeout;

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
        this.baudBase = baudBase;
        this.clock = clock;
        this.irq = irq;
        this.wire = wire;
        timeoutTimer = clock.timer(this::characterTimeout);
        region = new dev.rhea.machine.memory.Device("serial", (long) REGISTERS << shift, AccessRule.ANY, this);
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

    // ---- registers

    @Override
    public long read(long offset, int size) {
        boolean latch = (lcr & LCR_DLAB) != 0;
        return switch ((int) (offset >> shift)) {
            case RBR_THR_DLL -> latch ? divisor & 0xff : readReceiver();
            case IER_DLM -> latch ? divisor >> 8 : ier;
            case IIR_FCR -> readIir();
            case LCR -> lcr;
            case MCR -> mcr;
            case LSR -> readLsr();
            case MSR -> readMsr();
            default -> scr;
        };
    }

    @Override
    public void write(long offset, long wide, int size) {
        int value = (int) wide & 0xff;
        boolean latch = (lcr & LCR_DLAB) != 0;
        switch ((int) (offset >> shift)) {
            case RBR_THR_DLL -> {
                if (latch) {
                    divisor = divisor & 0xff00 | value;
                    tellParameters();
                } else {
                    writeThr((byte) value);
                }
            }
            case IER_DLM -> {
                if (latch) {
                    divisor = divisor & 0xff | value << 8;
                    tellParameters();
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
        if ((ier & IER_ELSI) != 0 && (lineStatus() & LSR_ERRORS) != 0) {
            return IIR_LINE_STATUS;
        }
        if ((ier & IER_ERBFI) != 0 && received.count() >= trigger()) {
            return IIR_DATA_AVAILABLE;
        }
        if ((ier & IER_ERBFI) != 0 && timeout) {
            return IIR_CHARACTER_TIMEOUT;
        }
        if ((ier & IER_ETBEI) != 0 && thrInterrupt) {
            return IIR_THR_EMPTY;
        }
        return (ier & IER_EDSSI) != 0 && (msr & MSR_DELTAS) != 0 ? IIR_MODEM_STATUS : IIR_NONE;
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
        return result | (fifos() ? IIR_FIFOS_ENABLED : 0);
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

    private boolean fifos() {
        return (fcr & FCR_ENABLE) != 0;
    }

    private int trigger() {
        return fifos() ? TRIGGER_LEVELS[fcr >> 6] : 1;
    }

    private int depth() {
        return fifos() ? ReceiveFifo.DEPTH : 1;
    }

    private int lineStatus() {
        return lsr
                | received.errors()
                | (received.isEmpty() ? 0 : LSR_DR)
                | (transmit.isEmpty() ? LSR_THRE | LSR_TEMT : 0)
                | (fifos() && received.hasErrors() ? LSR_FIFO_ERROR : 0);
    }

    private int readLsr() {
        int result = lineStatus();
        lsr = 0;
        received.clearErrors();
        update();
        return result;
    }

    private int readReceiver() {
        if (received.isEmpty()) {
            return 0;
        }
        boolean full = received.count() >= depth();
        // Errors of a character that goes unread stay until LSR is read.
        lsr |= received.errors();
        int result = received.take();
        timeout = false;
        restartTimeout();
        update();
        if (full && !looped()) {
            wire.acceptInput();
        }
        return result;
    }

    private void characterArrives(int character, int errors) {
        if (received.count() < depth()) {
            received.add(character, errors);
        } else {
            lsr |= LSR_OE;
            if (!fifos()) {
                received.replaceLast(character, errors);
            }
        }
        restartTimeout();
    }

    /** Four characters' time without one coming or being read, with some in the FIFO, is an interrupt of its own. */
    private void restartTimeout() {
        if (fifos() && !received.isEmpty()) {
            timeoutTimer.at(clock.now() + 4 * characterNanoseconds());
        } else {
            timeoutTimer.cancel();
            timeout = false;
        }
    }

    private void characterTimeout() {
        timeout = !received.isEmpty();
        update();
    }

    private long characterNanoseconds() {
        int bits = 1 + dataBits() + ((lcr & LCR_PEN) != 0 ? 1 : 0) + stopBits();
        return 1_000_000_000L * bits * Math.max(divisor, 1) / baudBase;
    }

    // ---- transmitter

    private void writeThr(byte value) {
        thrInterrupt = false;
        // The line goes low in between, for those whose interrupt controller waits for edges.
        update();
        // A driver that does not look at THRE loses characters here, as it does on hardware.
        if (transmit.add(value, depth())) {
            drain();
        }
    }

    /** Sends what waits, as far as the other end takes it. */
    private void drain() {
        boolean waited = !transmit.isEmpty();
        while (!transmit.isEmpty()) {
            if (looped()) {
                characterArrives(transmit.take(), 0);
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
        boolean toggled = ((value ^ fcr) & FCR_ENABLE) != 0;
        boolean full = received.count() >= depth();
        // The other bits count only together with the enabling one.
        fcr = (value & FCR_ENABLE) != 0 ? value & (FCR_ENABLE | FCR_DMA_MODE | FCR_TRIGGER) : 0;
        if (toggled || (value & FCR_RESET_RECEIVER) != 0) {
            received.clear();
            restartTimeout();
        }
        if (toggled || (value & FCR_RESET_TRANSMITTER) != 0) {
            boolean waited = !transmit.isEmpty();
            transmit.clear();
            thrInterrupt |= waited;
        }
        update();
        if (full && received.isEmpty() && !looped()) {
            wire.acceptInput();
        }
    }

    // ---- line and modem

    private int dataBits() {
        return 5 + (lcr & LCR_WORD_LENGTH);
    }

    /** One and a half, which goes with five data bits, counts as two. */
    private int stopBits() {
        return (lcr & LCR_STB) != 0 ? 2 : 1;
    }

    private void writeLcr(int value) {
        int changed = lcr ^ value;
        lcr = value;
        if ((changed & ~(LCR_DLAB | LCR_BREAK)) != 0) {
            tellParameters();
        }
        if ((changed & LCR_BREAK) != 0) {
            boolean on = (value & LCR_BREAK) != 0;
            if (!looped()) {
                wire.setBreak(on);
            } else if (on) {
                characterArrives(0, LSR_BI);
                update();
            }
        }
    }

    private void tellParameters() {
        SerialWire.Parity parity = (lcr & LCR_PEN) == 0
                ? SerialWire.Parity.NONE
                : switch (lcr & (LCR_EPS | LCR_STICK)) {
                    case 0 -> SerialWire.Parity.ODD;
                    case LCR_EPS -> SerialWire.Parity.EVEN;
                    case LCR_STICK -> SerialWire.Parity.MARK;
                    default -> SerialWire.Parity.SPACE;
                };
        wire.setParameters(divisor == 0 ? 0 : baudBase / divisor, parity, dataBits(), stopBits());
    }

    private boolean looped() {
        return (mcr & MCR_LOOP) != 0;
    }

    private void writeMcr(int value) {
        int changed = mcr ^ value;
        mcr = value;
        modemLines();
        if ((changed & (MCR_DTR | MCR_RTS | MCR_LOOP)) != 0) {
            // Looped back, the outputs rest.
            wire.setModemControl(!looped() && (mcr & MCR_DTR) != 0, !looped() && (mcr & MCR_RTS) != 0);
        }
        drain();
        if ((changed & MCR_LOOP) != 0 && !looped() && received.count() < depth()) {
            wire.acceptInput();
        }
    }

    /** Brings MSR up to the lines, with deltas for what changed. */
    private void modemLines() {
        int lines = looped()
                ? ((mcr & MCR_RTS) != 0 ? MSR_CTS : 0)
                        | ((mcr & MCR_DTR) != 0 ? MSR_DSR : 0)
                        | ((mcr & MCR_OUT1) != 0 ? MSR_RI : 0)
                        | ((mcr & MCR_OUT2) != 0 ? MSR_DCD : 0)
                : modem;
        int changed = (msr ^ lines) & ~MSR_DELTAS;
        // TERI tells only that the ring indicator went away.
        int ended = changed & MSR_RI & msr;
        msr = lines | msr & MSR_DELTAS | (changed & ~MSR_RI) >> 4 | ended >> 4;
    }

    private int readMsr() {
        int result = msr;
        msr &= ~MSR_DELTAS;
        update();
        return result;
    }

    // ---- the other end

    private final class Input implements SerialWire.Receiver {
        @Override
        public int room() {
            return looped() ? 0 : Math.max(0, depth() - received.count());
        }

        @Override
        public void receive(byte[] bytes, int offset, int length) {
            if (looped()) {
                return;
            }
            for (int i = 0; i < length; i++) {
                characterArrives(bytes[offset + i] & 0xff, 0);
            }
            update();
        }

        @Override
        public void receiveBreak() {
            if (!looped()) {
                characterArrives(0, LSR_BI);
                update();
            }
        }

        @Override
        public void writable() {
            drain();
        }

        @Override
        public void setModemStatus(boolean cts, boolean dsr, boolean ri, boolean dcd) {
            modem = (cts ? MSR_CTS : 0) | (dsr ? MSR_DSR : 0) | (ri ? MSR_RI : 0) | (dcd ? MSR_DCD : 0);
            modemLines();
            update();
        }
    }

    // ---- reset and state

    /** The modem's lines are not ours to reset. */
    @Override
    public void reset() {
        boolean broke = (lcr & LCR_BREAK) != 0;
        powerOn();
        if (broke) {
            wire.setBreak(false);
        }
        update();
        wire.acceptInput();
    }

    private void powerOn() {
        divisor = POWER_ON_DIVISOR;
        ier = 0;
        fcr = 0;
        lcr = 0;
        mcr = MCR_OUT2;
        lsr = 0;
        msr = modem;
        scr = 0;
        thrInterrupt = false;
        timeout = false;
        timeoutTimer.cancel();
        received.clear();
        transmit.clear();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                divisor,
                ier,
                fcr,
                lcr,
                mcr,
                lsr,
                msr,
                modem,
                scr,
                thrInterrupt,
                timeout,
                received.save(),
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
                || (state.fcr & ~(FCR_ENABLE | FCR_DMA_MODE | FCR_TRIGGER) | state.modem & ~(0xff & ~MSR_DELTAS))
                        != 0) {
            throw new BadStateException("UART: a register has bits that do not exist");
        }
        divisor = state.divisor;
        ier = state.ier;
        fcr = state.fcr;
        lcr = state.lcr;
        mcr = state.mcr;
        lsr = state.lsr;
        msr = state.msr;
        modem = state.modem;
        scr = state.scr;
        thrInterrupt = state.thrInterrupt;
        received.load(state.received);
        transmit.load(state.sent);
        restartTimeout();
        timeout = state.timeout && !received.isEmpty();
        tellParameters();
        wire.setBreak((lcr & LCR_BREAK) != 0 && !looped());
        drain();
    }
}
