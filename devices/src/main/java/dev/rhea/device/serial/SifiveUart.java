package dev.rhea.device.serial;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;

/**
 * SiFive's UART: FU540-C000 manual, chapter 13; {@code sifive,uart0}. Eight characters in each direction. Sending takes no time
 * as long as the other end takes bytes.
 */
public final class SifiveUart implements Device, Stateful<SifiveUart.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x20;

    // What firmware sets before there is a driver.
    public static final int TXCTRL = 0x08;
    public static final int RXCTRL = 0x0c;

    private static final int DEPTH = 8;
    /** Bit of txdata: full; of rxdata: empty. */
    private static final int FULL_OR_EMPTY = 1 << 31;

    /** Of {@code txctrl} and {@code rxctrl}: the direction works. */
    public static final int ENABLE = 1;

    private static final int NSTOP = 1 << 1;
    private static final int WATERMARK = 7 << 16;
    private static final int TXWM = 1;
    private static final int RXWM = 1 << 1;

    /** Divisor after reset: 115200 baud at 33.33 MHz. */
    private static final int RESET_DIVISOR = 0x121;

    /** What the UART remembers: its registers in the order of their declaration, and characters under way. */
    @Version(1)
    public record State(int[] registers, short[] received, byte[] sent) {}

    private final RegisterTable table = new RegisterTable("riscv.sifive.uart", SIZE);
    private final int clockFrequency;
    private final Line irq;
    private final SerialWire wire;
    private final ReceiveFifo received = new ReceiveFifo();
    private final TransmitFifo transmit = new TransmitFifo();
    private final Register txctrl;
    private final Register rxctrl;
    private final Register ie;
    private final Register div;

    /** @param clockFrequency of its input clock in Hz, for what the other end is told of the line's speed */
    public SifiveUart(int clockFrequency, Line irq, SerialWire wire) {
        this.clockFrequency = clockFrequency;
        this.irq = irq;
        this.wire = wire;
        table.add(0x00, "txdata")
                .reads(() -> transmit.count() < DEPTH ? 0 : FULL_OR_EMPTY)
                .writes(this::writeData);
        table.add(0x04, "rxdata").reads(this::readData);
        txctrl = table.add(TXCTRL, "txctrl", 0, ENABLE | NSTOP | WATERMARK).writes(value -> {
            tellParameters();
            drain();
        });
        rxctrl = table.add(RXCTRL, "rxctrl", 0, ENABLE | WATERMARK).writes(value -> {
            update();
            wire.acceptInput();
        });
        ie = table.add(0x10, "ie", 0, TXWM | RXWM).writes(value -> update());
        table.add(0x14, "ip").reads(this::pending);
        div = table.add(0x18, "div", RESET_DIVISOR, 0xffff).writes(value -> tellParameters());
        wire.connect(new Input());
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "riscv.sifive.uart";
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(1));
    }

    @Override
    public List<Region> regions() {
        return List.of(table.region());
    }

    private int pending() {
        return (transmit.count() < (txctrl.get() & WATERMARK) >> 16 ? TXWM : 0)
                | (received.count() > (rxctrl.get() & WATERMARK) >> 16 ? RXWM : 0);
    }

    private void update() {
        irq.set((pending() & ie.get()) != 0);
    }

    private void writeData(int value) {
        transmit.add((byte) value, DEPTH);
        drain();
    }

    private void drain() {
        while ((txctrl.get() & ENABLE) != 0 && !transmit.isEmpty() && wire.send(transmit.peek())) {
            transmit.take();
        }
        update();
    }

    private int readData() {
        if (received.isEmpty()) {
            return FULL_OR_EMPTY;
        }
        boolean full = received.count() == DEPTH;
        int result = received.take();
        update();
        if (full) {
            wire.acceptInput();
        }
        return result;
    }

    private void tellParameters() {
        wire.setParameters(
                clockFrequency / (div.get() + 1), SerialWire.Parity.NONE, 8, (txctrl.get() & NSTOP) != 0 ? 2 : 1);
    }

    private final class Input implements SerialWire.Receiver {
        @Override
        public int room() {
            return (rxctrl.get() & ENABLE) != 0 ? DEPTH - received.count() : 0;
        }

        @Override
        public void receive(byte[] bytes, int offset, int length) {
            // What has no room is lost; this UART does not tell.
            int room = Math.min(length, room());
            for (int i = 0; i < room; i++) {
                received.add(bytes[offset + i] & 0xff, 0);
            }
            update();
        }

        /** It knows no breaks: the line being low for long looks like a zero. */
        @Override
        public void receiveBreak() {
            receive(new byte[1], 0, 1);
        }

        @Override
        public void writable() {
            drain();
        }

        @Override
        public void setModemStatus(boolean cts, boolean dsr, boolean ri, boolean dcd) {}
    }

    @Override
    public void reset() {
        table.reset();
        received.clear();
        transmit.clear();
        update();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(table.save(), received.save(), transmit.save());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        if (state.received.length > DEPTH || state.sent.length > DEPTH) {
            throw new BadStateException(type() + ": more characters than its FIFOs hold");
        }
        table.load(state.registers);
        received.load(state.received);
        transmit.load(state.sent);
        tellParameters();
        drain();
    }
}
