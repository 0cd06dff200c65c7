package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users meet before any guest runs. */
class LauncherTest {
    @TempDir
    Path folder;

    private static Outcome rhea(String... options) {
        return Rhea.user(Rhea.Tiers.DEFAULT, List.of(options)).run();
    }

    @Test
    void whereThereIsNoJdkOneSentenceSaysWhatToInstall() throws IOException {
        // A copy of the script that looks in folders where no JDK is.
        String script = Files.readString(Rhea.HOME.resolve("bin/jdk.sh"))
                .replaceAll("/usr/lib/jvm/|/usr/java/|/opt/|/Library/", "/nonexistent/");
        Path copy = Files.writeString(folder.resolve("jdk.sh"), script);
        Outcome outcome = Command.of("bash", "-c", "PATH=/nonexistent; . " + copy + "; find_jdk || exit 1")
                .with("RHEA_JAVA_HOME", "/nonexistent")
                .with("JAVA_HOME", "")
                .with("HOME", "/nonexistent")
                .run();
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).hasLineCount(1).contains("install").contains("JDK 25");
    }

    @Test
    void theNamesOfTheReferenceAreNamesForTheSame() {
        String expected = rhea("-cpu", "help").output();
        Outcome outcome = Command.of(Rhea.HOME.resolve("bin/qemu-riscv64").toString(), "-cpu", "help")
                .with("RHEA_NO_BUILD", "1")
                .run();
        assertThat(outcome.output()).isEqualTo(expected).contains("rv64", "rva22u64", "max");
        assertThat(Command.of(Rhea.HOME.resolve("bin/qemu-riscv32").toString(), "-version")
                        .with("RHEA_NO_BUILD", "1")
                        .run()
                        .output())
                .startsWith("qemu-riscv32 version ");
    }

    @Test
    void theLauncherWorksThroughALinkFromAnotherFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("linked"), Rhea.HOME.resolve("rhea"));
        Outcome outcome = Command.of(link.toString(), "version")
                .in(folder)
                .with("RHEA_NO_BUILD", "1")
                .run();
        assertThat(outcome.output()).startsWith("rhea ");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void aWrongOptionIsNamedAndTheNearestSuggested() {
        Outcome outcome = rhea("-starce", "program");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).isEqualTo("rhea: unknown option 'starce'; did you mean '-strace'?\n");
    }

    @Test
    void aWrongCpuModelIsNamedInTheReferencesWords() {
        Outcome outcome = rhea("-cpu", "nosuch", "program");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).contains("unable to find CPU model 'nosuch'");
    }

    @Test
    void withoutAProgramItSaysSo() {
        Outcome outcome = rhea("-strace");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.error()).isEqualTo("rhea: no user program specified\n");
    }
}
