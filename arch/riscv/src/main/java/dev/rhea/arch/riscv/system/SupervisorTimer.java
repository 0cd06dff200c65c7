package dev.rhea.arch.riscv.system;

import dev.rhea.machine.Chassis;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.irq.Line;
import java.util.function.BooleanSupplier;

/** The timer that {@code stimecmp} sets, by the guest's own write or by a call of firmware: section "Sstc". */
final class SupervisorTimer {
    private static final long SECOND = 1_000_000_000;

    private final Chassis chassis;
    private final SystemCpu cpu;
    private final long frequency;
    private final Line interrupt;
    private final BooleanSupplier served;
    private final Timer compare;

    /**
     * A timer that does not run yet.
     *
     * @param frequency of {@code time}, in Hz
     * @param served whether Rhea's own firmware sets it, whatever the registers allow the guest
     */
    SupervisorTimer(Chassis chassis, SystemCpu cpu, long frequency, Line interrupt, BooleanSupplier served) {
        this.chassis = chassis;
        this.cpu = cpu;
        this.frequency = frequency;
        this.interrupt = interrupt;
        this.served = served;
        compare = chassis.clock().timer(this::follow);
    }

    /** {@code time}: ticks of the machine's clock. */
    long ticks() {
        long now = chassis.clock().now();
        return now / SECOND * frequency + now % SECOND * frequency / SECOND;
    }

    /** The first nanosecond at which {@link #ticks} has reached a value; the farthest one where that is too far. */
    private long moment(long ticks) {
        long seconds = Long.divideUnsigned(ticks, frequency);
        if (seconds >= Long.MAX_VALUE / SECOND) {
            return Long.MAX_VALUE;
        }
        long rest = Long.remainderUnsigned(ticks, frequency);
        return seconds * SECOND + (rest * SECOND + frequency - 1) / frequency;
    }

    /** Sets the wire and the clock as the registers say now. The hart's own thread, or the clock's. */
    void follow() {
        chassis.lock().lock();
        try {
            boolean on = served.getAsBoolean() || cpu.options.sstc() && (cpu.menvcfg & EnvironmentBits.STCE) != 0;
            boolean due = on && Long.compareUnsigned(ticks(), cpu.stimecmp) >= 0;
            interrupt.set(due);
            long deadline = moment(cpu.stimecmp);
            if (on && !due && deadline != Long.MAX_VALUE) {
                compare.at(deadline);
            } else {
                compare.cancel();
            }
        } finally {
            chassis.lock().unlock();
        }
    }

    /** Sets {@code stimecmp} as firmware does. The hart's own thread. */
    void set(long ticks) {
        cpu.stimecmp = ticks;
        follow();
    }
}
