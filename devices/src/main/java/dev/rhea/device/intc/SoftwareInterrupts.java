package dev.rhea.device.intc;

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
import java.util.Arrays;
import java.util.List;

/**
 * Registers by which harts interrupt each other: RISC-V Advanced Core Local Interruptor Specification, MSWI and SSWI. One
 * 32-bit register for each hart, of which bit 0 exists: {@code msip} or {@code setssip}.
 */
public final class SoftwareInterrupts implements Device, Registers, Stateful<SoftwareInterrupts.State> {
    /** Bytes of the register space. */
    public static final long SIZE = 0x4000;

    /** What the registers do. */
    public enum Kind {
        /** {@code msip}: holds what is written, and drives the hart's machine software interrupt. */
        MSWI,
        /** {@code setssip}: reads as 0; writing 1 pulses, which sets the hart's {@code SSIP}; it is the hart that clears it. */
        SSWI
    }

    /** @param msip of each hart; all clear for {@link Kind#SSWI} */
    @Version(1)
    public record State(boolean[] msip) {}

    private final Kind kind;
    private final List<Line> harts;
    private final boolean[] msip;
    private final Region region;

    /** @param harts the software interrupt pin of each hart, at most 4095 */
    public SoftwareInterrupts(Kind kind, List<Line> harts) {
        if (harts.size() > SIZE / 4 - 1) {
            throw new IllegalArgumentException(
                    harts.size() + " harts are too many for the software interrupt registers");
        }
        this.kind = kind;
        this.harts = List.copyOf(harts);
        msip = new boolean[harts.size()];
        region = new Mmio("riscv.aclint.swi", SIZE, AccessRule.WORDS, this);
    }

    /** The registers. */
    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "riscv.aclint.swi";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(
                PropertyValue.of("num-harts", harts.size()), PropertyValue.of("sswi", kind == Kind.SSWI ? 1 : 0));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.out("", harts.size()));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    @Override
    public long read(long offset, int size) {
        int hart = (int) (offset / 4);
        return hart < msip.length && msip[hart] ? 1 : 0;
    }

    @Override
    public void write(long offset, long value, int size) {
        int hart = (int) (offset / 4);
        if (hart >= msip.length) {
            return;
        }
        boolean high = (value & 1) != 0;
        if (kind == Kind.MSWI) {
            msip[hart] = high;
            harts.get(hart).set(high);
        } else if (high) {
            harts.get(hart).pulse();
        }
    }

    @Override
    public void reset() {
        Arrays.fill(msip, false);
        drive();
    }

    private void drive() {
        for (int hart = 0; hart < msip.length; hart++) {
            harts.get(hart).set(msip[hart]);
        }
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(msip.clone());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (state.msip.length != msip.length) {
            throw new BadStateException(
                    type() + ": software interrupts of " + state.msip.length + " harts, not " + msip.length);
        }
        System.arraycopy(state.msip, 0, msip, 0, msip.length);
        drive();
    }
}
