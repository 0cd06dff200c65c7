package dev.rhea.machine.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong host = new AtomicLong(1_000_000);
    private final VirtualClock clock = new VirtualClock(lock, host::get);
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        clock.close();
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Lets time pass and returns when the timers of that time have run. */
    private void advance(long nanoseconds) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        locked(() -> {
            host.addAndGet(nanoseconds);
            // The clock's thread sleeps for a later moment, wherever time has been moved to meanwhile.
            clock.timer(() -> {}).at(-1);
            clock.timer(done::countDown).at(clock.now());
        });
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void timePassesOnlyWhileItRuns() {
        assertThat(clock.now()).isZero();
        host.addAndGet(5);
        assertThat(clock.now()).isZero();
        locked(clock::start);
        host.addAndGet(7);
        assertThat(clock.now()).isEqualTo(7);
        locked(clock::start);
        locked(clock::stop);
        host.addAndGet(100);
        assertThat(clock.now()).isEqualTo(7);
        locked(() -> clock.set(50));
        locked(clock::start);
        host.addAndGet(1);
        assertThat(clock.now()).isEqualTo(51);
        assertThatThrownBy(() -> clock.set(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void timersRunInTheOrderOfTheirMomentsAndThenOfTheirArming() throws InterruptedException {
        locked(clock::start);
        Timer late = clock.timer(() -> ran.add("late"));
        Timer early = clock.timer(() -> ran.add("early"));
        Timer same = clock.timer(() -> ran.add("same"));
        locked(() -> {
            late.at(30);
            early.at(10);
            same.at(30);
        });
        advance(29);
        assertThat(ran).containsExactly("early");
        assertThat(early.isArmed()).isFalse();
        assertThat(late.isArmed()).isTrue();
        advance(1);
        assertThat(ran).containsExactly("early", "late", "same");
    }

    @Test
    void aTimerIsMovedOrDisarmed() throws InterruptedException {
        locked(clock::start);
        Timer moved = clock.timer(() -> ran.add("moved"));
        Timer disarmed = clock.timer(() -> ran.add("disarmed"));
        locked(() -> {
            moved.at(10);
            disarmed.at(10);
            moved.at(20);
            disarmed.cancel();
            disarmed.cancel();
        });
        advance(15);
        assertThat(ran).isEmpty();
        advance(5);
        assertThat(ran).containsExactly("moved");
    }

    @Test
    void aTimerArmsItselfAnew() throws InterruptedException {
        locked(clock::start);
        Timer[] tick = new Timer[1];
        tick[0] = clock.timer(() -> {
            ran.add("tick " + tick[0].deadline());
            tick[0].at(tick[0].deadline() + 10);
        });
        locked(() -> tick[0].at(10));
        advance(35);
        assertThat(ran).containsExactly("tick 10", "tick 20", "tick 30");
    }

    @Test
    void noTimerRunsWhileTimeStandsStill() throws InterruptedException {
        Timer timer = clock.timer(() -> ran.add("ran at " + clock.now()));
        locked(() -> timer.at(0));
        host.addAndGet(1000);
        locked(() -> assertThat(ran).isEmpty());
        locked(clock::start);
        advance(1);
        assertThat(ran).hasSize(1);
    }

    @Test
    void anActionThatFailsIsToldAndTheOthersGoOn() throws InterruptedException {
        List<Throwable> told = new CopyOnWriteArrayList<>();
        clock.onFailure(told::add);
        locked(clock::start);
        locked(() -> clock.timer(() -> {
                    throw new IllegalStateException("broken");
                })
                .at(1));
        advance(1);
        assertThat(told).singleElement().extracting(Throwable::getMessage).isEqualTo("broken");
    }

    @Test
    void readersWithoutTheLockNeverSeeTimeGoBack() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean wrong = new AtomicBoolean();
        VirtualClock real = new VirtualClock(lock);
        Thread reader = new Thread(() -> {
            long last = 0;
            while (!stop.get()) {
                long now = real.now();
                wrong.compareAndSet(false, now < last);
                last = now;
            }
        });
        reader.start();
        for (int i = 0; i < 20_000; i++) {
            locked(real::start);
            locked(real::stop);
        }
        stop.set(true);
        reader.join();
        assertThat(wrong).isFalse();
    }
}
