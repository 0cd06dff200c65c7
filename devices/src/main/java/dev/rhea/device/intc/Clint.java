package dev.rhea.device.intc;

import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Region;
import java.util.List;

/**
 * SiFive's core-local interruptor: software interrupts and the machine timer in one register space (SiFive FU540-C000 manual,
 * chapter 9). Its parts are devices of their own.
 */
public final class Clint {
    /** Bytes of the register space. */
    public static final long SIZE = 0x10000;

    private final SoftwareInterrupts software;
    private final MachineTimer timer;
    private final Container region = new Container("riscv.clint", SIZE);

    /**
     * The two parts, where they belong.
     *
     * @param software each hart's software interrupt pin
     * @param timer each hart's timer interrupt pin
     */
    public Clint(VirtualClock clock, long frequency, List<Line> software, List<Line> timer) {
        this.software = new SoftwareInterrupts(SoftwareInterrupts.Kind.MSWI, software);
        this.timer = new MachineTimer(clock, frequency, timer);
        region.add(0, this.software.region());
        region.add(SoftwareInterrupts.SIZE, this.timer.region());
    }

    public Region region() {
        return region;
    }

    public SoftwareInterrupts software() {
        return software;
    }

    public MachineTimer timer() {
        return timer;
    }
}
