package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.board.NetworkCard;
import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SiFive's board with what is on its buses: an SD card, flash memory, Ethernet. */
class SifiveBoardTest {
    private static final int SECTOR = 512;

    @TempDir
    Path folder;

    private Path image(String name, long size) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(size);
        }
        return file;
    }

    private static Drive drive(Path file) throws Exception {
        return Drive.open(
                DriveOptions.of(Map.of("file", file.toString(), "format", "raw", "if", "none", "id", "d0")), false);
    }

    private static MachineBuilder connected(MachineBuilder builder) throws Exception {
        return builder.network("n0", UserStack.open(UserOptions.parse(Map.of())))
                .card(new NetworkCard("n0", "52:54:00:12:34:99"));
    }

    /** One boot for all of them: the card is a file system that the guest makes makes and looks at again. */
    @Test
    void linuxMountsTheCardProgramsTheFlashAndGetsItsAddress() throws Exception {
        Path card = image("card", 16 << 20);
        Path flash = image("flash", 32 << 20);
        Path script = folder.resolve("init");
        Files.writeString(
                script,
                "#!/bin/sh\n/bin/busybox --install -s /bin; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev\n"
                        + "while read -r name; do insmod /modules/$name.ko; done </modules/order\n"
                        + "while [ ! -b /dev/mmcblk0 ]; do sleep 0.1; done\n"
                        + "mke2fs -F /dev/mmcblk0 >/dev/null 2>&1; mount -t ext4 /dev/mmcblk0 /mnt\n"
                        + "seq 1 5000 >/mnt/numbers; umount /mnt; mount -t ext4 -o ro /dev/mmcblk0 /mnt\n"
                        + "sha256sum </mnt/numbers; umount /mnt\n"
                        + "printf 'from the guest' | dd of=/dev/mtdblock0 bs=4096 conv=notrunc 2>/dev/null; sync\n"
                        + "grep spi0.0 /proc/mtd\n"
                        + "mkdir -p /etc/udhcpc; printf '#!/bin/sh\\n[ $1 = bound ] && echo ADDRESS $ip\\n' >/etc/udhcpc/default.script\n"
                        + "chmod 755 /etc/udhcpc/default.script; ip link set eth0 up; cat /sys/class/net/eth0/address\n"
                        + "udhcpc -q -n -t 60 -i eth0 2>/dev/null\n"
                        + "poweroff -f\n");
        Path initrd = Guests.initrd(
                script,
                "spi_sifive",
                "of_mmc_spi",
                "mmc_spi",
                "mmc_block",
                "crc32c_generic",
                "ext4",
                "macb",
                "spi-nor",
                "mtdblock");
        try (Machine vm = connected(Machine.of("riscv64", "sifive_u"))
                .memory(256L << 20)
                .kernel(Guests.kernel())
                .initrd(initrd)
                .append("console=ttySIF0 quiet")
                .drive("card", drive(card))
                .boardDrive("sd", 0, "card")
                .drive("flash", drive(flash))
                .boardDrive("mtd", 0, "flash")
                .build()) {
            vm.start();
            vm.console().expect("23f90f8b2c3a4b5f3b5e156339994afd5c2718b378aca6f0e17111f80a70d4ec", GuestShell.LONG);
            vm.console().expect(Pattern.compile("mtd0: 02000000 00001000"), GuestShell.LONG);
            vm.console().expect("52:54:00:12:34:99", GuestShell.LONG);
            vm.console().expect("ADDRESS 10.0.2.15", GuestShell.LONG);
            vm.awaitEnd(GuestShell.LONG);
        }
        assertThat(Files.readAllBytes(card)).as("ext2's magic number").containsSequence((byte) 0x53, (byte) 0xef);
        byte[] programmed = Files.readAllBytes(flash);
        assertThat(new String(programmed, 0, 14, StandardCharsets.US_ASCII)).isEqualTo("from the guest");
    }

    /** Debian's U-Boot as SiFive's own boot ROM starts it: the first stage looks where the pins tell it to. */
    @ParameterizedTest
    @CsvSource({"11, sd, 2082, MMC1", "6, mtd, 2088, SPI"})
    void uBootComesFromWhereTheModeSelectPinsSay(String pins, String bus, int sector, String said) throws Exception {
        Path image = image("image", bus.equals("sd") ? 64 << 20 : 32 << 20);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek((long) sector * SECTOR);
            file.write(Files.readAllBytes(Guests.sifiveFirmware().resolve("u-boot.itb")));
        }
        try (Machine vm = connected(Machine.of("riscv64", "sifive_u"))
                .memory(8L << 30)
                .cpus(5)
                .option("msel", pins)
                .bios(Guests.sifiveFirmware().resolve("u-boot-spl.bin").toString())
                .drive("image", drive(image))
                .boardDrive(bus, 0, "image")
                .build()) {
            vm.start();
            vm.console().expect("Trying to boot from " + said, GuestShell.LONG);
            vm.console().expect("DRAM:  8 GiB", GuestShell.LONG);
            vm.console().expect("SF: Detected is25wp256", GuestShell.LONG);
            vm.console().expect("Hit any key", GuestShell.LONG);
            vm.console().type("\n");
            vm.console().expect("=> ", GuestShell.LONG);
            vm.console().type("dhcp nosuchfile\n");
            vm.console().expect("DHCP client bound to address 10.0.2.15", GuestShell.LONG);
        }
    }
}
