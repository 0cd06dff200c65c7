package dev.rhea.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineTargetTest {
    private final OptionGroup chardev = ((OptionSyntax.Flat)
                    Objects.requireNonNull(SystemOptions.table().find("chardev"))
                            .syntax())
            .group();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stdio                        | backend=stdio
            null                         | backend=null
            pty                          | backend=pty
            mon:stdio                    | backend=stdio mux=on signal=off
            mon:pty                      | backend=pty mux=on
            file:/tmp/a,append=on        | backend=file path=/tmp/a,append=on
            pipe:/tmp/p                  | backend=pipe path=/tmp/p
            unix:/tmp/a,,b,server,nowait | backend=socket path=/tmp/a,b server=on wait=off
            tcp::1234,server=yes,wait=no | backend=socket host= port=1234 server=on wait=off
            tcp:[::1]:12,nodelay         | backend=socket host=::1 port=12 nodelay=on
            telnet:localhost:12          | backend=socket host=localhost port=12 telnet=on
            udp:far:12@:34               | backend=udp host=far port=12 localaddr= localport=34
            udp::12                      | backend=udp host= port=12
            """)
    void shorthandsBecomeParameters(String text, String parameters) throws Exception {
        LineTarget.Made made = (LineTarget.Made) LineTarget.parse(text, chardev);
        assertThat(made.values().entrySet())
                .extracting(Map.Entry::toString)
                .containsExactlyInAnyOrder(parameters.split(" "));
        assertThat(made.withMonitor()).isEqualTo(text.startsWith("mon:"));
    }

    @Test
    void aLineMayGoNowhereOrToWhatThereIs() throws Exception {
        assertThat(LineTarget.parse("none", chardev)).isEqualTo(new LineTarget.None());
        assertThat(LineTarget.parse("chardev:c0", chardev)).isEqualTo(new LineTarget.Existing("c0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bogus", "foo:bar", "stdio,bogus=1", "null,mux=on", "pty:/x", "file", "tcp", ""})
    void whatIsUnknownIsSaid(String text) {
        assertThatThrownBy(() -> LineTarget.parse(text, chardev))
                .hasMessageStartingWith("'" + text + "' is not a valid char driver");
    }

    @Test
    void aPortIsNeededAndParametersAreChecked() {
        for (String text : new String[] {"tcp:foo", "tcp:127.0.0.1,server", "udp:foo", "tcp:[::1]"}) {
            assertThatThrownBy(() -> LineTarget.parse(text, chardev))
                    .hasMessageStartingWith("'" + text + "' does not name a host and a port");
        }
        assertThatThrownBy(() -> LineTarget.parse("unix:/tmp/x,bogus=3", chardev))
                .hasMessage("Invalid parameter 'bogus'");
        assertThatThrownBy(() -> LineTarget.parse("tcp:a:1,server=maybe", chardev))
                .hasMessage("Parameter 'server' expects 'on' or 'off'");
    }
}
