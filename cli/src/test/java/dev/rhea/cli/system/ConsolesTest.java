package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.board.Machine;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.options.OptionException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What serial ports and monitors lead to. */
class ConsolesTest {
    @TempDir
    Path folder;

    private final Chardevs chardevs = new Chardevs(
            new Multiplexer.Orders() {
                @Override
                public void exit() {}

                @Override
                public void saveDisks() {}
            },
            Multiplexer.DEFAULT_ESCAPE,
            message -> {});

    @AfterEach
    void close() {
        chardevs.close();
    }

    private MachineSettings settings(String... words) throws Exception {
        MachineSettings settings = new Typed(words).settings();
        settings.builder.chardevs(chardevs);
        settings.builder.bios("none").memory(16 << 20);
        new BackendOpener(settings, chardevs).openAll();
        return settings;
    }

    private String labels() {
        return String.join(
                " ",
                chardevs.list().stream()
                        .map(each -> each.label() + "=" + each.text())
                        .sorted()
                        .toList());
    }

    @Test
    void withoutATerminalTheSerialPortLeadsNowhere() throws Exception {
        MachineSettings settings = settings("-display", "none");
        try (Consoles consoles = new Consoles(settings, chardevs)) {
            consoles.open(settings.builder);
        }
        assertThat(labels()).isEqualTo("serial0=null");
    }

    @Test
    void serialPortsAreInTheirOrder() throws Exception {
        Path file = folder.resolve("out");
        MachineSettings settings =
                settings("-serial", "none", "-chardev", "null,id=c", "-serial", "chardev:c", "-serial", "file:" + file);
        try (Consoles consoles = new Consoles(settings, chardevs)) {
            consoles.open(settings.builder);
        }
        assertThat(labels()).isEqualTo("c=null serial2=file");
        try (Machine machine = settings.builder.build()) {
            assertThat(machine.spec().backends().serial(0)).isNull();
            assertThat(machine.spec().backends().serial(1)).isNotNull();
            assertThat(machine.spec().backends().serial(2)).isNotNull();
        }
    }

    @Test
    void aMonitorAnswersOnItsSocket() throws Exception {
        Path socket = folder.resolve("monitor");
        MachineSettings settings =
                settings("-serial", "null", "-monitor", "unix:" + socket + ",server=on,wait=off", "-name", "box");
        CompletableFuture<Machine> built = new CompletableFuture<>();
        try (Consoles consoles = new Consoles(settings, chardevs)) {
            consoles.open(settings.builder);
            consoles.listen(built);
            try (Machine machine = settings.builder.build();
                    SocketChannel user = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                user.connect(UnixDomainSocketAddress.of(socket));
                // Typed before there is a machine: it waits.
                user.write(ByteBuffer.wrap("info name\n".getBytes(StandardCharsets.US_ASCII)));
                built.complete(machine);
                StringBuilder said = new StringBuilder();
                ByteBuffer buffer = ByteBuffer.allocate(4096);
                while (!said.toString().contains("\nbox\r\n(qemu) ")
                        && !said.toString().contains("\nbox\r\n\r(qemu) ")) {
                    assertThat(user.read(buffer.clear())).isPositive();
                    said.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
                }
                assertThat(said.toString()).startsWith("QEMU 9.0.0 monitor - type 'help' for more information\r\n");
            }
        }
    }

    @Test
    void whatIsNotThereIsSaidWithItsPlace() throws Exception {
        assertWrong(
                "-serial chardev:nope: could not connect serial device to character backend 'chardev:nope'",
                "-serial",
                "chardev:nope");
        assertWrong("-serial bogus: 'bogus' is not a valid char driver", "-serial", "bogus");
        assertWrong("-mon nope: chardev \"nope\" not found", "-mon", "nope");
        assertWrong(
                "-serial file:" + folder + "/no/file: Could not open '" + folder
                        + "/no/file': No such file or directory",
                "-serial",
                "file:" + folder + "/no/file");
    }

    private void assertWrong(String message, String... words) throws Exception {
        MachineSettings settings = settings(words);
        assertThatThrownBy(() -> {
                    try (Consoles consoles = new Consoles(settings, chardevs)) {
                        consoles.open(settings.builder);
                    }
                })
                .satisfies(e -> assertThat(((OptionException) e).report("x")).startsWith("x: " + message));
    }
}
