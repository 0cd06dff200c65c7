package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.host.Descriptor;
import dev.rhea.host.PseudoTerminal;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.host.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalChardevsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String read(Descriptor from, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[100];
        while (text.length() < length) {
            int read = from.read(buffer, 0, buffer.length);
            assertThat(read).isPositive();
            text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    @Test
    void stdioGivesEachKeyAndPutsTheTerminalBack() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open();
                Descriptor watcher = Descriptor.open(terminal.path(), true)) {
            // As a user's shell leaves it: lines, echo, signals.
            Terminal.Modes raw = Terminal.modes(watcher.number());
            RecordingFrontEnd guest = new RecordingFrontEnd();
            StdioChardev stdio = StdioChardev.open(
                    "s", false, Descriptor.open(terminal.path(), true), Descriptor.open(terminal.path(), true));
            assertThat(Terminal.modes(watcher.number())).isNotEqualTo(raw);
            stdio.attach(guest);
            assertThat(guest.events()).containsExactly(ChardevEvent.OPENED);
            terminal.master().write(bytes("a\u0003\r\u0004"), 0, 4);
            guest.awaitReceived("a\u0003\r\u0004");
            assertThat(stdio.write(bytes("hi\n"), 0, 3)).isEqualTo(3);
            assertThat(read(terminal.master(), 4)).isEqualTo("hi\r\n");
            stdio.close();
            stdio.close();
            assertThat(Terminal.modes(watcher.number())).isEqualTo(raw);
        }
    }

    /** The flags that the reference was seen to set: ICRNL and IXON, ICANON, ECHO and IEXTEN go, ISIG as asked. */
    @Test
    void theModesAreTheReferences() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.open()) {
            Terminal.Modes fresh;
            try (Descriptor master = Descriptor.open("/dev/ptmx", true)) {
                fresh = Terminal.modes(master.number());
            }
            assertThat(fresh.toString()).startsWith("00050000" + "05000000" + "bf000000" + "3b8a0000");
            assertThat(fresh.keyByKey(true).toString()).startsWith("00000000" + "05000000" + "bf000000" + "310a0000");
            assertThat(fresh.keyByKey(false).toString()).startsWith("00000000" + "05000000" + "bf000000" + "300a0000");
        }
    }

    @Test
    void theEndOfInputIsToldAndOutputGoesOn() throws Exception {
        int[] pipe = pipe();
        int[] out = pipe();
        RecordingFrontEnd guest = new RecordingFrontEnd();
        StdioChardev stdio = StdioChardev.open("s", true, Descriptor.owned(pipe[0]), Descriptor.owned(out[1]));
        try (Descriptor reader = Descriptor.owned(out[0])) {
            stdio.attach(guest);
            Descriptor writer = Descriptor.owned(pipe[1]);
            writer.write(bytes("abc"), 0, 3);
            writer.close();
            guest.awaitEvent(ChardevEvent.CLOSED);
            assertThat(guest.received()).isEqualTo("abc");
            stdio.write(bytes("still"), 0, 5);
            assertThat(read(reader, 5)).isEqualTo("still");
        } finally {
            stdio.close();
        }
    }

    @Test
    void aFullPipeRefusesAndTellsWhenItIsReadAgain() throws Exception {
        int[] in = pipe();
        int[] out = pipe();
        RecordingFrontEnd guest = new RecordingFrontEnd();
        StdioChardev stdio = StdioChardev.open("s", true, Descriptor.owned(in[0]), Descriptor.owned(out[1]));
        try (Descriptor writer = Descriptor.owned(in[1]);
                Descriptor reader = Descriptor.owned(out[0])) {
            stdio.attach(guest);
            byte[] block = new byte[10_000];
            long accepted = 0;
            for (int now; (now = stdio.write(block, 0, block.length)) == block.length; ) {
                accepted += now;
            }
            assertThat(accepted).isGreaterThanOrEqualTo(OutputQueue.CAPACITY - block.length);
            byte[] buffer = new byte[4096];
            Thread slow = new Thread(() -> {
                try {
                    while (reader.read(buffer, 0, buffer.length) > 0) {}
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            slow.start();
            guest.awaitWritable();
            assertThat(stdio.write(block, 0, 1)).isEqualTo(1);
            stdio.close();
            slow.join();
        }
    }

    private static int[] pipe() {
        long memory = dev.rhea.host.RawMemory.allocate(8);
        assertThat(Syscall.call(SyscallNumber.PIPE2, memory, 0x80000)).isZero();
        int[] ends = {dev.rhea.host.RawMemory.getInt(memory), dev.rhea.host.RawMemory.getInt(memory + 4)};
        dev.rhea.host.RawMemory.free(memory);
        return ends;
    }

    @Test
    void aPseudoTerminalServesOneUserAfterAnother(@TempDir Path folder) throws Exception {
        Path link = folder.resolve("serial");
        RecordingFrontEnd guest = new RecordingFrontEnd();
        try (PtyChardev pty = PtyChardev.open("p", link.toString())) {
            assertThat(pty.description()).isEqualTo("pty:" + Files.readSymbolicLink(link));
            pty.attach(guest);
            assertThat(pty.write(bytes("lost"), 0, 4)).isEqualTo(4);
            for (String text : new String[] {"one", "onetwo"}) {
                try (Descriptor user = Descriptor.open(link.toString(), true)) {
                    guest.awaitEvent(ChardevEvent.OPENED);
                    user.write(bytes(text), text.length() - 3, 3);
                    guest.awaitReceived(text);
                    pty.write(bytes("reply\n"), 0, 6);
                    assertThat(read(user, 6)).isEqualTo("reply\n");
                }
                guest.awaitEvent(ChardevEvent.CLOSED);
            }
            assertThatThrownBy(() -> PtyChardev.open("q", link.toString()))
                    .hasMessage("Failed to create PTY symlink: File exists");
        }
        assertThat(link).doesNotExist();
    }
}
