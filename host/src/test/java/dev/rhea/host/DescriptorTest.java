package dev.rhea.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DescriptorTest {
    private static int read(Descriptor from) {
        try {
            return from.read(new byte[10], 0, 10);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aReaderThatWaitsIsFreedByCancelling() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open();
                Descriptor user = Descriptor.open(terminal.path(), true)) {
            CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> read(terminal.master()));
            user.write(new byte[] {1, 2, 3}, 0, 3);
            assertThat(reading.get(20, TimeUnit.SECONDS)).isEqualTo(3);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> read(terminal.master()));
            terminal.master().cancel();
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(Descriptor.CANCELLED);
            assertThat(read(terminal.master())).isEqualTo(Descriptor.CANCELLED);
            assertThat(terminal.master().write(new byte[1], 0, 1)).isZero();
        }
    }

    @Test
    void aWriterThatWaitsIsFreedByCancelling() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open();
                Descriptor user = Descriptor.open(terminal.path(), true)) {
            // Nobody reads what the user types: a terminal holds some kilobytes.
            CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(() -> {
                try {
                    return terminal.master().write(new byte[1 << 20], 0, 1 << 20);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            terminal.master().cancel();
            assertThat(writing.get(20, TimeUnit.SECONDS)).isLessThan(1 << 20);
            assertThat(user.number()).isPositive();
        }
    }

    @Test
    void aTerminalHangsUpWhenItsLastUserLeaves() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            assertThat(terminal.master().hungUp(0)).isTrue();
            try (Descriptor user = Descriptor.open(terminal.path(), true)) {
                assertThat(terminal.master().hungUp(0)).isFalse();
                assertThat(Terminal.is(user.number())).isTrue();
            }
            assertThat(read(terminal.master())).isEqualTo(Descriptor.END);
            assertThat(terminal.master().hungUp(20_000)).isTrue();
        }
    }

    @Test
    void errorsAreTheHosts() {
        assertThatThrownBy(() -> Descriptor.open("/nonexistent/x", false))
                .hasMessage("Could not open '/nonexistent/x': No such file or directory");
        assertThat(Terminal.is(-1)).isFalse();
        assertThatThrownBy(() -> Terminal.modes(-1)).hasMessage("descriptor -1 as a terminal: Bad file descriptor");
        assertThatThrownBy(() -> AbstractSocket.connect(new byte[0], true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AbstractSocket.connect(new byte[] {1, 2, 3}, true))
                .hasMessage("Connection refused");
    }
}
