package dev.rhea.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.machine.Chassis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices' own work while the machine runs and stands. */
@Timeout(30)
class MastersTest {
    @Test
    void aPauseWaitsForWorkInFlightAndLetsNoneBegin() throws Exception {
        try (Chassis chassis = new Chassis()) {
            Masters masters = chassis.memory().masters();
            chassis.powerOn();
            chassis.resume();
            var began = new CountDownLatch(1);
            var mayEnd = new CountDownLatch(1);
            var ended = new AtomicInteger();
            Thread device = Thread.ofPlatform()
                    .start(() -> masters.run(() -> {
                        began.countDown();
                        try {
                            mayEnd.await();
                        } catch (InterruptedException e) {
                            return;
                        }
                        ended.incrementAndGet();
                    }));
            began.await();
            var endedAtPause = new AtomicInteger(-1);
            Thread user = Thread.ofPlatform().start(() -> {
                chassis.pause();
                endedAtPause.set(ended.get());
            });
            while (!masters.areHeld()) {
                Thread.onSpinWait();
            }
            assertThat(masters.tryEnter()).isFalse();
            mayEnd.countDown();
            user.join();
            device.join();
            assertThat(endedAtPause).hasValue(1);
            assertThat(masters.tryEnter()).isFalse();

            List<String> order = new ArrayList<>();
            masters.onRelease(() -> order.add("told"));
            masters.run(() -> order.add("first"));
            masters.run(() -> order.add("second"));
            chassis.standStill(() -> assertThat(order).isEmpty());
            assertThat(order).as("a machine that is paused stays so").isEmpty();
            chassis.resume();
            assertThat(order).containsExactly("first", "second", "told");
            assertThat(masters.tryEnter()).isTrue();
            masters.leave();
        }
    }
}
