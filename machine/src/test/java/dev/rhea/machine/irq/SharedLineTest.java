package dev.rhea.machine.irq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedLineTest {
    private boolean output;
    private final SharedLine shared = new SharedLine(level -> output = level);

    @Test
    void itIsHighWhileAnyInputIs() {
        Line a = shared.input();
        Line b = shared.input();
        a.raise();
        b.raise();
        a.raise();
        a.lower();
        assertThat(output).isTrue();
        b.lower();
        assertThat(output).isFalse();
        b.pulse();
        assertThat(output).isFalse();
    }

    @Test
    void sixtyFourDevicesShareIt() {
        Line last = Line.UNCONNECTED;
        for (int i = 0; i < 64; i++) {
            last = shared.input();
        }
        last.raise();
        assertThat(output).isTrue();
        assertThatThrownBy(shared::input).hasMessageContaining("64 devices");
    }
}
