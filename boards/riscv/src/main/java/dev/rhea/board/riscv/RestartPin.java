package dev.rhea.board.riscv;

import dev.rhea.machine.Chassis;
import dev.rhea.machine.ShutdownCause;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.irq.Line;

/**
 * A wire whose falling edge resets the board: what {@code gpio-restart} of a device tree drives. It is reset before what drives it,
 * so that a reset is no edge.
 */
final class RestartPin implements Device, Line {
    private final Chassis chassis;
    private boolean high;

    RestartPin(Chassis chassis) {
        this.chassis = chassis;
    }

    @Override
    public String type() {
        return "gpio-restart";
    }

    @Override
    public void set(boolean level) {
        boolean falls = high && !level;
        high = level;
        if (falls) {
            chassis.requestReset(ShutdownCause.GUEST_RESET);
        }
    }

    @Override
    public void reset() {
        high = false;
    }
}
