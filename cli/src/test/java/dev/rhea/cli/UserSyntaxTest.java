package dev.rhea.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.engine.abi.NearMiss;
import dev.rhea.engine.log.LogFile;
import dev.rhea.engine.log.LogItem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserSyntaxTest {
    private static UserOptions parse(String... words) throws Exception {
        return new UserSyntax().parse(List.of(words), Map.of());
    }

    @Test
    void theProgramStartsAtTheFirstWordWithoutADashAndKeepsItsOwnOptions() throws Exception {
        UserOptions options = parse("-L", "/sys root", "--strace", "-seed", "0x10", "ls", "-L", "/tmp");
        assertThat(options.command()).containsExactly("ls", "-L", "/tmp");
        assertThat(options.prefix()).isEqualTo("/sys root");
        assertThat(options.seed()).isEqualTo(16);
        assertThat(options.log()).containsExactly(LogItem.STRACE);
    }

    @Test
    void theCommandLineComesAfterTheEnvironmentAndTheLastWordHolds() throws Exception {
        Map<String, String> variables = Map.of("QEMU_CPU", "rv32", "QEMU_SET_ENV", "A=1,B=2", "QEMU_STRACE", "");
        UserOptions options =
                new UserSyntax().parse(List.of("-cpu", "rv64", "-cpu", "max", "-U", "A", "-E", "A=3", "x"), variables);
        assertThat(options.cpu()).isEqualTo("max");
        assertThat(options.log()).containsExactly(LogItem.STRACE);
        assertThat(UserRun.environment(Map.of(), options.environment())).containsExactlyInAnyOrder("A=3", "B=2");
    }

    @Test
    void sizesHaveSuffixes() throws Exception {
        assertThat(parse("-s", "64k", "x").stackSize()).isEqualTo(65536);
        assertThat(parse("-R", "4G", "x").reserved()).isEqualTo(4L << 30);
        assertThat(parse("-R", "0x1000", "x").reserved()).isEqualTo(4096);
        assertThatThrownBy(() -> parse("-R", "4q", "x")).hasMessage("Unrecognised -R size suffix 'q'");
        assertThatThrownBy(() -> parse("-R", "1T", "x")).hasMessage("Unrecognised -R size suffix 'T'");
        assertThatThrownBy(() -> parse("-R", "4097", "x")).hasMessage("Reserved virtual address not aligned mod 4 KiB");
        assertThatThrownBy(() -> parse("-R", "99999999G", "x")).hasMessage("Reserved virtual address too big");
        assertThatThrownBy(() -> parse("-B", "0x1234", "x"))
                .hasMessage("Requested guest base 0x1234 does not satisfy host minimum alignment (0x1000)");
        assertThatThrownBy(() -> parse("-s", "12", "x")).hasMessageContaining("between");
    }

    @Test
    void anUnknownOptionIsNamedAndTheNearestOneSuggested() {
        assertThatThrownBy(() -> parse("-starce", "x")).hasMessage("unknown option 'starce'; did you mean '-strace'?");
        assertThatThrownBy(() -> parse("-foo", "x")).hasMessageStartingWith("unknown option 'foo'");
        assertThatThrownBy(() -> parse("-L")).hasMessage("missing argument for option 'L'");
        assertThatThrownBy(() -> parse("-d", "in_asn", "x"))
                .hasMessageContaining("did you mean 'in_asm'?")
                .hasMessageContaining("Log items (comma separated):");
        assertThatThrownBy(() -> parse("-d", "out_asm", "x")).hasMessageContaining("HotSpot");
    }

    @Test
    void theLogFilesNameMayHoldTheProcessId() throws Exception {
        assertThat(parse("-D", "log-%d.txt", "x").logFile()).isEqualTo("log-%d.txt");
        assertThat(LogFile.name("log-%d.txt"))
                .isEqualTo("log-" + ProcessHandle.current().pid() + ".txt");
        assertThatThrownBy(() -> parse("-D", "a%s", "x")).hasMessage("Bad logfile template: a%s");
        assertThatThrownBy(() -> parse("-D", "%d%d", "x")).hasMessage("Bad logfile template: %d%d");
    }

    @Test
    void logItemsAndRangesAreLists() throws Exception {
        UserOptions options = parse("-d", "in_asm,cpu", "-dfilter", "0x1000+0x10,0x2000..0x2fff", "x");
        assertThat(options.log()).containsExactly(LogItem.IN_ASM, LogItem.CPU);
        assertThat(options.filter()).containsExactly(new LogRange(0x1000, 0x100f), new LogRange(0x2000, 0x2fff));
    }

    @Test
    void helpIsAskedForAnywhereBeforeTheProgram() throws Exception {
        assertThatThrownBy(() -> parse("-strace", "-h")).isInstanceOf(UserSyntax.Asked.class);
        assertThatThrownBy(() -> parse("-cpu", "help")).isInstanceOf(UserSyntax.Asked.class);
        assertThat(parse("prog", "-h").command()).containsExactly("prog", "-h");
    }

    @Test
    void distancesCountSwapsOnce() {
        assertThat(NearMiss.distance("starce", "strace")).isEqualTo(1);
        assertThat(NearMiss.distance("", "abc")).isEqualTo(3);
        assertThat(NearMiss.of("xyzzy", List.of("strace", "seed"))).isNull();
    }
}
