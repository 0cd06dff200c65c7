package dev.rhea.it;

import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.junit.GuestDefinition;

/** Debian's kernel with a busybox shell on the serial port. */
class DebianShell implements GuestDefinition {
    @Override
    public MachineBuilder describe() {
        return Machine.of("riscv64", "virt")
                .memory(256L << 20)
                .kernel(Guests.kernel())
                .initrd(Guests.initrd())
                .append("console=ttyS0 quiet");
    }
}
