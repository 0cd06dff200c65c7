package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.cli.options.OptionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines from their command line to their end: a program of a few instructions switches them off. */
class SystemRunTest {
    /** Registers of the board: the test finisher's address in the upper bits of a {@code lui}. */
    private static final int FINISHER = 0x100;

    private static final int PASS = 0x5555;
    private static final int FAIL = 0x3333;
    private static final int RESET = 0x7777;

    @TempDir
    Path folder;

    /** Writes a word to the finisher, then loops. */
    private Path program(int value) throws Exception {
        int low = value << 20 >> 20;
        int[] words = {
            FINISHER << 12 | 5 << 7 | 0x37, // lui t0, FINISHER
            value - low | 6 << 7 | 0x37, // lui t1, the upper bits
            low << 20 | 6 << 15 | 6 << 7 | 0x13, // addi t1, t1, the lower ones
            6 << 20 | 5 << 15 | 2 << 12 | 0x23, // sw t1, 0(t0)
            0x6f // j .
        };
        ByteBuffer code = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            code.putInt(word);
        }
        return Files.write(folder.resolve("program"), code.array());
    }

    private static Typed machine(Path program, String... more) throws Exception {
        List<String> words = new ArrayList<>(
                List.of("-bios", "none", "-kernel", program.toString(), "-m", "16", "-display", "none"));
        words.addAll(List.of(more));
        return new Typed(words.toArray(String[]::new));
    }

    /** A machine that ends well by itself. */
    private Typed passing(String... more) throws Exception {
        return machine(program(PASS), more);
    }

    private int run(Typed typed, Map<String, String> environment) throws Exception {
        return new SystemRun(typed.settings(), environment, null).run();
    }

    private int run(Path program, String... more) throws Exception {
        return run(machine(program, more), Map.of());
    }

    @Test
    void theGuestSaysWhatTheProcessEndsWith() throws Exception {
        assertThat(run(program(PASS))).isZero();
        assertThat(run(program(7 << 16 | FAIL))).isEqualTo(7);
    }

    @Test
    void aRestartEndsAMachineThatIsNotToRestart() throws Exception {
        assertThat(run(program(RESET), "-no-reboot")).isZero();
    }

    @Test
    void thePidFileIsThereWhileItRunsAndGoneAfterwards() throws Exception {
        Path file = folder.resolve("pid");
        assertThat(run(program(PASS), "-pidfile", file.toString())).isZero();
        assertThat(file).doesNotExist();
        assertThatThrownBy(() ->
                        run(program(PASS), "-pidfile", folder.resolve("no/pid").toString()))
                .isInstanceOf(OptionException.class)
                .hasMessage("cannot create PID file: Could not create '" + folder.resolve("no/pid")
                        + "': No such file or directory");
    }

    @Test
    void theLogGoesToTheFileOfItsTemplate() throws Exception {
        Path template = folder.resolve("log-%d");
        run(program(PASS), "-d", "in_asm", "-D", template.toString());
        Path file = folder.resolve("log-" + ProcessHandle.current().pid());
        assertThat(file).content().contains("0x80000000:  ").contains("lui");
    }

    @Test
    void theDeviceTreeIsWrittenAndNothingRuns() throws Exception {
        Path file = folder.resolve("tree");
        Typed typed = new Typed("-M", "virt,dumpdtb=" + file, "-display", "none");
        assertThat(run(typed, Map.of())).isZero();
        assertThat(typed.said()).isEqualTo("qemu-system-riscv64: info: dtb dumped to " + file + ". Exiting.\n");
        assertThat(ByteBuffer.wrap(Files.readAllBytes(file)).getInt()).isEqualTo(0xd00dfeed);
    }

    @Test
    void aDaemonHasNoTerminal() {
        assertThatThrownBy(() -> run(new Typed("-nographic", "-daemonize"), Map.of()))
                .hasMessage("-nographic cannot be used with -daemonize");
        assertThatThrownBy(() -> run(
                        new Typed("-serial", "stdio", "-daemonize", "-display", "none"), Map.of("RHEA_DAEMON", "1")))
                .hasMessage("cannot use stdio with -daemonize");
    }

    @Test
    void warningsOfTheMachineAreSaid() throws Exception {
        Typed typed = passing("-netdev", "user,id=n", "-global", "serial-mm.regshift=3");
        assertThat(run(typed, Map.of())).isZero();
        assertThat(typed.said())
                .contains("warning: netdev n has no peer\n")
                .contains("warning: global serial-mm.regshift=3 has no effect: this board decides it\n");
    }

    @Test
    void theFirstAcceleratorThatIsThereIsTaken() throws Exception {
        Typed typed = passing("-accel", "kvm", "-accel", "tcg");
        assertThat(run(typed, Map.of())).isZero();
        assertThat(typed.said())
                .isEqualTo("qemu-system-riscv64: -accel kvm: invalid accelerator kvm\n"
                        + "qemu-system-riscv64: falling back to tcg\n");
    }
}
