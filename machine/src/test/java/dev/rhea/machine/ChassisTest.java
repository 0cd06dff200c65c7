package dev.rhea.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.machine.device.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChassisTest {
    private final Chassis chassis = new Chassis();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<SketchProcessor> processors = new ArrayList<>();

    {
        chassis.addListener(new MachineListener() {
            @Override
            public void stateChanged(RunState from, RunState to) {
                events.add(from.text() + " to " + to.text());
            }

            @Override
            public void reset(ShutdownCause cause) {
                events.add("reset by " + cause.text());
            }

            @Override
            public void shutDown(ShutdownCause cause, int exitCode) {
                events.add("end by " + cause.text() + " with " + exitCode);
            }

            @Override
            public void powerDown() {
                events.add("power button");
            }
        });
    }

    @AfterEach
    void close() {
        chassis.close();
        for (SketchProcessor processor : processors) {
            assertThat(processor.wrong).isEmpty();
        }
    }

    private SketchProcessor processor(Runnable step) {
        SketchProcessor made = new SketchProcessor(step);
        processors.add(made);
        chassis.add(made);
        return made;
    }

    private String next() throws InterruptedException {
        String event = events.poll(60, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    @Test
    void itIsBuiltPausedThenRunsAndPauses() throws InterruptedException {
        SketchProcessor cpu = processor(Thread::onSpinWait);
        chassis.powerOn();
        assertThat(chassis.state()).isEqualTo(RunState.PRELAUNCH);
        assertThat(cpu.resets).hasValue(1);
        chassis.resume();
        assertThat(next()).isEqualTo("prelaunch to running");
        while (cpu.executed() == 0) {
            Thread.onSpinWait();
        }
        chassis.resume();
        chassis.pause();
        long executed = cpu.executed();
        long time = chassis.clock().now();
        assertThat(next()).isEqualTo("running to paused");
        chassis.pause();
        assertThat(cpu.executed()).isEqualTo(executed);
        assertThat(chassis.clock().now()).isEqualTo(time);
        assertThat(events).isEmpty();
    }

    @Test
    void aPauseBeforeTheStartLeavesItUnstarted() {
        chassis.powerOn();
        chassis.pause();
        assertThat(chassis.state()).isEqualTo(RunState.PRELAUNCH);
    }

    @Test
    void aGuestsResetStopsTheProcessorsAndStartsThemAgain() throws InterruptedException {
        SketchProcessor cpu = processor(Thread::onSpinWait);
        List<String> order = new ArrayList<>();
        chassis.add("/d", new Device() {
            @Override
            public String type() {
                return "d";
            }

            @Override
            public void reset() {
                assertThat(chassis.lock().isHeldByCurrentThread()).isTrue();
                order.add("device");
            }
        });
        chassis.onReset(() -> order.add("firmware " + cpu.resets));
        chassis.powerOn();
        chassis.resume();
        next();
        chassis.requestReset(ShutdownCause.GUEST_RESET);
        assertThat(next()).isEqualTo("reset by guest-reset");
        chassis.pause();
        assertThat(next()).isEqualTo("running to paused");
        assertThat(order).containsExactly("device", "firmware 0", "device", "firmware 1");
        assertThat(cpu.resets).hasValue(2);
    }

    @Test
    void aResetOfAPausedMachineLeavesItPaused() throws InterruptedException {
        SketchProcessor cpu = processor(Thread::onSpinWait);
        chassis.powerOn();
        chassis.resume();
        chassis.pause();
        events.clear();
        chassis.requestReset(ShutdownCause.HOST_QMP_SYSTEM_RESET);
        assertThat(next()).isEqualTo("reset by host-qmp-system-reset");
        chassis.standStill(() -> {});
        assertThat(cpu.isRunning()).isFalse();
        assertThat(chassis.state()).isEqualTo(RunState.PAUSED);
    }

    @Test
    void theFirstOfManyShutdownsCounts() throws InterruptedException {
        processor(() -> chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 3));
        chassis.powerOn();
        chassis.resume();
        assertThat(next()).isEqualTo("prelaunch to running");
        assertThat(next()).isEqualTo("running to shutdown");
        assertThat(next()).isEqualTo("end by guest-shutdown with 3");
        chassis.requestShutdown(ShutdownCause.HOST_SIGNAL, 0);
        chassis.requestPowerDown();
        assertThat(next()).isEqualTo("power button");
        chassis.closeProcessors();
        assertThat(events).isEmpty();
        chassis.resume();
        assertThat(chassis.state()).isEqualTo(RunState.SHUTDOWN);
    }

    @Test
    void withoutShutdownItOnlyPausesAndAResetRevivesIt() throws InterruptedException {
        processor(Thread::onSpinWait);
        chassis.setActions(false, true);
        chassis.powerOn();
        chassis.resume();
        next();
        chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
        assertThat(next()).isEqualTo("running to shutdown");
        chassis.requestReset(ShutdownCause.HOST_QMP_SYSTEM_RESET);
        assertThat(next()).isEqualTo("reset by host-qmp-system-reset");
        assertThat(next()).isEqualTo("shutdown to paused");
        chassis.resume();
        assertThat(next()).isEqualTo("paused to running");
        chassis.requestShutdown(ShutdownCause.HOST_QMP_QUIT, 0);
        assertThat(next()).isEqualTo("running to shutdown");
        assertThat(next()).isEqualTo("end by host-qmp-quit with 0");
    }

    @Test
    void withoutRebootAGuestsResetEndsIt() throws InterruptedException {
        chassis.setActions(true, false);
        chassis.powerOn();
        chassis.requestReset(ShutdownCause.HOST_QMP_SYSTEM_RESET);
        assertThat(next()).isEqualTo("reset by host-qmp-system-reset");
        chassis.requestReset(ShutdownCause.GUEST_RESET);
        assertThat(next()).isEqualTo("prelaunch to shutdown");
        assertThat(next()).isEqualTo("end by guest-reset with 0");
    }

    @Test
    void aFailureStopsItForGood() throws InterruptedException {
        processor(Thread::onSpinWait);
        chassis.powerOn();
        chassis.resume();
        next();
        chassis.lock().lock();
        try {
            chassis.clock()
                    .timer(() -> {
                        throw new IllegalStateException("a test breaks the machine");
                    })
                    .at(0);
        } finally {
            chassis.lock().unlock();
        }
        assertThat(next()).isEqualTo("running to internal-error");
        chassis.fail(new IllegalStateException("a test breaks it again"));
        chassis.resume();
        assertThat(chassis.state()).isEqualTo(RunState.INTERNAL_ERROR);
    }

    @Test
    void aPathIsGivenOnce() {
        Device device = new Device() {
            @Override
            public String type() {
                return "d";
            }

            @Override
            public void reset() {}
        };
        chassis.add("/a", device);
        assertThatThrownBy(() -> chassis.add("/a", device)).hasMessage("there is a device at /a already");
    }

    @Test
    void manyWhoStopStartAndResetItAtOnceLeaveItWhole() throws InterruptedException {
        SketchProcessor one = processor(() -> {
            chassis.lock().lock();
            chassis.lock().unlock();
        });
        SketchProcessor two = processor(Thread::onSpinWait);
        chassis.powerOn();
        long seed = Long.getLong("rhea.seed", 7);
        List<Thread> hands = new ArrayList<>();
        for (int hand = 0; hand < 4; hand++) {
            Random random = new Random(seed + hand);
            hands.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 300; i++) {
                    switch (random.nextInt(5)) {
                        case 0 -> chassis.pause();
                        case 1 -> chassis.requestReset(ShutdownCause.GUEST_RESET);
                        case 2 -> chassis.standStill(() -> {});
                        default -> chassis.resume();
                    }
                }
            }));
        }
        for (Thread hand : hands) {
            hand.join();
        }
        chassis.resume();
        chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 5);
        String event = next();
        while (!event.startsWith("end")) {
            event = next();
        }
        assertThat(event).isEqualTo("end by guest-shutdown with 5");
        assertThat(one.isRunning()).isFalse();
        assertThat(two.isRunning()).isFalse();
    }

    @Test
    void aMachineThatRunsCanBeClosed() throws InterruptedException {
        processor(() -> chassis.requestReset(ShutdownCause.GUEST_RESET));
        chassis.newRam("ram", 1 << 20);
        chassis.powerOn();
        chassis.resume();
        next();
        next();
    }
}
