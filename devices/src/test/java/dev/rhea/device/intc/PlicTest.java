package dev.rhea.device.intc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.device.DeviceBench;
import dev.rhea.machine.irq.Line;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlicTest {
    private static final long ENABLE = 0x2000;
    private static final long THRESHOLD = 0x200000;
    private static final long CLAIM = 0x200004;

    private final DeviceBench bench = new DeviceBench();
    private final DeviceBench.Probe machine = new DeviceBench.Probe();
    private final DeviceBench.Probe supervisor = new DeviceBench.Probe();
    private final Plic plic = new Plic(95, 7, List.of(machine, supervisor), 0x600000);

    @BeforeEach
    void place() {
        bench.place(0, plic.region());
        bench.locked(plic::reset);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void set(int source, boolean high) {
        bench.locked(() -> plic.source(source).set(high));
    }

    private void priority(int source, int value) {
        bench.write(4L * source, value, 4);
    }

    private void enable(int context, int source) {
        long address = ENABLE + 0x80L * context + 4L * (source / 32);
        bench.write(address, bench.read(address, 4) | 1L << source % 32, 4);
    }

    @Test
    void aRequestReachesOnlyContextsThatEnableItAboveTheirThreshold() {
        priority(10, 3);
        enable(1, 10);
        set(10, true);
        assertThat(machine.high).isFalse();
        assertThat(supervisor.high).isTrue();
        bench.write(THRESHOLD + 0x1000, 3, 4);
        assertThat(supervisor.high).isFalse();
        bench.write(THRESHOLD + 0x1000, 2, 4);
        assertThat(supervisor.high).isTrue();
    }

    @Test
    void claimTakesTheHighestPriorityAndAmongEqualsTheLowestNumber() {
        for (int source : new int[] {5, 40, 41, 95}) {
            enable(0, source);
            set(source, true);
        }
        priority(5, 1);
        priority(40, 7);
        priority(41, 7);
        priority(95, 2);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(40);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(41);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(95);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(5);
        assertThat(bench.read(CLAIM, 4)).isZero();
        assertThat(machine.high).isFalse();
    }

    @Test
    void aLevelThatStaysHighAsksAgainOnlyAfterCompletion() {
        priority(1, 1);
        enable(0, 1);
        set(1, true);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(1);
        set(1, false);
        set(1, true);
        assertThat(machine.high).isFalse();
        assertThat(bench.read(0x1000, 4)).isZero();
        bench.write(CLAIM, 1, 4);
        assertThat(machine.high).isTrue();
        assertThat(bench.read(CLAIM, 4)).isEqualTo(1);
        set(1, false);
        bench.write(CLAIM, 1, 4);
        assertThat(machine.high).isFalse();
    }

    @Test
    void aContextCannotCompleteWhatItDoesNotEnable() {
        priority(1, 1);
        enable(0, 1);
        set(1, true);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(1);
        bench.write(CLAIM + 0x1000, 1, 4);
        assertThat(bench.read(0x1000, 4)).isZero();
        bench.write(CLAIM, 1, 4);
        assertThat(bench.read(0x1000, 4)).isEqualTo(2);
    }

    @Test
    void priorityZeroNeverInterruptsAndIsNotClaimed() {
        enable(0, 7);
        set(7, true);
        assertThat(bench.read(0x1000, 4)).isEqualTo(1 << 7);
        assertThat(machine.high).isFalse();
        assertThat(bench.read(CLAIM, 4)).isZero();
    }

    @Test
    void bitsThatDoNotExistReadAsZero() {
        priority(3, 0xff);
        assertThat(bench.read(12, 4)).isEqualTo(7);
        priority(0, 5);
        assertThat(bench.read(0, 4)).isZero();
        for (int word = 0; word < 32; word++) {
            bench.write(ENABLE + 4 * word, 0xffffffffL, 4);
        }
        assertThat(bench.read(ENABLE, 4)).isEqualTo(0xfffffffeL);
        assertThat(bench.read(ENABLE + 8, 4)).isEqualTo(0xffffffffL);
        assertThat(bench.read(ENABLE + 12, 4)).isZero();
        assertThat(bench.read(0x3ffffc, 4)).isZero();
    }

    @Test
    void onlyWordsAreAnswered() {
        assertThat(bench.read(CLAIM, 1)).isEqualTo(-1);
        assertThat(bench.read(CLAIM & ~7, 8)).isEqualTo(-1);
        assertThat(bench.read(CLAIM + 2, 4)).isEqualTo(-1);
    }

    @Test
    void aLineThatIsHighOverResetStaysPending() {
        set(9, true);
        priority(9, 1);
        enable(0, 9);
        assertThat(bench.read(CLAIM, 4)).isEqualTo(9);
        bench.locked(plic::reset);
        assertThat(bench.read(36, 4)).isZero();
        assertThat(bench.read(0x1000, 4)).isEqualTo(1 << 9);
    }

    @Test
    void thereAreNoSourcesBeyondTheLast() {
        assertThatThrownBy(() -> plic.source(96)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Plic(1024, 7, List.of(), 0x600000)).hasMessageContaining("1 to 1023");
        assertThatThrownBy(() -> new Plic(95, 7, List.of(Line.UNCONNECTED), 0x200000))
                .hasMessageContaining("no room");
    }
}
