package dev.rhea.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.Subjects.Subject;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every device with registers against a guest that means it no good: accesses of all sizes at all offsets with values made to
 * hurt. Nothing but a bus error comes out, and reset afterwards gives the state after power-on.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileGuestTest {
    private static final long SEED = Long.getLong("rhea.seed", 20261126);
    private static final int ROUNDS = Integer.getInteger("rhea.rounds", 20_000);

    static Stream<Subjects.Kind> kinds() {
        return Subjects.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyAccessOfEverySizeIsAnsweredOrABusError(Subjects.Kind kind) {
        try (Subject subject = kind.make()) {
            for (int region = 0; region < subject.regions(); region++) {
                long size = Math.min(subject.size(region), 0x2000);
                for (long offset = 0; offset < size; offset++) {
                    for (int bytes = 1; bytes <= 8; bytes *= 2) {
                        subject.write(region, offset, -1, bytes);
                        subject.read(region, offset, bytes);
                    }
                }
            }
            subject.backToPowerOn();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void randomAccessesLeaveItWholeAndResetGivesThePowerOnState(Subjects.Kind kind) {
        Random random = new Random(SEED);
        try (Subject subject = kind.make()) {
            for (int round = 0; round < ROUNDS; round++) {
                try {
                    subject.poke(random);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("reproduce with -Drhea.seed=" + SEED + ", round " + round, e);
                }
            }
            subject.backToPowerOn();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itsStateComesBackInAnotherOfItsKind(Subjects.Kind kind) throws BadStateException {
        Random random = new Random(SEED);
        try (Subject subject = kind.make()) {
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 30; i++) {
                    subject.poke(random);
                }
                if (subject.device() instanceof Stateful<?>) {
                    byte[] saved = subject.save();
                    try (Subject other = kind.make(subject)) {
                        other.load(saved);
                        assertThat(other.save()).as("round " + round).isEqualTo(saved);
                        assertThat(other.lines()).as("lines in round " + round).isEqualTo(subject.lines());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aDamagedStateIsRefusedOrHarmless(Subjects.Kind kind) {
        Random random = new Random(SEED);
        try (Subject subject = kind.make()) {
            if (!(subject.device() instanceof Stateful<?>)) {
                return;
            }
            for (int round = 0; round < 2_000; round++) {
                subject.poke(random);
                byte[] damaged = subject.save();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                byte[] before = subject.save();
                try {
                    subject.load(damaged);
                } catch (BadStateException e) {
                    assertThat(e.getMessage()).isNotBlank();
                    assertThat(subject.save())
                            .as("after refusal in round " + round)
                            .isEqualTo(before);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("reproduce with -Drhea.seed=" + SEED + ", round " + round, e);
                }
                for (int i = 0; i < 10; i++) {
                    subject.poke(random);
                }
            }
        }
    }
}
