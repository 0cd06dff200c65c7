package dev.rhea.device.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import dev.rhea.machine.irq.Line;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SifivePwmTest {
    private static final int CFG = 0x00;
    private static final int COUNT = 0x08;
    private static final int S = 0x10;
    private static final int CMP0 = 0x20;
    private static final int ALWAYS = 1 << 12;
    private static final int ONESHOT = 1 << 13;
    private static final int STICKY = 1 << 8;
    private static final int ZEROCMP = 1 << 9;

    private final DeviceBench bench = new DeviceBench();
    private final List<DeviceBench.Probe> irqs =
            List.of(new DeviceBench.Probe(), new DeviceBench.Probe(), new DeviceBench.Probe(), new DeviceBench.Probe());
    /** A tick is a microsecond. */
    private final SifivePwm pwm = new SifivePwm(bench.clock, 1_000_000, List.<Line>copyOf(irqs));

    @BeforeEach
    void place() {
        bench.place(0, pwm.region());
        bench.locked(pwm::reset);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void put(int register, long value) {
        bench.write(register, value, 4);
    }

    private long get(int register) {
        return bench.read(register, 4);
    }

    @Test
    void itCountsWhileItIsEnabled() {
        bench.advance(5_000);
        assertThat(get(COUNT)).isZero();
        put(CFG, ALWAYS | 4);
        bench.advance(100_000);
        assertThat(get(COUNT)).isEqualTo(100);
        assertThat(get(S)).isEqualTo(6);
        put(COUNT, 1000);
        bench.advance(1_000);
        assertThat(get(COUNT)).isEqualTo(1001);
        put(CFG, 4);
        bench.advance(1_000);
        assertThat(get(COUNT)).isEqualTo(1001);
    }

    @Test
    void aComparatorInterruptsWhenItIsReached() {
        put(CMP0 + 4, 50);
        put(CFG, ALWAYS | STICKY);
        bench.advance(49_000);
        assertThat(irqs.get(1).high).isFalse();
        bench.advance(12_000);
        assertThat(irqs.get(1).high).isTrue();
        assertThat(irqs.get(2).high).isFalse();
        assertThat(get(CFG) >>> 28).isEqualTo(2);
    }

    @Test
    void comparatorZeroBeginsAnew() {
        put(CMP0, 99);
        put(CFG, ALWAYS | ZEROCMP);
        bench.advance(350_000);
        assertThat(get(COUNT)).isEqualTo(50);
        assertThat(irqs.getFirst().high).isFalse();
    }

    @Test
    void oneShotEndsByItself() {
        put(CMP0, 99);
        put(CFG, ONESHOT | ZEROCMP | STICKY);
        bench.advance(1_000_000);
        assertThat(get(COUNT)).isZero();
        assertThat(get(CFG) & ONESHOT).isZero();
        assertThat(irqs.getFirst().high).isTrue();
    }

    @Test
    void centredPulsesCompareWithACountThatComesBack() {
        put(CMP0 + 8, 0x100);
        put(CFG, ALWAYS | 1 << 18);
        put(COUNT, 0x101);
        assertThat(get(CFG) >>> 28 & 4).isEqualTo(4);
        put(COUNT, 0xfff0);
        assertThat(get(CFG) >>> 28 & 4).isZero();
    }
}
