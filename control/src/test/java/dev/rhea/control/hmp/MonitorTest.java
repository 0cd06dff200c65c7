package dev.rhea.control.hmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Identity;
import dev.rhea.board.Machine;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevEvent;
import dev.rhea.chardev.FrontEnd;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.chardev.QueueChardev;
import dev.rhea.engine.log.Log;
import dev.rhea.engine.log.LogItem;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user at a monitor sees. */
@Timeout(60)
class MonitorTest {
    @TempDir
    Path folder;

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PROMPT = "(qemu) ";

    private final CompletableFuture<Machine> machine = new CompletableFuture<>();
    private final QueueChardev user = new QueueChardev("user");

    private Machine build() throws Exception {
        Machine made =
                Machine.of("riscv64", "virt").memory(64L << 20).bios("none").build();
        machine.complete(made);
        return made;
    }

    @AfterEach
    void close() {
        machine.thenAccept(Machine::close);
    }

    /** What a command prints, without its echo. */
    private String run(String command) throws Exception {
        user.input(command + "\r");
        String echoed = user.expect("\r\n", LONG);
        String all = user.expect(PROMPT, LONG);
        assertThat(echoed).contains(command);
        return all.substring(0, all.length() - PROMPT.length()).replace("\r", "");
    }

    /** A serial port that does nothing. */
    private static final class Silent implements FrontEnd {
        @Override
        public int room() {
            return 16;
        }

        @Override
        public void receive(byte[] data, int offset, int length) {}

        @Override
        public void event(ChardevEvent event) {}
    }

    @Test
    void aTerminalThatASerialPortHasShowsNoMonitorBeforeTheUserSwitches() throws Exception {
        var terminal = new Multiplexer(
                "terminal",
                user,
                Multiplexer.DEFAULT_ESCAPE,
                new Multiplexer.Orders() {
                    @Override
                    public void exit() {}

                    @Override
                    public void saveDisks() {}
                },
                System::nanoTime);
        try (Monitor monitor = new Monitor(machine, terminal.port())) {
            Chardev serial = terminal.port();
            serial.attach(new Silent());
            build();
            // What the serial port's driver says is the first thing on the terminal.
            serial.write(new byte[] {'#'}, 0, 1);
            assertThat(user.expect("#", LONG)).isEqualTo("#");
            user.input("\u0001c");
            assertThat(user.expect(PROMPT, LONG)).contains("monitor - type 'help' for more information");
        }
    }

    @Test
    void commandsPrintWhatTheReferencePrints() throws Exception {
        build();
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("print 1+"))
                    .isEqualTo("unexpected end of expression\nTry \"help print\" for more information\n");
            assertThat(run("p $nothing")).isEqualTo("unknown register\nTry \"help p\" for more information\n");
            assertThat(run("p/x $pc")).isEqualTo("0x1000\n");
            assertThat(run("p $x0+$mhartid")).isEqualTo("0\n");
            assertThat(run("p/x $ft0 + 2")).isEqualTo("0x2\n");
            assertThat(run("help stop")).isEqualTo("stop|s  -- stop emulation\n");
            assertThat(run("cpu 3")).isEqualTo("invalid CPU index\n");
            assertThat(run("foo")).isEqualTo("unknown command: 'foo'\n");
            assertThat(run("info registers"))
                    .startsWith("\nCPU#0\n V      =   0\n pc       0000000000001000\n")
                    .contains(" x0/zero  0000000000000000 x1/ra ")
                    .endsWith(" f30/ft10 0000000000000000 f31/ft11 0000000000000000\n");
        }
    }

    @Test
    void devicesAreShownWithTheirBusesAndProperties() throws Exception {
        Machine made = Machine.of("riscv64", "virt")
                .memory(64L << 20)
                .bios("none")
                .device("pcie-root-port", "id", "port", "slot", "3")
                .device("virtio-rng-pci", "bus", "port", "id", "dice")
                .device("virtio-rng-device", "id", "more")
                .build();
        machine.complete(made);
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("info qtree"))
                    .contains("    bus: pcie.0\n      type PCIE\n      dev: pcie-root-port, id \"port\"\n")
                    .contains("        slot = 3 (0x3)\n")
                    .contains("        bus: port\n          type PCIE\n          dev: virtio-rng-pci, id \"dice\"\n")
                    .contains("    bus: virtio-mmio-bus.");
            assertThat(run("info mtree"))
                    .startsWith("address-space: memory\n  0000000000000000-ffffffffffffffff (prio 0, i/o): system\n")
                    .contains("    0000000020000000-0000000021ffffff (prio 0, romd): virt.flash0\n")
                    .contains("\nmemory-region: ");
            assertThat(run("info irq")).startsWith("IRQ statistics for riscv.sifive.plic:\n");
        }
    }

    @Test
    void commandsRefuseWhatTheyDoNotKnow() throws Exception {
        build();
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("info status x"))
                    .isEqualTo("status: extraneous characters at the end of line\n"
                            + "Try \"help info status\" for more information\n");
            assertThat(run("stop x"))
                    .isEqualTo("stop|s: extraneous characters at the end of line\n"
                            + "Try \"help stop\" for more information\n");
            assertThat(run("info qtree -x"))
                    .isEqualTo("qtree: unsupported option -x\nTry \"help info qtree\" for more information\n");
            assertThat(run("log")).isEqualTo("log: string expected\nTry \"help log\" for more information\n");
            assertThat(run("logfile"))
                    .isEqualTo("logfile: filename expected\nTry \"help logfile\" for more information\n");
            assertThat(run("logfile /tmp/%d%d")).isEqualTo("Bad logfile template: /tmp/%d%d\n");
            assertThat(run("sum")).startsWith("unexpected end of expression\n");
            assertThat(run("cpu abc")).startsWith("invalid char 'a' in expression\n");
            assertThat(run("info registers 3")).isEqualTo("CPU#3 not available\n");
            assertThat(run("info foo")).isEqualTo("unknown command: 'info foo'\n");
        }
    }

    @Test
    void expressionsAreThoseOfTheReference() throws Exception {
        build();
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("p 3&1+4")).isEqualTo("0x5\n");
            assertThat(run("p 1+2*3")).isEqualTo("0x7\n");
            assertThat(run("p 6|1^7")).isEqualTo("0\n");
            assertThat(run("p (1+2)*-3")).isEqualTo("0xfffffffffffffff7\n");
            assertThat(run("p ~0")).isEqualTo("0xffffffffffffffff\n");
            assertThat(run("p 'a'")).isEqualTo("0x61\n");
            assertThat(run("p 5/0")).startsWith("division by zero\n");
            assertThat(run("p (1")).startsWith("')' expected\n");
            assertThat(run("p 99999999999999999999")).startsWith("number too large\n");
            assertThat(run("p 08")).startsWith("print|p: extraneous characters at the end of line\n");
            // The notation stays until another is asked for.
            assertThat(run("p/d 1-3")).isEqualTo("-2\n");
            assertThat(run("p 7")).isEqualTo("7\n");
            assertThat(run("p/c 0x7f")).isEqualTo("'\\x7f'\n");
        }
    }

    @Test
    void memoryIsShownInColumns() throws Exception {
        Machine made = build();
        made.chassis().memory().write(0x80000000L, 0x0282861300000297L, 8);
        made.chassis().memory().write(0x80000008L, 0x0202b583f1402573L, 8);
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("xp/10xb 0x80000000"))
                    .isEqualTo("0000000080000000: 0x97 0x02 0x00 0x00 0x13 0x86 0x82 0x02\n"
                            + "0000000080000008: 0x73 0x25\n");
            assertThat(run("xp/3dh 0x80000000")).isEqualTo("0000000080000000:   663     0 34323\n");
            assertThat(run("xp/3ow 0x80000000")).isEqualTo("0000000080000000:       01227  0240503023 036120022563\n");
            assertThat(run("xp/2c 0x80000008")).isEqualTo("0000000080000008: 's' '%'\n");
            assertThat(run("xp/2i 0x80000000"))
                    .startsWith("0x80000000:  00000297          auipc")
                    .contains("\n0x80000004:  02828613          addi");
            assertThat(run("xp/2xw 0x0")).isEqualTo("0000000000000000: Cannot access memory\n");
            assertThat(run("sum 0x80000000 1")).isEqualTo("00151\n");
            assertThat(run("gva2gpa 0x80000004")).isEqualTo("gpa: 0x80000004\n");
            assertThat(run("gpa2hva 0x80000000"))
                    .startsWith("Host virtual address for 0x80000000 (riscv_virt_board.ram) is 0x");
            assertThat(run("gpa2hva 0x0")).isEqualTo("No memory is mapped at address 0x0\n");
            assertThat(run("gpa2hva 0x10000000")).isEqualTo("Memory at address 0x10000000 is not RAM\n");
            assertThat(run("i /w 0x12345")).isEqualTo("portl[0x2345] = 0xffffffff\n");
            assertThat(run("o /b 0x10 5")).isEmpty();
            assertThat(run("info mem")).isEqualTo("No translation or protection\n");
        }
    }

    @Test
    void whatTheHostGivesToDevicesIsShown() throws Exception {
        Path image = Files.write(folder.resolve("disk"), new byte[1024]);
        machine.complete(Machine.of("riscv64", "virt")
                .memory(64L << 20)
                .bios("none")
                .identity(new Identity("box", UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8")))
                .drive("a", Drive.open(DriveOptions.of(Map.of("file", image.toString(), "format", "raw")), false))
                .drive("b", Drive.open(DriveOptions.of(Map.of("format", "null-co", "readonly", "on")), false))
                .device("virtio-blk-pci", "drive", "a", "id", "disk")
                .device("virtio-net-device", "mac", "52:54:00:00:00:07")
                .build());
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("info name")).isEqualTo("box\n");
            assertThat(run("info uuid")).isEqualTo("6ba7b810-9dad-11d1-80b4-00c04fd430c8\n");
            assertThat(run("info block"))
                    .isEqualTo("a (#block000): " + image + " (raw)\n"
                            + "    Attached to:      /machine/peripheral/disk/virtio-backend\n"
                            + "    Cache mode:       writeback\n\n"
                            + "b (#block001): null-co:// (null-co, read-only)\n"
                            + "    Removable device: not locked, tray closed\n"
                            + "    Cache mode:       writeback\n");
            assertThat(run("info block -v a")).contains("virtual size: 1 KiB (1024 bytes)\n");
            assertThat(run("info block nosuch")).isEmpty();
            assertThat(run("info network"))
                    .isEqualTo("virtio-net-device.0: index=0,type=nic,model=virtio-net-device,"
                            + "macaddr=52:54:00:00:00:07\n");
            assertThat(run("info pci"))
                    .startsWith("  Bus  0, device   0, function 0:\n    Host bridge: PCI device 1b36:0008\n")
                    .contains("    SCSI controller: PCI device 1af4:1001\n");
            assertThat(run("info cpus")).startsWith("* CPU #0");
            assertThat(run("info qtree"))
                    .contains("  dev: riscv.sifive.plic, id \"\"\n    gpio-in \"\" 96\n    gpio-out \"\" 2\n")
                    .contains("    mmio 000000000c000000/0000000000600000\n")
                    .contains("        class SCSI controller, addr 00:01.0, pci id 1af4:1001 (sub 1af4:0002)\n")
                    .contains("        bus: virtio-bus\n          type virtio-pci-bus\n"
                            + "          dev: virtio-blk-device, id \"\"\n")
                    .contains("            drive = \"a\"\n")
                    .contains("        mac = \"52:54:00:00:00:07\"\n");
            assertThat(run("info qtree -b")).doesNotContain(" = ").contains("dev: virtio-blk-pci, id \"disk\"\n");
        }
    }

    @Test
    void logsAreSwitchedWhileTheMachineRuns() throws Exception {
        Path file = folder.resolve("log");
        Log log = new Log(Set.of(), OutputStream.nullOutputStream(), address -> true);
        machine.complete(Machine.of("riscv64", "virt")
                .memory(64L << 20)
                .bios("none")
                .log(log)
                .build());
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            assertThat(run("log int,unimp")).isEmpty();
            assertThat(log.items()).containsExactlyInAnyOrder(LogItem.INT, LogItem.UNIMP);
            assertThat(run("logfile " + file)).isEmpty();
            log.write("hello\n");
            assertThat(file).hasContent("hello\n");
            assertThat(run("log exec"))
                    .isEqualTo("'exec' is logged from the start or not at all: start with -d exec\n");
            assertThat(log.has(LogItem.EXEC)).isFalse();
            assertThat(run("log none")).isEmpty();
            assertThat(log.items()).isEmpty();
            assertThat(run("log foo")).startsWith("Log items (comma separated):\n");
        }
    }

    @Test
    void nothingIsAskedOnceTheUserQuits() throws Exception {
        build();
        try (Monitor monitor = new Monitor(machine, user)) {
            user.expect(PROMPT, LONG);
            // All at once: lines wait for those before them.
            user.input("info status\rquit\rinfo status\r");
            user.expect("VM status: paused (prelaunch)", LONG);
            user.expect("quit", LONG);
            machine.get().awaitEnd(LONG);
            assertThat(user.waiting()).doesNotContain("VM status");
        }
    }
}
