package dev.rhea.device.intc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClintTest {
    private static final long MTIMECMP = 0x4000;
    private static final long MTIME = 0xbff8;

    private final DeviceBench bench = new DeviceBench();
    private final List<DeviceBench.Probe> software = List.of(new DeviceBench.Probe(), new DeviceBench.Probe());
    private final List<DeviceBench.Probe> timer = List.of(new DeviceBench.Probe(), new DeviceBench.Probe());
    private final Clint clint =
            new Clint(bench.clock, MachineTimer.FREQUENCY, List.copyOf(software), List.copyOf(timer));

    @BeforeEach
    void place() {
        bench.place(0, clint.region());
        bench.locked(clint.software()::reset);
        bench.locked(clint.timer()::reset);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void msipDrivesItsHartAlone() {
        bench.write(4, 0xffffffffL, 4);
        assertThat(software.get(0).high).isFalse();
        assertThat(software.get(1).high).isTrue();
        assertThat(bench.read(4, 4)).isEqualTo(1);
        bench.write(4, 0xfffffffeL, 4);
        assertThat(software.get(1).high).isFalse();
        bench.write(8, 1, 4);
        assertThat(bench.read(8, 4)).isZero();
    }

    @Test
    void mtimeCountsTenMillionASecond() {
        bench.advance(1_000_000_099);
        assertThat(bench.read(MTIME, 8)).isEqualTo(10_000_000);
        bench.advance(1);
        assertThat(bench.read(MTIME, 8)).isEqualTo(10_000_001);
        assertThat(bench.read(MTIME, 4)).isEqualTo(10_000_001);
        assertThat(bench.read(MTIME + 4, 4)).isZero();
    }

    @Test
    void theInterruptIsPendingFromMtimecmpOn() {
        bench.write(MTIMECMP + 8, 50, 8);
        assertThat(timer.get(1).high).isFalse();
        bench.advance(4_999);
        assertThat(timer.get(1).high).isFalse();
        bench.advance(1);
        assertThat(timer.get(1).high).isTrue();
        bench.write(MTIMECMP + 8, 51, 8);
        assertThat(timer.get(1).high).isFalse();
    }

    @Test
    void halvesAreWrittenOneAfterTheOther() {
        bench.write(MTIMECMP, 0xffffffffL, 4);
        bench.write(MTIMECMP + 4, 1, 4);
        bench.write(MTIMECMP, 7, 4);
        assertThat(bench.read(MTIMECMP, 8)).isEqualTo(0x1_0000_0007L);
        bench.write(MTIME + 4, 1, 4);
        bench.write(MTIME, 6, 4);
        assertThat(timer.get(0).high).isFalse();
        bench.advance(100);
        assertThat(timer.get(0).high).isTrue();
    }

    @Test
    void mtimecmpBeyondTheEndOfTimeNeverComes() {
        bench.advance(1_000_000_000);
        bench.write(MTIME, 5, 8);
        for (long far : new long[] {-1, -100, Long.MIN_VALUE, Long.MAX_VALUE}) {
            bench.write(MTIMECMP, far, 8);
            bench.advance(1_000_000_000);
            assertThat(timer.get(0).high).isFalse();
        }
        bench.write(MTIME, -3, 8);
        bench.write(MTIMECMP, -1, 8);
        assertThat(timer.get(0).high).isFalse();
        bench.advance(200);
        assertThat(timer.get(0).high).isTrue();
    }

    @Test
    void resetPutsTimeBackToZero() {
        bench.advance(123_456_789);
        bench.write(MTIMECMP, -1, 8);
        bench.write(4, 1, 4);
        bench.locked(clint.timer()::reset);
        bench.locked(clint.software()::reset);
        assertThat(bench.read(MTIME, 8)).isZero();
        assertThat(bench.read(MTIMECMP, 8)).isZero();
        assertThat(timer.get(0).high).isTrue();
        assertThat(software.get(1).high).isFalse();
    }

    @Test
    void setssipIsAnEdgeAndReadsAsZero() {
        DeviceBench.Probe pin = new DeviceBench.Probe();
        SoftwareInterrupts sswi = new SoftwareInterrupts(SoftwareInterrupts.Kind.SSWI, List.of(pin));
        bench.place(0x2f00000, sswi.region());
        bench.write(0x2f00000, 1, 4);
        bench.write(0x2f00000, 0, 4);
        assertThat(pin.edges).isEqualTo(1);
        assertThat(bench.read(0x2f00000, 4)).isZero();
    }
}
