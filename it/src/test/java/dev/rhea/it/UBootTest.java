package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's U-Boot, in S mode unless said otherwise, and what it starts. */
class UBootTest {
    private static final String OPEN_SBI = "OpenSBI v";

    @TempDir
    Path folder;

    private static MachineBuilder uBoot() {
        return Machine.of("riscv64", "virt")
                .memory(512L << 20)
                .kernel(Guests.firmware().resolve("u-boot-smode.bin"));
    }

    private static MachineBuilder onOpenSbi() {
        return uBoot().bios(Guests.firmware().resolve("fw_dynamic.bin").toString());
    }

    private static BootPrompt start(Machine vm) throws Exception {
        vm.start();
        return new BootPrompt(vm).interruptUBoot();
    }

    @Test
    void startsDebianFromItsPartitionUnaskedAndItselfAgainAfterDebiansReboot() throws Exception {
        try (Machine vm = uBoot().cpus(4)
                .drive("d0", BootDisk.whole())
                .device("virtio-blk-device", "drive", "d0")
                .build()) {
            vm.start();
            GuestShell shell = new BootPrompt(vm).awaitShell();
            assertThat(shell.run("nproc")).isEqualTo("4\n");
            vm.console().type("reboot -f\n");
            new BootPrompt(vm).interruptUBoot().run("flinfo", "Bank # 2", BootPrompt.U_BOOT);
            vm.console().type("reset\n");
            new BootPrompt(vm).interruptUBoot();
            new GuestShell(vm).switchOff("poweroff");
        }
    }

    @Test
    void onOpenSbiStartsDebianFromADiskWithoutPartitions() throws Exception {
        try (Machine vm = onOpenSbi()
                .drive("d0", BootDisk.bare(BootDisk.LINUX, folder))
                .device("virtio-blk-pci", "drive", "d0")
                .build()) {
            vm.start();
            BootPrompt prompt = new BootPrompt(vm);
            prompt.await(OPEN_SBI);
            prompt.interruptUBoot();
            vm.console().type("reset\n");
            prompt.await(OPEN_SBI);
            prompt.interruptUBoot().run("virtio scan", BootPrompt.U_BOOT);
            prompt.boot("sysboot virtio 0 any $scriptaddr /boot/extlinux/extlinux.conf")
                    .switchOff();
        }
    }

    @Test
    void startsTheEfiLoaderOfASystemPartitionAndThatDebian() throws Exception {
        try (Machine vm = uBoot().drive("d0", BootDisk.whole())
                .device("virtio-blk-pci", "drive", "d0")
                .build()) {
            BootPrompt prompt = start(vm);
            prompt.run("virtio scan", BootPrompt.U_BOOT);
            prompt.run("load virtio 0:1 $kernel_addr_r EFI/BOOT/BOOTRISCV64.EFI", "bytes read", BootPrompt.U_BOOT);
            GuestShell shell = prompt.boot("bootefi $kernel_addr_r $fdtcontroladdr");
            assertThat(shell.run("ls /sys/firmware/efi")).contains("systab");
            vm.console().type("reboot -f\n");
            prompt.interruptUBoot();
            new GuestShell(vm).switchOff("poweroff");
        }
    }

    @Test
    void handsOnInitialFileSystemAndArgumentsThatTheMachineWasGiven() throws Exception {
        try (Machine vm = uBoot().initrd(Guests.initrd())
                .append("console=ttyS0 quiet given")
                .device("loader", "file", Guests.kernel().toString(), "addr", "0x84000000", "force-raw", "on")
                .build()) {
            GuestShell shell = start(vm).boot("booti 84000000 - $fdtcontroladdr");
            assertThat(shell.run("cat /proc/cmdline")).contains("quiet given");
            shell.switchOff();
        }
    }

    @Test
    void inMachineModeReadsDisksAndWritesOnlyTheFlashThatIsNotReadOnly() throws Exception {
        Path variables = Files.copy(Guests.efi().resolve("vars.fd"), folder.resolve("vars"));
        try (Machine vm = Machine.of("riscv64", "virt")
                .bios(Guests.firmware().resolve("u-boot.bin").toString())
                .drive("code", BootDisk.open(Guests.efi().resolve("code.fd"), "readonly"))
                .drive("vars", BootDisk.open(variables))
                .option("pflash0", "code")
                .option("pflash1", "vars")
                .drive("d0", BootDisk.whole())
                .device("virtio-blk-pci", "drive", "d0")
                .build()) {
            BootPrompt prompt = start(vm);
            prompt.run("virtio scan", BootPrompt.U_BOOT);
            prompt.run("ls virtio 0:2 /boot", "vmlinuz", BootPrompt.U_BOOT);
            prompt.run("mw.b 80200000 55 100; protect off all", BootPrompt.U_BOOT);
            prompt.run("erase 20000000 +40000; cp.b 80200000 20000000 100", "Flash not Erased", BootPrompt.U_BOOT);
            prompt.run("erase 22000000 +40000; cp.b 80200000 22000000 100", "Copy to Flash... done", BootPrompt.U_BOOT);
            vm.console().type("reset\n");
            prompt.interruptUBoot().run("md.l 20000000 1", "20000000: 3000006f", BootPrompt.U_BOOT);
            prompt.run("md.l 22000000 1", "22000000: 55555555", BootPrompt.U_BOOT);
            new GuestShell(vm).switchOff("poweroff");
        }
        assertThat(Files.readAllBytes(variables)).startsWith(0x55, 0x55, 0x55, 0x55);
    }
}
