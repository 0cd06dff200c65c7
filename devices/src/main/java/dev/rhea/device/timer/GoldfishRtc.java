package dev.rhea.device.timer;

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
import java.util.List;

/**
 * The real-time clock of Android's virtual hardware, compatible {@code google,goldfish-rtc}: nanoseconds since 1970, and an
 * alarm. Registers as Linux's {@code rtc-goldfish} driver names them.
 */
public final class GoldfishRtc implements Device, Registers, Stateful<GoldfishRtc.State> {
    /** Bytes of the register space. */
    public static final long SIZE = 0x24;

    /** The low half of the time; reading it latches the high half. Writing sets the time. */
    private static final int TIMER_TIME_LOW = 0x00;

    private static final int TIMER_TIME_HIGH = 0x04;
    /** The low half of the alarm; writing it arms. */
    private static final int TIMER_ALARM_LOW = 0x08;

    private static final int TIMER_ALARM_HIGH = 0x0c;
    private static final int TIMER_IRQ_ENABLED = 0x10;
    private static final int TIMER_CLEAR_ALARM = 0x14;
    private static final int TIMER_ALARM_STATUS = 0x18;
    private static final int TIMER_CLEAR_INTERRUPT = 0x1c;

    private static final long LOW = 0xffffffffL;

    /**
     * What the clock remembers.
     *
     * @param offset what the guest's time is ahead of wall time, in nanoseconds
     * @param latched the high half of the time that was last read
     * @param armed whether the alarm is still to come
     * @param pending whether it has come, and nobody has cleared the interrupt
     */
    @Version(1)
    public record State(long offset, int latched, long alarm, boolean armed, boolean pending, boolean enabled) {}

    private final VirtualClock clock;
    private final WallTime wall;
    private final Line irq;
    private final Timer timer;
    private final Region region;
    private long offset;
    private int latched;
    private long alarm;
    private boolean armed;
    private boolean pending;
    private boolean enabled;

    public GoldfishRtc(VirtualClock clock, WallTime wall, Line irq) {
        this.clock = clock;
        this.wall = wall;
        this.irq = irq;
        timer = clock.timer(this::schedule);
        region = new Mmio("goldfish_rtc", SIZE, AccessRule.WORD_PAIRS, this);
    }

    /** The registers. */
    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "goldfish_rtc";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("big-endian", false));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(1));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    private long time() {
        return wall.nanoseconds() + offset;
    }

    /** Lets the alarm come if it is due, otherwise looks again when it should be. */
    private void schedule() {
        timer.cancel();
        if (!armed) {
            return;
        }
        long now = time();
        if (Long.compareUnsigned(alarm, now) <= 0) {
            armed = false;
            pending = true;
            update();
            return;
        }
        long left = alarm - now;
        long moment = clock.now() + left;
        if (left > 0 && moment > 0) {
            timer.at(moment);
        }
    }

    private void update() {
        irq.set(pending && enabled);
    }

    // ---- registers

    @Override
    public long read(long at, int size) {
        return switch ((int) at) {
            case TIMER_TIME_LOW -> {
                long now = time();
                latched = (int) (now >>> 32);
                yield now & LOW;
            }
            case TIMER_TIME_HIGH -> latched & LOW;
            case TIMER_ALARM_LOW -> alarm & LOW;
            case TIMER_ALARM_HIGH -> alarm >>> 32;
            case TIMER_IRQ_ENABLED -> enabled ? 1 : 0;
            case TIMER_ALARM_STATUS -> armed ? 1 : 0;
            default -> 0;
        };
    }

    @Override
    public void write(long at, long value, int size) {
        switch ((int) at) {
            case TIMER_TIME_LOW -> setTime(time() & ~LOW | value);
            case TIMER_TIME_HIGH -> setTime(time() & LOW | value << 32);
            case TIMER_ALARM_LOW -> {
                alarm = alarm & ~LOW | value;
                armed = true;
                schedule();
            }
            case TIMER_ALARM_HIGH -> {
                alarm = alarm & LOW | value << 32;
                // Firmware writes the high half first; an alarm that is armed moves all the same.
                schedule();
            }
            case TIMER_IRQ_ENABLED -> {
                enabled = (value & 1) != 0;
                update();
            }
            case TIMER_CLEAR_ALARM -> {
                armed = false;
                schedule();
            }
            case TIMER_CLEAR_INTERRUPT -> {
                pending = false;
                update();
            }
            default -> {}
        }
    }

    private void setTime(long nanoseconds) {
        offset += nanoseconds - time();
        schedule();
    }

    // ---- reset and state

    /** The time goes on as wall time. */
    @Override
    public void reset() {
        offset = 0;
        latched = 0;
        alarm = 0;
        armed = false;
        pending = false;
        enabled = false;
        timer.cancel();
        update();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(offset, latched, alarm, armed, pending, enabled);
    }

    /** Any values are a state. */
    @Override
    public void loadState(State state) throws BadStateException {
        offset = state.offset;
        latched = state.latched;
        alarm = state.alarm;
        armed = state.armed;
        pending = state.pending;
        enabled = state.enabled;
        update();
        schedule();
    }
}
