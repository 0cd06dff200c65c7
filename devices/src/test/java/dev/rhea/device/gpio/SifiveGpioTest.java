package dev.rhea.device.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import dev.rhea.machine.irq.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SifiveGpioTest {
    private final DeviceBench bench = new DeviceBench();
    private final List<DeviceBench.Probe> irqs = probes();
    private final List<DeviceBench.Probe> outputs = probes();
    private final SifiveGpio gpio = new SifiveGpio(List.<Line>copyOf(irqs), List.<Line>copyOf(outputs));

    private static List<DeviceBench.Probe> probes() {
        List<DeviceBench.Probe> result = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            result.add(new DeviceBench.Probe());
        }
        return result;
    }

    @BeforeEach
    void place() {
        bench.place(0, gpio.region());
        bench.locked(gpio::reset);
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
    void anOutputDrivesItsPinAndMayReadItBack() {
        put(0x0c, 0xffffffffL);
        assertThat(get(0x0c)).isEqualTo(0xffff);
        put(0x08, 2);
        put(0x04, 6);
        assertThat(outputs.get(1).high).isTrue();
        assertThat(outputs.get(2).high).isFalse();
        assertThat(get(0)).isEqualTo(2);
        put(0x40, 2);
        assertThat(outputs.get(1).high).isFalse();
        assertThat(get(0)).isZero();
    }

    @Test
    void anInputIsPulledUpUntilSomeoneDrivesIt() {
        put(0x04, 9);
        put(0x10, 9);
        assertThat(get(0)).isEqualTo(9);
        bench.locked(() -> gpio.input(3).set(false));
        assertThat(get(0)).isEqualTo(1);
    }

    @Test
    void edgesAndLevelsArePendingUntilTheyAreCleared() {
        put(0x04, 1);
        put(0x18, 1);
        bench.locked(() -> gpio.input(0).set(true));
        assertThat(irqs.getFirst().high).isTrue();
        assertThat(get(0x1c)).isEqualTo(1);
        put(0x1c, 1);
        assertThat(irqs.getFirst().high).isFalse();
        put(0x20, 1);
        put(0x28, 1);
        assertThat(irqs.getFirst().high).isTrue();
        // A level that goes on is pending again at once.
        put(0x2c, 1);
        assertThat(get(0x2c)).isEqualTo(1);
        bench.locked(() -> gpio.input(0).set(false));
        put(0x2c, 1);
        assertThat(get(0x24)).isEqualTo(1);
        assertThat(irqs.getFirst().high).isTrue();
        put(0x24, 1);
        assertThat(irqs.getFirst().high).isFalse();
    }
}
