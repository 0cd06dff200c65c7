package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.BootConfiguration;
import dev.rhea.board.MachineSpec;
import dev.rhea.cli.options.OptionSpec;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.SystemOptions;
import dev.rhea.machine.Chassis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineSettingsTest {
    @TempDir
    Path folder;

    @Test
    void everyOptionOfTheTableHasAnEffect() throws Exception {
        MachineSettings settings = new Typed().settings();
        List<String> without = SystemOptions.table().specs().stream()
                .map(OptionSpec::name)
                .filter(name ->
                        !settings.knows(name) && !List.of("h", "version").contains(name))
                .toList();
        assertThat(without).isEmpty();
    }

    @Test
    void aMachineIsWhatItsOptionsSay() throws Exception {
        MachineSpec spec = new Typed(
                        "-M",
                        "virt",
                        "-smp",
                        "2",
                        "-m",
                        "64",
                        "-name",
                        "box,process=boxed",
                        "-uuid",
                        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                        "-boot",
                        "menu=on,splash-time=300,reboot-timeout=5000,strict=on",
                        "-fw_cfg",
                        "name=opt/x,string=hello",
                        "-device",
                        "virtio-rng-pci,id=r")
                .spec();
        assertThat(spec.topology().cpus()).isEqualTo(2);
        assertThat(spec.memory()).isEqualTo(64 << 20);
        assertThat(spec.identity().name()).isEqualTo("box");
        assertThat(spec.identity().uuid()).hasToString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        assertThat(spec.boot().configuration()).isEqualTo(new BootConfiguration(true, 300, 5000, true));
        assertThat(spec.boot().files().get("opt/x")).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
        assertThat(spec.devices()).hasSize(1);
    }

    @Test
    void theClockStartsWhereItIsTold() throws Exception {
        Clock host = Clock.fixed(Instant.parse("2026-07-01T12:00:00Z"), ZoneOffset.UTC);
        try (Chassis chassis = new Chassis()) {
            assertThat(seconds(host, chassis, "base", "2006-06-17T16:01:21"))
                    .isEqualTo(Instant.parse("2006-06-17T16:01:21Z").getEpochSecond());
            assertThat(seconds(host, chassis, "base", "localtime"))
                    .isEqualTo(Instant.parse("2026-07-01T14:00:00Z").getEpochSecond());
            assertThat(seconds(host, chassis, "clock", "vm"))
                    .isEqualTo(host.instant().getEpochSecond());
        }
    }

    private static long seconds(Clock host, Chassis chassis, String name, String value) throws Exception {
        Parameters given = new Parameters(null, List.of(new Parameters.Parameter(name, value)), false);
        return ClockOptions.parse(given, host, ZoneId.of("Europe/Berlin"))
                        .of(chassis.clock())
                        .nanoseconds()
                / 1_000_000_000;
    }

    @Test
    void blockNodesAreDrivesOfDevices() throws Exception {
        Path disk = folder.resolve("disk");
        Files.write(disk, new byte[1024]);
        MachineSpec spec = new Typed(
                        "-blockdev", "file,filename=" + disk + ",node-name=f",
                        "-blockdev", "raw,file=f,node-name=r,read-only=on",
                        "-device", "virtio-blk-pci,drive=r")
                .spec();
        assertThat(spec.backends().drives()).containsOnlyKeys("r");
        assertThat(spec.backends().drives().get("r").backend().isReadOnly()).isTrue();
    }

    @Test
    void memoryOfAFileIsTheFile() throws Exception {
        Path file = folder.resolve("ram");
        MachineSpec spec = new Typed(
                        "-object",
                        "memory-backend-file,id=m,size=32M,share=on,mem-path=" + file,
                        "-M",
                        "virt,memory-backend=m")
                .spec();
        assertThat(spec.memory()).isEqualTo(32 << 20);
        assertThat(Files.size(file)).isEqualTo(32 << 20);
    }

    @Test
    void firmwareIsFoundByItsName() throws Exception {
        Files.write(folder.resolve("fw.bin"), new byte[] {1});
        assertThat(new Typed("-L", folder.toString(), "-bios", "fw.bin")
                        .settings()
                        .firmware
                        .bios())
                .isEqualTo(folder.resolve("fw.bin").toString());
        assertThat(new Typed("-bios", "none").settings().firmware.bios()).isEqualTo("none");
    }

    @Test
    void warningsAreSaidAndItGoesOn() throws Exception {
        Typed typed = new Typed("-global", "nosuch.foo=1", "-fw_cfg", "name=x,string=y");
        typed.settings();
        assertThat(typed.said())
                .contains("warning: global nosuch.foo has invalid class name")
                .contains("warning: externally provided fw_cfg item names should be prefixed with \"opt/\"");
    }

    @Test
    void messagesCarryTimeAndGuest() throws Exception {
        Typed typed = new Typed("-name", "foo", "-msg", "timestamp=on,guest-name=on", "-global", "nosuch.foo=1");
        typed.settings();
        assertThat(typed.said()).startsWith("2026-01-02T03:04:05.000678Z foo qemu-system-riscv64: warning: ");
    }

    @Test
    void helpAnswersAndNothingElseHappens() throws Exception {
        assertThat(new Typed("-object", "help").help()).contains("  rng-random\n");
        assertThat(new Typed("-object", "rng-random,help").help())
                .isEqualTo("rng-random options:\n  filename=<string>\n");
        assertThat(new Typed("-object", "memory-backend-ram,help").help())
                .contains("  dump=<bool>            - Set to 'off' to exclude from core dump\n");
        assertThat(new Typed("-accel", "help").help()).isEqualTo("Accelerators supported in QEMU binary:\ntcg\n");
        assertThat(new Typed("-smp", "help").help()).startsWith("smp-opts options:\n  clusters=<num>\n");
        assertThat(new Typed("-display", "help").help()).startsWith("Available display backend types:\nnone");
        assertThat(new Typed("-d", "help").help()).contains("in_asm").contains("exceptions and interrupts");
        assertThat(new Typed("-M", "virt,help").help()).startsWith("virt-machine options:\n");
        assertThat(new Typed("-m", "64").help()).isEmpty();
    }
}
