package dev.rhea.user.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GuestTimerTest {
    private final TimerQueue queue = new TimerQueue();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void aTimerWithAnIntervalExpiresAgainAndAgain() throws InterruptedException {
        CountDownLatch expiries = new CountDownLatch(3);
        GuestTimer timer = new GuestTimer(queue, null, expiries::countDown);
        timer.arm(timer.now() + 1000, 1000);
        assertThat(expiries.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.interval()).isEqualTo(1000);
        assertThat(timer.remaining()).isPositive();
        timer.disarm();
        assertThat(timer.remaining()).isZero();
    }

    @Test
    void aTimerOnProcessorTimeWaitsForThatClockAndNoOther() throws InterruptedException {
        AtomicLong clock = new AtomicLong();
        CountDownLatch expired = new CountDownLatch(1);
        GuestTimer timer = new GuestTimer(queue, clock::get, expired::countDown);
        timer.arm(1_000_000_000L, 0);
        assertThat(timer.remaining()).isEqualTo(1_000_000_000L);
        clock.set(400_000_000L);
        assertThat(timer.remaining()).isEqualTo(600_000_000L);
        timer.arm(400_000_001L, 0);
        clock.set(400_000_002L);
        assertThat(expired.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.remaining()).isZero();
    }

    @Test
    void thingsRunInTheOrderOfTheirDeadlinesHoweverTheyWereAsked() throws InterruptedException {
        StringBuffer order = new StringBuffer();
        CountDownLatch done = new CountDownLatch(3);
        long now = System.nanoTime() + 50_000_000;
        for (int i : new int[] {2, 0, 1}) {
            queue.schedule(now + i, () -> {
                order.append(i);
                done.countDown();
            });
        }
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).hasToString("012");
    }
}
