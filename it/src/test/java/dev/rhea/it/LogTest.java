package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code -d} prints of a program of eight instructions. */
class LogTest {
    private static final String SOURCE = """
            .option norvc
            .globl _start
            _start: li a0, 2
            1:  addi a0, a0, -1
                bnez a0, 1b
                li a7, 1000
                ecall
                li a0, 3
                li a7, 93
                ecall
            """;

    @TempDir
    static Path folder;

    private static Path program;

    @BeforeAll
    static void assemble() throws IOException {
        Path source = Files.writeString(folder.resolve("p.s"), SOURCE);
        program = folder.resolve("p");
        Outcome outcome = Command.of(
                        Guests.compiler().toString(),
                        "-nostdlib",
                        "-static",
                        "-Wl,-Ttext=0x20000",
                        source.toString(),
                        "-o",
                        program.toString())
                .run();
        assertThat(outcome.status()).as(outcome.error()).isZero();
    }

    private static Outcome run(String... options) {
        List<String> words = new ArrayList<>(List.of(options));
        words.add(program.toString());
        return Rhea.user(Rhea.Tiers.DEFAULT, words).in(folder).run();
    }

    private static String log(String... options) {
        Outcome outcome = run(options);
        assertThat(outcome.status()).as(outcome.error()).isEqualTo(3);
        return outcome.error();
    }

    @Test
    void codeIsPrintedOnceBlockByBlock() {
        assertThat(log("-d", "in_asm")).isEqualTo("""
                ----------------
                IN:\s
                0x00020000:  00200513          addi            a0, zero, 2
                0x00020004:  fff50513          addi            a0, a0, -1
                0x00020008:  fe051ee3          bne             a0, zero, 0x20004

                ----------------
                IN:\s
                0x0002000c:  3e800893          addi            a7, zero, 1000
                0x00020010:  00000073          ecall

                ----------------
                IN:\s
                0x00020014:  00300513          addi            a0, zero, 3
                0x00020018:  05d00893          addi            a7, zero, 93
                0x0002001c:  00000073          ecall

                """);
    }

    @Test
    void everyStretchIsToldOfBeforeItRunsWithItsRegisters() {
        String text = log("-d", "exec,cpu");
        assertThat(text.lines().filter(line -> line.startsWith("Trace")))
                .containsExactly(
                        "Trace 0: 0x0 [0000000000000000/0000000000020000/00000000/00000000] ",
                        "Trace 0: 0x0 [0000000000000000/0000000000020004/00000000/00000000] ",
                        "Trace 0: 0x0 [0000000000000000/0000000000020014/00000000/00000000] ");
        assertThat(text).contains(" pc       0000000000020004\n").contains("x10/a0   0000000000000001");
        assertThat(text).doesNotContain("f10");
        assertThat(log("-d", "cpu,fpu")).contains("f10/fa0  0000000000000000");
    }

    @Test
    void aFilterLeavesOutWhatIsElsewhere() {
        assertThat(log("-d", "exec,in_asm", "-dfilter", "0x20004..0x20008").lines())
                .containsExactly("Trace 0: 0x0 [0000000000000000/0000000000020004/00000000/00000000] ");
    }

    @Test
    void theMapIsPrintedAfterLoading() {
        assertThat(log("-d", "page"))
                .startsWith("page layout changed following binary load\n"
                        + "start            end              size             prot\n")
                .contains("0000000000020000-0000000000021000 0000000000001000 r-x\n")
                .contains("entry       0x0000000000020000\n");
    }

    @Test
    void aCallThatIsNotThereIsNamed() {
        assertThat(log("-d", "unimp")).isEqualTo("Unsupported syscall: 1000\n");
        assertThat(log()).isEmpty();
    }

    @Test
    void theFileIsNamedByATemplate() throws IOException {
        Path place = Files.createDirectory(folder.resolve("logs"));
        assertThat(log("-d", "strace", "-D", place.resolve("l-%d").toString())).isEmpty();
        try (var files = Files.list(place)) {
            Path file = files.findFirst().orElseThrow();
            assertThat(file.getFileName().toString()).matches("l-\\d+");
            assertThat(Files.readString(file)).endsWith(" exit(3)\n");
        }
        Outcome nowhere = run("-D", folder.resolve("no/such").toString());
        assertThat(nowhere.status()).isEqualTo(1);
        assertThat(nowhere.error()).contains("Error opening logfile " + folder.resolve("no/such") + ": No such file");
        assertThat(run("-D", "x%s").error()).contains("Bad logfile template: x%s");
    }

    @Test
    void anUnknownItemPrintsTheListAndFails() {
        Outcome outcome = run("-d", "exek");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("did you mean 'exec'?").contains("Log items (comma separated):");
    }

    @Test
    void aSmallReservedSpaceHoldsAllThereIs() {
        assertThat(run("-R", "16M").status()).isEqualTo(3);
        Outcome tooSmall = run("-R", "64k");
        assertThat(tooSmall.status()).isEqualTo(1);
        assertThat(tooSmall.error().strip()).isNotEmpty().hasLineCount(1);
    }
}
