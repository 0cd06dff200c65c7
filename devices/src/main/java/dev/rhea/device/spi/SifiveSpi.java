package dev.rhea.device.spi;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.Arrays;
import java.util.List;

/**
 * SiFive's SPI controller: FU540-C000 manual, chapter 19; {@code sifive,spi0}. Frames of 8 bits; a frame takes no time. It does
 * not map flash into memory.
 */
public final class SifiveSpi implements Device, Stateful<SifiveSpi.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x1000;

    private static final int DEPTH = 8;
    private static final int EMPTY = 1 << 31;
    private static final int CSMODE_AUTO = 0;
    private static final int CSMODE_HOLD = 2;
    private static final int FMT_DIR = 1 << 3;
    private static final int FMT_RESET = 8 << 16;
    private static final int TXWM = 1;
    private static final int RXWM = 1 << 1;

    /**
     * What the controller remembers.
     *
     * @param registers in the order of their declaration
     * @param received frames that were not read
     * @param selected the chip whose select is active; -1 for none
     */
    @Version(1)
    public record State(int[] registers, byte[] received, int selected) {}

    private final RegisterTable table = new RegisterTable("sifive.spi", SIZE);
    private final List<SpiChip> chips;
    private final Line irq;
    private final Register csid;
    private final Register csmode;
    private final Register fmt;
    private final Register txmark;
    private final Register rxmark;
    private final Register ie;
    private final byte[] received = new byte[DEPTH];
    private int count;
    private int selected = -1;
    /** What csdef was before it is written. */
    private int idleLevels;

    /** @param chips by chip select, 1 to 32; {@link SpiChip#ABSENT} where there is none */
    public SifiveSpi(List<SpiChip> chips, Line irq) {
        if (chips.isEmpty() || chips.size() > 32) {
            throw new IllegalArgumentException("an SPI controller has 1 to 32 chip selects, not " + chips.size());
        }
        this.chips = List.copyOf(chips);
        this.irq = irq;
        int selects = -1 >>> 32 - chips.size();
        table.add(0x00, "sckdiv", 3, 0xfff);
        table.add(0x04, "sckmode", 0, 3);
        csid = table.add(0x10, "csid", 0, 31).writes(value -> changeChip());
        Register csdef = table.add(0x14, "csdef", selects, selects);
        csdef.before(() -> idleLevels = csdef.get()).writes(value -> changeLevels(idleLevels ^ csdef.get()));
        csmode = table.add(0x18, "csmode", 0, 3).writes(value -> changeMode());
        table.add(0x28, "delay0", 0x10001, 0xff00ff);
        table.add(0x2c, "delay1", 1, 0xff00ff);
        fmt = table.add(0x40, "fmt", FMT_RESET, 0xf000f);
        table.add(0x48, "txdata").writes(this::exchange);
        table.add(0x4c, "rxdata").reads(this::take);
        txmark = table.add(0x50, "txmark", 0, DEPTH - 1).writes(value -> update());
        rxmark = table.add(0x54, "rxmark", 0, DEPTH - 1).writes(value -> update());
        table.add(0x60, "fctrl", 0, 1);
        table.add(0x64, "ffmt", 0x30007, 0xffff3fff);
        ie = table.add(0x70, "ie", 0, TXWM | RXWM).writes(value -> update());
        table.add(0x74, "ip").reads(this::pending);
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "sifive.spi";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("num-cs", chips.size()));
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
        // The transmit queue is always empty.
        return (txmark.get() > 0 ? TXWM : 0) | (count > rxmark.get() ? RXWM : 0);
    }

    private void update() {
        irq.set((pending() & ie.get()) != 0);
    }

    private void select(int chip) {
        if (selected != chip) {
            deselect();
            if (chip < chips.size()) {
                selected = chip;
                chips.get(chip).select(true);
            }
        }
    }

    private void deselect() {
        if (selected >= 0) {
            chips.get(selected).select(false);
            selected = -1;
        }
    }

    // Section 19.7: a chip is held until other values are written, the same ones again do nothing.

    private void changeChip() {
        if (csid.get() != selected) {
            deselect();
        }
    }

    private void changeLevels(int changed) {
        if (selected >= 0 && (changed >> selected & 1) != 0) {
            deselect();
        }
    }

    private void changeMode() {
        if (csmode.get() != CSMODE_HOLD) {
            deselect();
        }
    }

    private void exchange(int value) {
        int mode = csmode.get();
        if (mode == CSMODE_AUTO || mode == CSMODE_HOLD) {
            select(csid.get());
        }
        int in = selected >= 0 ? chips.get(selected).exchange(value & 0xff) : 0xff;
        if (mode == CSMODE_AUTO) {
            deselect();
        }
        // With dir set only what goes out counts. A full queue loses what comes.
        if ((fmt.get() & FMT_DIR) == 0 && count < DEPTH) {
            received[count++] = (byte) in;
        }
        update();
    }

    private int take() {
        if (count == 0) {
            return EMPTY;
        }
        int result = received[0] & 0xff;
        System.arraycopy(received, 1, received, 0, --count);
        update();
        return result;
    }

    @Override
    public void reset() {
        deselect();
        table.reset();
        count = 0;
        update();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(table.save(), Arrays.copyOf(received, count), selected);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        if (state.received.length > DEPTH) {
            throw new BadStateException(type() + ": more frames than its queue holds");
        }
        if (state.selected < -1 || state.selected >= chips.size()) {
            throw new BadStateException(type() + ": there is no chip " + state.selected);
        }
        table.load(state.registers);
        System.arraycopy(state.received, 0, received, 0, state.received.length);
        count = state.received.length;
        // The chips' own states tell them what they are in the middle of.
        selected = state.selected;
        update();
    }
}
