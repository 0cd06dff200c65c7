package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.BootConfiguration;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's EDK2, whose code and variables are in the two banks of {@code virt}'s flash. */
class EfiTest {
    private static final String GUID = "-guid 5c5bd1cc-3f1b-44b7-8dd2-3c5a0a1b2c3d";

    @TempDir
    Path folder;

    /** @param variables a file that keeps them, made where there is none; EDK2 waits for no key */
    private MachineBuilder firmware(Path variables) throws Exception {
        if (!Files.exists(variables)) {
            Files.copy(Guests.efi().resolve("vars.fd"), variables, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return Machine.of("riscv64", "virt")
                .memory(512L << 20)
                .drive("code", BootDisk.open(Guests.efi().resolve("code.fd"), "readonly"))
                .drive("vars", BootDisk.open(variables))
                .option("pflash0", "code")
                .option("pflash1", "vars")
                .bootConfiguration(new BootConfiguration(true, 0, -1, false));
    }

    @Test
    void startsTheLoaderOnASystemPartitionAndThatDebian() throws Exception {
        try (Machine vm = firmware(folder.resolve("vars"))
                .drive("d0", BootDisk.whole())
                .device("virtio-blk-pci", "drive", "d0")
                .build()) {
            vm.start();
            GuestShell shell = new BootPrompt(vm).awaitShell();
            assertThat(shell.run("ls /sys/firmware/efi")).contains("systab");
            shell.switchOff();
        }
    }

    @Test
    void startsTheKernelThatTheMachineWasGivenAlsoAfterAReboot() throws Exception {
        try (Machine vm = firmware(folder.resolve("vars"))
                .cpus(2)
                .kernel(Guests.kernel())
                .initrd(Guests.initrd())
                .append("console=ttyS0 quiet given")
                .build()) {
            vm.start();
            GuestShell first = new BootPrompt(vm).awaitShell();
            assertThat(first.run("cat /proc/cmdline; nproc"))
                    .contains("quiet given")
                    .contains("\n2");
            vm.console().type("reboot -f\n");
            GuestShell second = new BootPrompt(vm).awaitShell();
            assertThat(second.run("cat /proc/cmdline")).contains("quiet given");
            second.switchOff();
        }
    }

    @Test
    void itsShellFindsADiskAndWhatItSetsIsThereAfterARestartAndInTheNextMachine() throws Exception {
        Path variables = folder.resolve("vars");
        try (Machine vm = firmware(variables)
                .drive("d0", BootDisk.bare(BootDisk.OTHER, folder))
                .device("virtio-blk-pci", "drive", "d0")
                .build()) {
            vm.start();
            BootPrompt shell = new BootPrompt(vm).openEfiShell();
            shell.run("map -r", "FS0:", BootPrompt.EFI_SHELL);
            shell.run("ls fs0:", "boot.efi", BootPrompt.EFI_SHELL);
            shell.run("bcfg boot add 9 fs0:\\boot.efi \"menu of ours\"", "Add Boot", BootPrompt.EFI_SHELL);
            shell.run("setvar rhea " + GUID + " -bs -rt -nv =0x4218", BootPrompt.EFI_SHELL);
            vm.console().type("reset\r");
            shell.openEfiShell().run("setvar rhea " + GUID, "18 42", BootPrompt.EFI_SHELL);
            new GuestShell(vm).switchOff("reset -s\r");
        }
        try (Machine vm = firmware(variables).build()) {
            vm.start();
            BootPrompt shell = new BootPrompt(vm).openEfiShell();
            shell.run("setvar rhea " + GUID, "18 42", BootPrompt.EFI_SHELL);
            shell.run("bcfg boot dump", "menu of ours", BootPrompt.EFI_SHELL);
            new GuestShell(vm).switchOff("reset -s\r");
        }
    }
}
