package dev.rhea.device.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoldfishRtcTest {
    private static final long EPOCH = 1_700_000_000_123_456_789L;
    private static final int TIME_LOW = 0x00;
    private static final int TIME_HIGH = 0x04;
    private static final int ALARM_LOW = 0x08;
    private static final int ALARM_HIGH = 0x0c;
    private static final int IRQ_ENABLED = 0x10;
    private static final int CLEAR_ALARM = 0x14;
    private static final int ALARM_STATUS = 0x18;
    private static final int CLEAR_INTERRUPT = 0x1c;

    private final DeviceBench bench = new DeviceBench();
    private final DeviceBench.Probe irq = new DeviceBench.Probe();
    private final GoldfishRtc rtc = new GoldfishRtc(bench.clock, WallTime.of(bench.clock, EPOCH), irq);

    @BeforeEach
    void place() {
        bench.place(0, rtc.region());
        bench.locked(rtc::reset);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void put(int register, long value) {
        bench.write(register, value & 0xffffffffL, 4);
    }

    private long time() {
        long low = bench.read(TIME_LOW, 4);
        return bench.read(TIME_HIGH, 4) << 32 | low;
    }

    private void alarm(long at) {
        put(ALARM_HIGH, at >>> 32);
        put(ALARM_LOW, at);
    }

    @Test
    void readingTheLowHalfLatchesTheHighOne() {
        assertThat(time()).isEqualTo(EPOCH);
        bench.read(TIME_LOW, 4);
        bench.advance(10L << 32);
        assertThat(bench.read(TIME_HIGH, 4)).isEqualTo(EPOCH >>> 32);
        assertThat(time()).isEqualTo(EPOCH + (10L << 32));
        assertThat(bench.read(TIME_LOW, 8)).isEqualTo(EPOCH + (10L << 32));
    }

    @Test
    void theGuestSetsTheTimeAndItGoesOn() {
        put(TIME_HIGH, 0x12345678);
        put(TIME_LOW, 0x9abcdef0L);
        bench.advance(5);
        assertThat(time()).isEqualTo(0x123456789abcdef5L);
        bench.locked(rtc::reset);
        assertThat(time()).isEqualTo(EPOCH + 5);
    }

    @Test
    void anAlarmComesOnceAndInterruptsIfEnabled() {
        alarm(EPOCH + 1000);
        assertThat(bench.read(ALARM_STATUS, 4)).isEqualTo(1);
        bench.advance(999);
        assertThat(bench.read(ALARM_STATUS, 4)).isEqualTo(1);
        bench.advance(1);
        assertThat(bench.read(ALARM_STATUS, 4)).isZero();
        assertThat(irq.high).isFalse();
        put(IRQ_ENABLED, 1);
        assertThat(irq.high).isTrue();
        put(CLEAR_INTERRUPT, 1);
        assertThat(irq.high).isFalse();
    }

    @Test
    void anAlarmInThePastComesAtOnceAndAClearedOneNever() {
        put(IRQ_ENABLED, 1);
        alarm(1);
        assertThat(irq.high).isTrue();
        put(CLEAR_INTERRUPT, 0);
        alarm(EPOCH + 500);
        put(CLEAR_ALARM, 0);
        bench.advance(1000);
        assertThat(irq.high).isFalse();
    }

    @Test
    void settingTheTimeBeyondTheAlarmLetsItCome() {
        put(IRQ_ENABLED, 1);
        alarm(EPOCH + (1L << 40));
        bench.advance(1);
        assertThat(irq.high).isFalse();
        put(TIME_HIGH, (EPOCH >>> 32) + 1000);
        assertThat(irq.high).isTrue();
    }
}
