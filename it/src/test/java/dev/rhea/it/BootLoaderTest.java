package dev.rhea.it;

import dev.rhea.board.Console;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.junit.Guest;
import dev.rhea.junit.GuestDefinition;
import org.junit.jupiter.api.Test;

/** Debian's U-Boot and installer. */
class BootLoaderTest {
    /** U-Boot in S mode, on the firmware inside. */
    static final class UBoot implements GuestDefinition {
        @Override
        public MachineBuilder describe() {
            return Machine.of("riscv64", "virt").kernel(Guests.firmware().resolve("u-boot-smode.bin"));
        }
    }

    /** The same on OpenSBI. */
    static final class UBootOnOpenSbi implements GuestDefinition {
        @Override
        public MachineBuilder describe() {
            return new UBoot()
                    .describe()
                    .bios(Guests.firmware().resolve("fw_dynamic.bin").toString());
        }
    }

    private static void awaitPrompt(Console console) throws Exception {
        console.expect("Hit any key", GuestShell.LONG);
        console.type("\n");
        console.expect("=> ", GuestShell.LONG);
    }

    @Test
    void uBootFindsTheBoardsFlashResetsTheMachineAndSwitchesItOff(@Guest(UBoot.class) Machine vm) throws Exception {
        awaitPrompt(vm.console());
        vm.console().type("flinfo\n");
        vm.console().expect("Bank # 2", GuestShell.LONG);
        // What is typed while it prints is lost.
        vm.console().expect("=> ", GuestShell.LONG);
        vm.console().type("reset\n");
        awaitPrompt(vm.console());
        new GuestShell(vm).switchOff("poweroff");
    }

    @Test
    void uBootOnOpenSbiResetsTheMachineAndSwitchesItOff(@Guest(UBootOnOpenSbi.class) Machine vm) throws Exception {
        vm.console().expect("OpenSBI v", GuestShell.LONG);
        awaitPrompt(vm.console());
        vm.console().type("reset\n");
        vm.console().expect("OpenSBI v", GuestShell.LONG);
        awaitPrompt(vm.console());
        new GuestShell(vm).switchOff("poweroff");
    }

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
