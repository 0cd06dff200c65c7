package dev.rhea.device.intc;

import dev.rhea.device.timer.TickCounter;
import dev.rhea.machine.clock.Timer;
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
import java.util.Arrays;
import java.util.List;

/**
 * {@code mtime} and a {@code mtimecmp} for each hart: RISC-V Advanced Core Local Interruptor Specification, MTIMER. A hart's
 * timer interrupt is pending while {@code mtime >= mtimecmp}, unsigned.
 */
public final class MachineTimer implements Device, Registers, Stateful<MachineTimer.State> {
    /** {@code mtime}'s frequency on the reference's boards, in Hz. */
    public static final long FREQUENCY = 10_000_000;

    /** Bytes of the register space. */
    public static final long SIZE = 0x8000;

    private static final long MTIMECMP = 0;
    private static final long MTIME = 0x7ff8;

    /**
     * What the timer remembers.
     *
     * @param ahead how far {@code mtime} is ahead of the machine's clock, in ticks
     */
    @Version(1)
    public record State(long ahead, long[] mtimecmp) {}

    private final TickCounter mtime;
    private final List<Line> harts;
    private final long[] mtimecmp;
    private final Timer[] timers;
    private final Region region;

    /**
     * A timer that was just switched on.
     *
     * @param frequency of {@code mtime} in Hz, 1 to 10^9
     * @param harts the machine timer interrupt pin of each hart, at most 4095
     */
    public MachineTimer(VirtualClock clock, long frequency, List<Line> harts) {
        if (harts.size() > MTIME / 8) {
            throw new IllegalArgumentException(harts.size() + " harts are too many for the timer's registers");
        }
        mtime = new TickCounter(clock, frequency);
        this.harts = List.copyOf(harts);
        mtimecmp = new long[harts.size()];
        timers = new Timer[harts.size()];
        for (int hart = 0; hart < timers.length; hart++) {
            int number = hart;
            timers[hart] = clock.timer(() -> update(number));
        }
        region = new Mmio("riscv.aclint.mtimer", SIZE, new AccessRule(4, 8, 4, 8, false), this);
    }

    /** The registers. */
    public Region region() {
        return region;
    }

    /** The counter, which is also what the harts' {@code time} shows. */
    public TickCounter mtime() {
        return mtime;
    }

    @Override
    public String type() {
        return "riscv.aclint.mtimer";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(
                PropertyValue.of("num-harts", harts.size()),
                PropertyValue.of("aperture-size", SIZE),
                PropertyValue.of("timebase-freq", mtime.frequency()));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.out("", harts.size()));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    private void update(int hart) {
        boolean pending = Long.compareUnsigned(mtime.now(), mtimecmp[hart]) >= 0;
        harts.get(hart).set(pending);
        long moment = pending ? Long.MAX_VALUE : mtime.moment(mtimecmp[hart]);
        if (moment == Long.MAX_VALUE) {
            timers[hart].cancel();
        } else {
            timers[hart].at(moment);
        }
    }

    private void updateAll() {
        for (int hart = 0; hart < mtimecmp.length; hart++) {
            update(hart);
        }
    }

    // ---- registers

    @Override
    public long read(long offset, int size) {
        return (register(offset) >>> 8 * (offset & 7)) & (size == 8 ? -1L : 0xffffffffL);
    }

    private long register(long offset) {
        if (offset >= MTIME) {
            return mtime.now();
        }
        int hart = (int) ((offset - MTIMECMP) / 8);
        return hart < mtimecmp.length ? mtimecmp[hart] : 0;
    }

    @Override
    public void write(long offset, long value, int size) {
        int shift = 8 * (int) (offset & 7);
        long mask = size == 8 ? -1L : 0xffffffffL << shift;
        if (offset >= MTIME) {
            mtime.set(mtime.now() & ~mask | value << shift);
            updateAll();
            return;
        }
        int hart = (int) ((offset - MTIMECMP) / 8);
        if (hart < mtimecmp.length) {
            mtimecmp[hart] = mtimecmp[hart] & ~mask | value << shift;
            update(hart);
        }
    }

    // ---- reset and state

    /** {@code mtime} and all {@code mtimecmp} are 0, as the reference has them: every hart's interrupt is pending. */
    @Override
    public void reset() {
        mtime.set(0);
        Arrays.fill(mtimecmp, 0);
        updateAll();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(mtime.ahead(), mtimecmp.clone());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (state.mtimecmp.length != mtimecmp.length) {
            throw new BadStateException(
                    type() + ": timers of " + state.mtimecmp.length + " harts, not " + mtimecmp.length);
        }
        mtime.setAhead(state.ahead);
        System.arraycopy(state.mtimecmp, 0, mtimecmp, 0, mtimecmp.length);
        updateAll();
    }
}
