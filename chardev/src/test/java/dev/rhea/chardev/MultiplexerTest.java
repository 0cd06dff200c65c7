package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MultiplexerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final QueueChardev user = new QueueChardev("x-base");
    private final CountDownLatch exited = new CountDownLatch(1);
    private final CountDownLatch saved = new CountDownLatch(1);
    private long now;
    private final Multiplexer multiplexer = multiplexer(user, Multiplexer.DEFAULT_ESCAPE);
    private final RecordingFrontEnd monitor = new RecordingFrontEnd();
    private final RecordingFrontEnd console = new RecordingFrontEnd();
    private Chardev toConsole;

    private Multiplexer multiplexer(Chardev base, int escape) {
        return new Multiplexer(
                "x",
                base,
                escape,
                new Multiplexer.Orders() {
                    @Override
                    public void exit() {
                        exited.countDown();
                    }

                    @Override
                    public void saveDisks() {
                        saved.countDown();
                    }
                },
                () -> now);
    }

    @BeforeEach
    void attach() throws Exception {
        multiplexer.port().attach(monitor);
        monitor.awaitEvent(ChardevEvent.MUX_IN);
        toConsole = multiplexer.port();
        toConsole.attach(console);
        console.awaitEvent(ChardevEvent.MUX_IN);
        monitor.awaitEvent(ChardevEvent.MUX_OUT);
    }

    @AfterEach
    void close() {
        user.close();
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(toConsole.write(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    @Test
    void theLastAttachedHasTheInputAndControlACSwitches() throws Exception {
        user.input("ls\n");
        console.awaitReceived("ls\n");
        user.input("\u0001cinfo\n");
        monitor.awaitReceived("info\n");
        console.awaitEvent(ChardevEvent.MUX_OUT);
        user.input("\u0001c.");
        console.awaitReceived("ls\n.");
        assertThat(monitor.received()).isEqualTo("info\n");
    }

    @Test
    void theEscapeTwiceReachesTheGuestOnce() throws Exception {
        user.input("a\u0001\u0001b\u0001");
        user.input("\u0001c");
        console.awaitReceived("a\u0001b\u0001c");
    }

    @Test
    void ordersOfTheUserAreCarriedOut() throws Exception {
        user.input("\u0001s");
        assertThat(saved.await(20, TimeUnit.SECONDS)).isTrue();
        user.input("\u0001z\u0001b");
        console.awaitEvent(ChardevEvent.BREAK);
        user.input("\u0001h");
        assertThat(user.expect("C-a C-a  send C-a\r\n", LONG)).contains("C-a x    end the emulator");
        user.input("\u0001x");
        assertThat(exited.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(console.received()).isEmpty();
    }

    @Test
    void anotherEscapeCharacterMayBeChosen() throws Exception {
        QueueChardev base = new QueueChardev("t");
        Multiplexer other = multiplexer(base, 0x14);
        other.port().attach(console);
        base.input("\u0001\u0014h");
        base.expect("C-t C-t  send C-t\r\n", LONG);
        console.awaitReceived("\u0001");
        base.close();
    }

    @Test
    void linesBeginWithTheTimeSinceTheFirst() throws Exception {
        user.input("\u0001t\u0001h");
        user.expect("send C-a\r\n", LONG);
        write("rest\nfirst\nsecond");
        now = 3_723_004_000_000L;
        write(" half\nthird\n");
        assertThat(user.take())
                .isEqualTo("rest\n[00:00:00.000] first\n[00:00:00.000] second half\n[01:02:03.004] third\n");
        user.input("\u0001t\u0001h");
        user.expect("send C-a\r\n", LONG);
        write("plain\n");
        assertThat(user.take()).isEqualTo("plain\n");
    }

    @Test
    void aGuestThatDoesNotReadCanStillBeEnded() throws Exception {
        console.room(0);
        user.input("some keys\u0001x");
        assertThat(exited.await(20, TimeUnit.SECONDS)).isTrue();
        console.room(100);
        toConsole.acceptInput();
        console.awaitReceived("some keys");
    }

    @Test
    void moreInputThanTheBufferHoldsIsNotLost() throws Exception {
        console.room(0);
        String long1 = "0123456789".repeat(2000);
        user.input(long1);
        console.room(1 << 20);
        toConsole.acceptInput();
        console.awaitReceived(long1);
    }

    @Test
    void aFifthFrontEndFindsItInUse() throws Exception {
        multiplexer.port();
        multiplexer.port();
        assertThatThrownBy(multiplexer::port).hasMessage("Device 'x' is in use");
    }

    @Test
    void theInputGoesOnToAnotherWhenItsFrontEndGoes() throws Exception {
        toConsole.detach();
        toConsole.close();
        user.input("q");
        monitor.awaitReceived("q");
    }

    @Test
    void allAreToldWhenTheOtherEndGoes() throws Exception {
        user.connect(false);
        console.awaitEvent(ChardevEvent.CLOSED);
        monitor.awaitEvent(ChardevEvent.CLOSED);
    }

    @Test
    void inputWaitsUntilItIsReleasedAndOnlyTheLastFrontEndIsEverInFocus() throws Exception {
        try (QueueChardev other = new QueueChardev("other")) {
            Multiplexer held = multiplexer(other, Multiplexer.DEFAULT_ESCAPE);
            held.hold(true);
            RecordingFrontEnd first = new RecordingFrontEnd();
            RecordingFrontEnd last = new RecordingFrontEnd();
            held.port().attach(first);
            other.input("typed early\n");
            held.port().attach(last);
            held.hold(false);
            last.awaitReceived("typed early\n");
            assertThat(first.events()).doesNotContain(ChardevEvent.MUX_IN);
        }
    }
}
