package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueChardevTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final QueueChardev queue = new QueueChardev("console");

    @AfterEach
    void close() {
        queue.close();
    }

    private void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(queue.write(bytes, 0, bytes.length)).isEqualTo(bytes.length);
    }

    @Test
    void expectTakesUpToTheMatchAndKeepsTheRest() throws Exception {
        write("Debian\nlogin: x");
        assertThat(queue.expect("login: ", LONG)).isEqualTo("Debian\nlogin: ");
        assertThat(queue.take()).isEqualTo("x");
    }

    @Test
    void expectWaitsForWhatComesInPiecesFromAnotherThread() throws Exception {
        Thread guest = new Thread(() -> {
            write("lo");
            write("gin");
            write(": ");
        });
        guest.start();
        assertThat(queue.expect(Pattern.compile("log\\w+: "), LONG)).isEqualTo("login: ");
        guest.join();
    }

    @Test
    void expectKnowsTextThatIsNotAscii() throws Exception {
        write("grüß dich");
        assertThat(queue.expect("üß", LONG)).isEqualTo("grüß");
    }

    @Test
    void whatDoesNotComeInTimeIsSaidWithTheEndOfWhatCame() {
        write("kernel panic");
        assertThatThrownBy(() -> queue.expect("login: ", Duration.ZERO))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("\"login: \"")
                .hasMessageContaining("kernel panic");
    }

    @Test
    void inputComesOnlyAsFarAsThereIsRoom() throws Exception {
        RecordingFrontEnd guest = new RecordingFrontEnd(3);
        queue.attach(guest);
        queue.input("abcdefgh");
        guest.awaitReceived("abc");
        guest.room(1);
        queue.acceptInput();
        guest.awaitReceived("abcd");
        guest.room(100);
        queue.acceptInput();
        guest.awaitReceived("abcdefgh");
    }

    @Test
    void inputWaitsForAFrontEnd() throws Exception {
        queue.input("early");
        RecordingFrontEnd guest = new RecordingFrontEnd();
        queue.attach(guest);
        guest.awaitReceived("early");
        assertThat(guest.events()).containsExactly(ChardevEvent.OPENED);
    }

    @Test
    void eventsKeepTheirPlaceInTheInput() throws Exception {
        RecordingFrontEnd guest = new RecordingFrontEnd(2);
        queue.attach(guest);
        queue.input("abcd");
        queue.sendBreak();
        guest.awaitReceived("ab");
        assertThat(guest.events()).containsExactly(ChardevEvent.OPENED);
        guest.room(2);
        queue.acceptInput();
        guest.awaitEvent(ChardevEvent.BREAK);
        assertThat(guest.received()).isEqualTo("abcd");
    }

    @Test
    void theOtherEndComesAndGoes() {
        QueueChardev later = new QueueChardev("later", false);
        RecordingFrontEnd guest = new RecordingFrontEnd();
        later.attach(guest);
        assertThat(guest.events()).isEmpty();
        later.connect(true);
        guest.awaitEvent(ChardevEvent.OPENED);
        assertThat(later.connected()).isTrue();
        later.connect(false);
        guest.awaitEvent(ChardevEvent.CLOSED);
        later.close();
    }

    @Test
    void thereIsOneFrontEnd() {
        queue.attach(new RecordingFrontEnd());
        assertThatThrownBy(() -> queue.attach(new RecordingFrontEnd()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'console' has a front end");
        queue.detach();
        queue.attach(new RecordingFrontEnd());
    }

    @Test
    void outputThatNobodyTakesIsKeptUpToALimit() throws Exception {
        byte[] megabyte = new byte[1 << 20];
        java.util.Arrays.fill(megabyte, (byte) '.');
        for (int i = 0; i < 20; i++) {
            queue.write(megabyte, 0, megabyte.length);
        }
        assertThat(queue.takeBytes()).hasSize(QueueChardev.KEPT);
    }
}
