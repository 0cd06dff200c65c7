package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.cli.options.OptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir
    Path folder;

    private static int start(String script) throws OptionException {
        return Daemon.start(List.of("/bin/sh", "-c", script));
    }

    @Test
    void theFirstProcessEndsWellAsSoonAsTheMachineStands() throws Exception {
        Path gate = folder.resolve("gate");
        Path done = folder.resolve("done");
        // The other process lives on: it waits for us to let it end.
        int status = start("echo; while [ ! -e " + gate + " ]; do sleep 0.01; done; echo > " + done);
        assertThat(status).isZero();
        assertThat(done).doesNotExist();
        Files.createFile(gate);
        while (!Files.exists(done)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsWrongUntilThenIsTheFirstProcessesStatus() throws Exception {
        assertThat(start("exit 3")).isEqualTo(3);
    }

    @Test
    void anEndWithoutAWordIsAFailure() throws Exception {
        assertThat(start("exit 0")).isEqualTo(1);
    }

    @Test
    void theOtherProcessKnowsThatItIsTheOther() throws Exception {
        assertThat(start("test -n \"$RHEA_DAEMON\" && echo")).isZero();
        assertThat(Daemon.isRunning(Map.of("RHEA_DAEMON", "1"))).isTrue();
        assertThat(Daemon.isRunning(Map.of())).isFalse();
    }

    @Test
    void aCommandThatIsNotThereIsSaid() {
        assertThatThrownBy(() -> Daemon.start(List.of(folder.resolve("nothing").toString())))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith("cannot start in the background: ");
    }
}
