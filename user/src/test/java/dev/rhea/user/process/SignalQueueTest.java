package dev.rhea.user.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SignalQueueTest {
    private static final long ALL = -1;

    private final SignalQueue queue = new SignalQueue();

    private static SignalInfo sent(int number, long value) {
        return new SignalInfo(number, SignalInfo.SI_QUEUE, 1, 2, value, 0);
    }

    @Test
    void aStandardSignalThatIsPendingIsNotQueuedAgain() {
        queue.add(sent(Signal.SIGUSR1, 1));
        queue.add(sent(Signal.SIGUSR1, 2));
        assertThat(queue.take(ALL)).isEqualTo(sent(Signal.SIGUSR1, 1));
        assertThat(queue.take(ALL)).isNull();
        assertThat(queue.set()).isZero();
    }

    @Test
    void realTimeSignalsComeLowestNumberFirstAndInTheOrderTheyWereSent() {
        queue.add(sent(40, 1));
        queue.add(sent(35, 2));
        queue.add(sent(40, 3));
        queue.add(sent(35, 4));
        assertThat(queue.take(ALL).value()).isEqualTo(2);
        assertThat(queue.take(ALL).value()).isEqualTo(4);
        assertThat(queue.set()).isEqualTo(Signal.bit(40));
        assertThat(queue.take(ALL).value()).isEqualTo(1);
        assertThat(queue.take(ALL).value()).isEqualTo(3);
        assertThat(queue.set()).isZero();
    }

    @Test
    void aFaultComesBeforeSignalsWithLowerNumbers() {
        queue.add(sent(Signal.SIGHUP, 0));
        queue.add(SignalInfo.fault(Signal.SIGSEGV, 1, 0x1234));
        assertThat(queue.take(ALL).number()).isEqualTo(Signal.SIGSEGV);
        assertThat(queue.take(ALL).number()).isEqualTo(Signal.SIGHUP);
    }

    @Test
    void onlyWantedSignalsAreTaken() {
        queue.add(sent(Signal.SIGINT, 0));
        assertThat(queue.take(~Signal.bit(Signal.SIGINT))).isNull();
        assertThat(queue.set()).isEqualTo(Signal.bit(Signal.SIGINT));
    }

    @Test
    void discardedSignalsAreGoneAndOthersStay() {
        queue.add(sent(Signal.SIGTSTP, 0));
        queue.add(sent(40, 7));
        queue.discard(Signal.STOPPING);
        assertThat(queue.take(ALL).value()).isEqualTo(7);
        assertThat(queue.take(ALL)).isNull();
    }

    @Test
    void aFullQueueRefusesRealTimeSignals() {
        for (int i = 0; i < SignalQueue.LIMIT; i++) {
            assertThat(queue.add(sent(40, i))).isTrue();
        }
        assertThat(queue.add(sent(40, 0))).isFalse();
    }

    @Test
    void aTimerThatExpiresAgainCountsAnOverrunAndTheOrderStays() {
        SignalInfo timer = new SignalInfo(40, SignalInfo.SI_TIMER, 5, 0, 0, 0);
        queue.add(sent(40, 1));
        queue.add(timer);
        queue.add(sent(40, 2));
        assertThat(queue.countOverrun(5)).isTrue();
        assertThat(queue.countOverrun(6)).isFalse();
        assertThat(queue.take(ALL).value()).isEqualTo(1);
        SignalInfo second = queue.take(ALL);
        assertThat(second.code()).isEqualTo(SignalInfo.SI_TIMER);
        assertThat(second.uid()).isEqualTo(1);
        assertThat(queue.take(ALL).value()).isEqualTo(2);
    }
}
