package dev.rhea.device.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SifiveUartTest {
    private static final int TXDATA = 0x00;
    private static final int RXDATA = 0x04;
    private static final int TXCTRL = 0x08;
    private static final int RXCTRL = 0x0c;
    private static final int IE = 0x10;
    private static final int IP = 0x14;
    private static final int DIV = 0x18;

    private final DeviceBench bench = new DeviceBench();
    private final DeviceBench.Probe irq = new DeviceBench.Probe();
    private final FakeWire wire = new FakeWire();
    private final SifiveUart uart = new SifiveUart(33_333_333, irq, wire);

    @BeforeEach
    void place() {
        bench.place(0, uart.region());
        bench.locked(uart::reset);
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
    void nothingIsSentBeforeTheTransmitterIsOn() {
        for (char c : "0123456789".toCharArray()) {
            put(TXDATA, c);
        }
        assertThat(get(TXDATA)).isEqualTo(0x80000000L);
        assertThat(wire.sent).isEmpty();
        put(TXCTRL, 1);
        assertThat(wire.sent).hasToString("01234567");
        assertThat(get(TXDATA)).isZero();
    }

    @Test
    void theTransmitWatermarkAsksForMore() {
        put(TXCTRL, 1 | 1 << 16);
        assertThat(get(IP)).isEqualTo(1);
        assertThat(irq.high).isFalse();
        put(IE, 1);
        assertThat(irq.high).isTrue();
        wire.capacity = 0;
        put(TXDATA, 'x');
        assertThat(irq.high).isFalse();
        wire.capacity = 1;
        bench.locked(() -> wire.port.writable());
        assertThat(irq.high).isTrue();
    }

    @Test
    void characterComeOnlyIntoAReceiverThatIsOnAndHasRoom() {
        assertThat(wire.port.room()).isZero();
        put(RXCTRL, 1 | 1 << 16);
        put(IE, 2);
        assertThat(wire.port.room()).isEqualTo(8);
        bench.locked(() -> wire.type("a"));
        assertThat(irq.high).isFalse();
        bench.locked(() -> wire.type("bcdefghij"));
        assertThat(irq.high).isTrue();
        assertThat(get(IP)).isEqualTo(2);
        StringBuilder read = new StringBuilder();
        for (long data = get(RXDATA); (data & 0x80000000L) == 0; data = get(RXDATA)) {
            read.append((char) data);
        }
        assertThat(read).hasToString("abcdefgh");
        assertThat(irq.high).isFalse();
    }

    @Test
    void theOtherEndLearnsTheSpeed() {
        put(DIV, 0xfffff120L);
        assertThat(get(DIV)).isEqualTo(0xf120);
        put(DIV, 288);
        put(TXCTRL, 3);
        assertThat(wire.events).endsWith("115340 NONE 8 1", "115340 NONE 8 2");
    }
}
