package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Backends;
import dev.rhea.board.NetworkCard;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drives and networks for devices that are part of a board: SiFive's has a card slot, flash and an Ethernet controller. */
class BoardPartsTest {
    @TempDir
    Path folder;

    private String image(String name, long size) throws Exception {
        Path file = folder.resolve(name);
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(size);
        }
        return file.toString();
    }

    private static Backends backends(String line) throws Exception {
        return new Typed(("-M sifive_u " + line).split(" ")).spec().backends();
    }

    @Test
    void drivesReachTheCardSlotAndTheFlash() throws Exception {
        String card = image("card", 1 << 20);
        String flash = image("flash", 32 << 20);
        assertThat(backends("-drive if=sd,format=raw,file=" + card + " -drive if=mtd,format=raw,id=f,file=" + flash)
                        .boardDrives())
                .containsOnlyKeys("sd0", "mtd0")
                .containsEntry("mtd0", "f");
        assertThat(backends("-sd " + card + " -mtdblock " + flash).boardDrives())
                .containsOnlyKeys("sd0", "mtd0");
    }

    @Test
    void whatTheBoardHasNoPlaceForIsRefused() throws Exception {
        String card = image("card", 1 << 20);
        assertThat(Typed.complaint("-M", "sifive_u", "-drive", "if=sd,format=raw,index=1,file=" + card))
                .endsWith(": machine type does not support if=sd,bus=0,unit=1");
        assertThat(Typed.complaint("-drive", "if=sd,format=raw,file=" + card))
                .endsWith(": machine type does not support if=sd,bus=0,unit=0");
    }

    @Test
    void aCardOfAnOddSizeAndAFlashThatIsTooSmallAreRefused() throws Exception {
        assertThat(Typed.whole("-M", "sifive_u", "-drive", "if=sd,format=raw,file=" + image("odd", 100 << 20)))
                .isEqualTo("""
                        Invalid SD card size: 100 MiB
                        SD card size has to be a power of 2, e.g. 128 MiB.
                        You can resize disk images with 'qemu-img resize <imagefile> <new-size>'
                        (note that this will lose data if you make the image smaller than it currently is).""");
        assertThat(Typed.complaint("-M", "sifive_u", "-drive", "if=mtd,format=raw,file=" + image("small", 16 << 20)))
                .isEqualTo("failed to read the initial flash content");
    }

    @ParameterizedTest
    @CsvSource({
        "-nographic, 1",
        "-nodefaults, 0",
        "-nic none, 0",
        "-nic user, 1",
        "'-nic user,model=cadence_gem', 1",
        "'-netdev user,id=a', 0",
        "'-net nic -net user', 1",
        "-net user, 0"
    })
    void itsEthernetIsConnectedAsTheLineSays(String line, int cards) throws Exception {
        assertThat(backends(line).cards()).hasSize(cards);
    }

    @Test
    void aCardHasTheNetworkAndAddressThatWereGiven() throws Exception {
        assertThat(backends("-netdev user,id=a -net nic,netdev=a,macaddr=52:54:00:00:00:07")
                        .cards())
                .containsExactly(new NetworkCard("a", "52:54:00:00:00:07"));
        assertThat(Typed.complaint("-M", "sifive_u", "-net", "nic,netdev=b")).endsWith("netdev 'b' not found");
    }

    @Test
    void moreCardsThanTheBoardHasAreWarnedOf() throws Exception {
        Typed typed = new Typed("-M", "sifive_u", "-nic", "user", "-nic", "user");
        assertThat(typed.spec().backends().cards()).hasSize(1);
        assertThat(typed.said()).contains("was not created (not supported by this machine?)");
    }

    @Test
    void anotherModelIsNotSupported() throws Exception {
        assertThat(Typed.complaint("-M", "sifive_u", "-nic", "user,model=virtio"))
                .endsWith("Unsupported NIC model: virtio");
    }

    @Test
    void aBoardWithoutACardGetsADevice() throws Exception {
        assertThat(new Typed("-net", "nic", "-net", "user").spec().devices())
                .anyMatch(device -> device.driver().equals("virtio-net-pci"));
    }
}
