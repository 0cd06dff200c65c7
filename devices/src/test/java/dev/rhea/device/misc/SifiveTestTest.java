package dev.rhea.device.misc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SifiveTestTest {
    private final List<String> asked = new ArrayList<>();
    private final SifiveTest device = new SifiveTest(new SifiveTest.Outcome() {
        @Override
        public void shutDown(int exitCode) {
            asked.add("shut down " + exitCode);
        }

        @Override
        public void reset() {
            asked.add("reset");
        }
    });

    @Test
    void theLowHalfSaysWhatAndTheHighHalfWithWhichCode() {
        try (DeviceBench bench = new DeviceBench()) {
            bench.place(0, device.region());
            bench.write(0, 0x5555, 4);
            bench.write(0, 0x5555, 2);
            bench.write(0, 0x2a3333, 4);
            bench.write(0, 0xffff3333L, 4);
            bench.write(0, 0x7777, 4);
            bench.write(0, 0x1234, 4);
            bench.write(4, 0x5555, 4);
            assertThat(bench.write(0, 0x55, 1)).isFalse();
            assertThat(bench.read(0, 4)).isZero();
        }
        assertThat(asked).containsExactly("shut down 0", "shut down 0", "shut down 42", "shut down 65535", "reset");
    }
}
