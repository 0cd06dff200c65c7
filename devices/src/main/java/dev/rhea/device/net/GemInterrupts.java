package dev.rhea.device.net;

import static dev.rhea.device.net.GemRegs.INTERRUPTS;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.irq.Line;

/** The interrupt registers: events that are not masked wait until they are read. */
final class GemInterrupts {
    private final Line line;
    private final Register pending;
    private final Register masked;

    GemInterrupts(RegisterTable table, Line line) {
        this.line = line;
        pending = table.add(0x024, "intr_status").holds(INTERRUPTS).reads(this::take);
        Register enable = table.add(0x028, "intr_en");
        Register disable = table.add(0x02c, "intr_dis");
        masked = table.add(0x030, "intr_mask", INTERRUPTS, 0).holds(INTERRUPTS);
        enable.writes(bits -> mask(masked.get() & ~bits));
        disable.writes(bits -> mask(masked.get() | bits & INTERRUPTS));
    }

    private int take() {
        int result = pending.get();
        pending.set(0);
        update();
        return result;
    }

    private void mask(int bits) {
        masked.set(bits & INTERRUPTS);
        update();
    }

    /** Something happened. */
    void raise(int bits) {
        pending.set(pending.get() | bits & ~masked.get());
        update();
    }

    /** Drives the line as the registers have it. */
    void update() {
        line.set((pending.get() & ~masked.get()) != 0);
    }
}
