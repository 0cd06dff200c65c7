package dev.rhea.board.riscv;

import dev.rhea.device.misc.SifiveTest;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.ShutdownCause;

/** What guests do to the whole machine. */
record PowerSwitch(Chassis chassis) implements SifiveTest.Outcome {
    @Override
    public void shutDown(int exitCode) {
        chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, exitCode);
    }

    @Override
    public void reset() {
        chassis.requestReset(ShutdownCause.GUEST_RESET);
    }
}
