package dev.rhea.it;

import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.junit.Guest;
import dev.rhea.junit.GuestDefinition;
import org.junit.jupiter.api.Test;

/** Debian's installer. */
class InstallerTest {
    /** Debian's network installer. */
    static final class Installer implements GuestDefinition {
        @Override
        public MachineBuilder describe() {
            return Machine.of("riscv64", "virt")
                    .memory(512L << 20)
                    .kernel(Guests.installer().resolve("linux"))
                    .initrd(Guests.installer().resolve("initrd.gz"))
                    .append("console=ttyS0");
        }
    }

    @Test
    void debiansInstallerAsksForTheLanguage(@Guest(Installer.class) Machine vm) throws Exception {
        vm.console().expect("Select a language", GuestShell.LONG);
    }
}
