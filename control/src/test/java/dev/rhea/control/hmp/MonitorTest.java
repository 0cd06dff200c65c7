package dev.rhea.control.hmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevEvent;
import dev.rhea.chardev.FrontEnd;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.chardev.QueueChardev;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user at a monitor sees. */
@Timeout(60)
class MonitorTest {
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
}
