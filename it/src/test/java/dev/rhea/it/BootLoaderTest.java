package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Console;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.junit.Guest;
import dev.rhea.junit.GuestDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void uBootStartsAKernelFromADisk(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Command.of("sh", "-c", "command -v mke2fs").run().status() == 0, "needs mke2fs to make a disk");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.copy(Guests.kernel(), files.resolve("vmlinuz"));
        Files.copy(Guests.initrd(), files.resolve("initrd.gz"));
        Files.createDirectory(files.resolve("extlinux"));
        Files.writeString(
                files.resolve("extlinux/extlinux.conf"),
                "default rhea\nlabel rhea\n  linux /vmlinuz\n  initrd /initrd.gz\n  append console=ttyS0 quiet\n");
        Path disk = folder.resolve("disk");
        Outcome made = Command.of("mke2fs", "-q", "-t", "ext4", "-d", files.toString(), disk.toString(), "96M")
                .run();
        assertThat(made.status()).as(made.error()).isZero();
        try (Machine vm = new UBoot()
                .describe()
                .memory(512L << 20)
                .drive(
                        "d0",
                        Drive.open(
                                DriveOptions.of(
                                        Map.of("file", disk.toString(), "format", "raw", "if", "none", "id", "d0")),
                                false))
                .device("virtio-blk-pci", "drive", "d0")
                .build()) {
            vm.start();
            // Nobody hits a key: it looks for a system by itself.
            GuestShell.await(vm).switchOff();
        }
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
