package dev.rhea.device.gpio;

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
import java.util.List;

/** SiFive's general-purpose I/O: FU540-C000 manual, chapter 17; {@code sifive,gpio0}. An interrupt for each pin. */
public final class SifiveGpio implements Device, Stateful<SifiveGpio.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x100;

    /**
     * What the pins remember.
     *
     * @param registers in the order of their declaration
     * @param driven which pins someone outside drives
     * @param level how
     */
    @Version(1)
    public record State(int[] registers, int driven, int level) {}

    private final RegisterTable table = new RegisterTable("sifive_soc.gpio", SIZE);
    private final int pins;
    private final List<Line> irqs;
    private final List<Line> outputs;
    private final Register value;
    private final Register inputEnable;
    private final Register outputEnable;
    private final Register outputValue;
    private final Register pullUp;
    private final Register outXor;
    private final Event rise;
    private final Event fall;
    private final Event high;
    private final Event low;
    private int driven;
    private int level;

    /** What a pin can be interested in: an enable and a pending register. */
    private record Event(Register enable, Register pending) {
        int active() {
            return enable.get() & pending.get();
        }
    }

    /**
     * Pins.
     *
     * @param irqs an interrupt line for each, 1 to 32
     * @param outputs what each pin drives while it is an output
     */
    public SifiveGpio(List<Line> irqs, List<Line> outputs) {
        if (irqs.isEmpty() || irqs.size() > 32 || outputs.size() != irqs.size()) {
            throw new IllegalArgumentException(
                    irqs.size() + " interrupts and " + outputs.size() + " outputs make no pins");
        }
        this.irqs = List.copyOf(irqs);
        this.outputs = List.copyOf(outputs);
        pins = -1 >>> 32 - irqs.size();
        value = table.add(0x00, "input_val").holds(pins);
        inputEnable = plain(0x04, "input_en");
        outputEnable = plain(0x08, "output_en");
        outputValue = plain(0x0c, "output_val");
        pullUp = plain(0x10, "pue");
        table.add(0x14, "ds", 0, pins);
        rise = event(0x18, "rise");
        fall = event(0x20, "fall");
        high = event(0x28, "high");
        low = event(0x30, "low");
        plain(0x38, "iof_en");
        plain(0x3c, "iof_sel");
        outXor = plain(0x40, "out_xor");
    }

    private Register plain(int offset, String name) {
        return table.add(offset, name, 0, pins).writes(bits -> update());
    }

    private Event event(int offset, String name) {
        Register enable = plain(offset, name + "_ie");
        Register pending = table.add(offset + 4, name + "_ip").holds(pins);
        pending.writes(bits -> {
            pending.set(pending.get() & ~bits);
            update();
        });
        return new Event(enable, pending);
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    /** A pin from outside, from 0 on. One that nobody drives is pulled up, or reads as 0. */
    public Line input(int pin) {
        int mask = 1 << pin;
        if ((pins & mask) == 0 || pin < 0 || pin > 31) {
            throw new IllegalArgumentException("there is no pin " + pin);
        }
        return on -> {
            driven |= mask;
            level = on ? level | mask : level & ~mask;
            update();
        };
    }

    @Override
    public String type() {
        return "sifive_soc.gpio";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("ngpio", pins));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(pins));
    }

    @Override
    public List<Region> regions() {
        return List.of(table.region());
    }

    private void update() {
        int out = outputValue.get() ^ outXor.get();
        int pad = outputEnable.get() & out | ~outputEnable.get() & (driven & level | ~driven & pullUp.get());
        int now = pad & inputEnable.get() & pins;
        int before = value.get();
        value.set(now);
        note(rise, now & ~before);
        note(fall, ~now & before);
        note(high, now);
        note(low, ~now & inputEnable.get());
        int active = rise.active() | fall.active() | high.active() | low.active();
        for (int pin = 0; pin < irqs.size(); pin++) {
            irqs.get(pin).set((active >> pin & 1) != 0);
            outputs.get(pin).set((outputEnable.get() & out) >> pin << 31 != 0);
        }
    }

    private void note(Event event, int bits) {
        event.pending.set(event.pending.get() | bits & pins);
    }

    /** The outside goes on driving its pins. */
    @Override
    public void reset() {
        table.reset();
        update();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(table.save(), driven, level);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        if (((state.driven | state.level) & ~pins) != 0) {
            throw new BadStateException(type() + ": pins that do not exist are driven");
        }
        table.load(state.registers);
        driven = state.driven;
        level = state.level;
        update();
    }
}
