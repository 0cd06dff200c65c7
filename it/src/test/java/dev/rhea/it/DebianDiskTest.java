package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Debian on a disk. */
class DebianDiskTest {
    private static void checkIsClean(Path disk) {
        Outcome checked = Command.of("e2fsck", "-fn", disk.toString()).run();
        assertThat(checked.status()).as(checked.output()).isZero();
    }

    @Test
    void debianStartsItsServicesRestartsAndEndsWithACleanFileSystem(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Command.of("sh", "-c", "command -v e2fsck").run().status() == 0,
                "needs e2fsck (Debian: e2fsprogs) to check the file system");
        Path disk = folder.resolve("disk");
        Outcome copied = Command.of("cp", "--sparse=always", Guests.disk().toString(), disk.toString())
                .run();
        assertThat(copied.status()).as(copied.error()).isZero();
        try (Machine vm = Machine.of("riscv64", "virt")
                .memory(1L << 30)
                .cpus(2)
                .kernel(Guests.kernel())
                .initrd(Guests.diskInitrd())
                .append("console=ttyS0 quiet root=/dev/vda")
                .drive("d0", Guests.rawDisk(disk))
                .device("virtio-blk-pci", "drive", "d0")
                .network("n0", UserStack.open(UserOptions.parse(Map.of())))
                .device("virtio-net-pci", "netdev", "n0")
                .build()) {
            vm.start();
            GuestShell shell = GuestShell.logIn(vm);
            assertThat(shell.run("systemctl is-system-running --wait; systemctl --failed --no-legend --plain"))
                    .isEqualTo("running\n");
            assertThat(shell.run("/usr/lib/systemd/systemd-networkd-wait-online; ip -4 -o address show scope global"))
                    .contains("inet 10.0.2.15/24");
            assertThat(shell.run("python3 -c 'print(2 ** 100)'")).isEqualTo("1267650600228229401496703205376\n");
            shell.run("echo kept >/kept");
            vm.console().type("systemctl reboot\n");
            shell = GuestShell.logIn(vm);
            assertThat(shell.run("cat /kept")).isEqualTo("kept\n");
            shell.switchOff("systemctl poweroff");
        }
        checkIsClean(disk);
    }
}
