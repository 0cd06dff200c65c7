package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The messages are those that the reference was seen to print. */
class ChardevOptionsTest {
    private final List<String> messages = new ArrayList<>();
    private final Chardevs chardevs = new Chardevs(
            new Multiplexer.Orders() {
                @Override
                public void exit() {}

                @Override
                public void saveDisks() {}
            },
            Multiplexer.DEFAULT_ESCAPE,
            messages::add);

    @AfterEach
    void close() {
        chardevs.close();
    }

    /** Values without escapes, as the first parameter's key is left out. */
    private void create(String text) throws ChardevException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : ("backend=" + text).split(",")) {
            int equals = part.indexOf('=');
            values.put(part.substring(0, equals), part.substring(equals + 1));
        }
        if (values.get("backend").isEmpty()) {
            values.remove("backend");
        }
        chardevs.create(new ChardevOptions(values));
    }

    private AbstractThrowableAssert<?, ?> refused(String text) {
        return assertThatThrownBy(() -> create(text)).isInstanceOf(ChardevException.class);
    }

    @Test
    void whatIsMissingOrUnknownIsSaid() {
        refused("null").hasMessage("chardev: no id specified");
        refused(",id=x").hasMessage("chardev: \"x\" missing backend");
        refused("bogus,id=x").hasMessage("'bogus' is not a valid char driver name");
        refused("null,id=x,bogus=1").hasMessage("Invalid parameter 'bogus'");
        refused("null,id=x,mux=foo").hasMessage("Parameter 'mux' expects 'on' or 'off'");
        refused("stdio,id=x,signal=maybe").hasMessage("Parameter 'signal' expects 'on' or 'off'");
        refused("socket,id=x,path=/tmp/q,reconnect=foo").hasMessage("Parameter 'reconnect' expects a number");
        assertThat(chardevs.list()).isEmpty();
    }

    @Test
    void filesThatCannotBeOpenedAreNamed() {
        refused("file,id=x").hasMessage("chardev: file: no filename given");
        refused("pipe,id=x").hasMessage("chardev: pipe: no device path given");
        refused("file,id=x,path=/nonexistent/y")
                .hasMessage("Could not open '/nonexistent/y': No such file or directory");
        refused("file,id=x,path=/tmp").hasMessage("Could not open '/tmp': Is a directory");
        refused("pipe,id=x,path=/nonexistent/y")
                .hasMessage("Could not open '/nonexistent/y': No such file or directory");
        refused("null,id=x,logfile=/nonexistent/foo")
                .hasMessage("Could not create '/nonexistent/foo': No such file or directory");
        refused("file,id=x,path=/dev/null,input-path=/nonexistent")
                .hasMessage("Could not open '/nonexistent': No such file or directory");
    }

    @Test
    void socketsNeedAPlaceThatFitsTogether() {
        refused("socket,id=x,host=localhost").hasMessage("chardev: socket: no port given");
        refused("socket,id=x,path=/tmp/q,host=a,port=3")
                .hasMessage("None or one of 'path', 'fd' or 'host' option required.");
        refused("socket,id=x,host=localhost,port=1,wait=on")
                .hasMessage("'wait' option is incompatible with socket in client connect mode");
        refused("socket,id=x,host=localhost,port=1,server=on,reconnect=1")
                .hasMessage("'reconnect' option is incompatible with socket in server listen mode");
        refused("socket,id=x,path=/nonexistent/q")
                .hasMessage("Failed to connect to '/nonexistent/q': No such file or directory");
        refused("socket,id=x,path=/nonexistent/q,server=on")
                .hasMessage("Failed to bind socket to /nonexistent/q: No such file or directory");
        String path = "a".repeat(120);
        refused("socket,id=x,server=on,path=" + path)
                .hasMessage("UNIX socket path '" + path + "' is too long\nPath must be less than 108 bytes");
        refused("socket,id=x,host=localhost,port=1")
                .hasMessage("Failed to connect to 'localhost:1': Connection refused");
        refused("socket,id=x,host=nosuch.invalid,port=1")
                .hasMessage("address resolution failed for nosuch.invalid:1: Name or service not known");
        refused("socket,id=x,host=localhost,port=bogus")
                .hasMessage("address resolution failed for localhost:bogus: Servname not supported for ai_socktype");
        refused("socket,id=x,path=/tmp/q,tls-creds=y").hasMessageContaining("'tls-creds' is not supported");
    }

    @Test
    void datagramsNeedAPort() {
        refused("udp,id=x").hasMessage("chardev: udp: remote port not specified");
        refused("udp,id=x,host=foo").hasMessage("chardev: udp: remote port not specified");
        refused("udp,id=x,port=x")
                .hasMessage("address resolution failed for localhost:x: Servname not supported for ai_socktype");
        refused("udp,id=x,port=4444,localport=5,localaddr=203.0.113.7")
                .hasMessage("Failed to bind socket: Cannot assign requested address");
    }

    @Test
    void aPortInUseIsSaidOrTheNextIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            refused("socket,id=x,host=127.0.0.1,server=on,wait=off,port=" + port)
                    .hasMessage("Failed to find an available port: Address already in use");
            create("socket,id=x,host=127.0.0.1,server=on,wait=off,port=" + port + ",to=65535");
            assertThat(chardevs.list().getFirst().text()).startsWith("disconnected:tcp:127.0.0.1:");
        }
    }

    @Test
    void ringsHaveSizesThatArePowersOfTwo() throws Exception {
        refused("ringbuf,id=x,size=3").hasMessage("size of ringbuf chardev must be power of two");
        create("ringbuf,id=x,size=0");
        create("memory,id=y,size=0x10");
        assertThat(chardevs.ringBuffer("y")).isNotNull();
        assertThat(chardevs.ringBuffer("z")).isNull();
    }

    @Test
    void aMultiplexedOneIsListedWithItsBase() throws Exception {
        create("null,id=n");
        create("null,id=m,mux=on");
        create("mux,id=o,chardev=n");
        assertThat(chardevs.list())
                .extracting(Chardevs.Description::label, Chardevs.Description::text)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("n", "null"),
                        org.assertj.core.groups.Tuple.tuple("m-base", "null"),
                        org.assertj.core.groups.Tuple.tuple("m", "mux"),
                        org.assertj.core.groups.Tuple.tuple("o", "mux"));
        refused("mux,id=p").hasMessage("chardev: mux: no chardev given");
        refused("mux,id=p,chardev=foo").hasMessage("mux: base chardev foo not found");
        refused("mux,id=p,chardev=n").hasMessage("Device 'n' is in use");
        refused("null,id=m-base").hasMessage("Duplicate ID 'm-base' for chardev");
    }

    @Test
    void labelsAreUsedOnceAndFrontEndsToo() throws Exception {
        create("null,id=x");
        refused("null,id=x").hasMessage("Duplicate ID 'x' for chardev");
        Chardev claimed = chardevs.claim("x");
        assertThatThrownBy(() -> chardevs.claim("x")).hasMessage("Device 'x' is in use");
        assertThatThrownBy(() -> chardevs.claim("nope")).hasMessage("chardev \"nope\" not found");
        assertThatThrownBy(() -> chardevs.remove("x")).hasMessage("Chardev 'x' is busy");
        assertThatThrownBy(() -> chardevs.remove("nope")).hasMessage("Chardev 'nope' not found");
        chardevs.release(claimed);
        chardevs.remove("x");
        assertThat(chardevs.contains("x")).isFalse();
    }

    @Test
    void aPseudoTerminalsNameIsTold() throws Exception {
        create("pty,id=p");
        assertThat(messages)
                .singleElement()
                .asString()
                .matches("char device redirected to /dev/pts/\\d+ \\(label p\\)");
    }

    @Test
    void helpNamesEveryKind() {
        assertThat(ChardevOptions.HELP)
                .contains("file", "mux", "null", "pipe", "pty", "ringbuf", "socket", "stdio", "udp");
    }
}
