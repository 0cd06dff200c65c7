package dev.rhea.device.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SifiveSpiTest {
    private static final int CSID = 0x10;
    private static final int CSMODE = 0x18;
    private static final int FMT = 0x40;
    private static final int TXDATA = 0x48;
    private static final int RXDATA = 0x4c;

    private final DeviceBench bench = new DeviceBench();
    private final DeviceBench.Probe irq = new DeviceBench.Probe();
    private final List<String> seen = new ArrayList<>();
    private final SifiveSpi spi = new SifiveSpi(
            List.of(SpiChip.ABSENT, new SpiChip() {
                @Override
                public void select(boolean active) {
                    seen.add(active ? "select" : "deselect");
                }

                @Override
                public int exchange(int out) {
                    seen.add("byte " + out);
                    return out + 1 & 0xff;
                }
            }),
            irq);

    @BeforeEach
    void place() {
        bench.place(0, spi.region());
        bench.locked(spi::reset);
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
    void eachFrameIsATransferInAutoMode() {
        put(CSID, 1);
        put(TXDATA, 5);
        put(TXDATA, 6);
        assertThat(seen).containsExactly("select", "byte 5", "deselect", "select", "byte 6", "deselect");
        assertThat(get(RXDATA)).isEqualTo(6);
        assertThat(get(RXDATA)).isEqualTo(7);
        assertThat(get(RXDATA)).isEqualTo(0x80000000L);
    }

    @Test
    void holdKeepsTheChipSelectedUntilTheModeChanges() {
        put(CSID, 1);
        put(CSMODE, 2);
        put(TXDATA, 5);
        put(TXDATA, 6);
        put(CSMODE, 0);
        assertThat(seen).containsExactly("select", "byte 5", "byte 6", "deselect");
    }

    @Test
    void theSameValuesAgainDoNotEndAHold() {
        put(CSID, 1);
        put(CSMODE, 2);
        put(TXDATA, 5);
        put(CSID, 1);
        put(0x14, 3);
        put(CSMODE, 2);
        put(0x14, 2);
        put(TXDATA, 6);
        put(0x14, 0);
        assertThat(seen).containsExactly("select", "byte 5", "byte 6", "deselect");
    }

    @Test
    void withoutChipSelectNobodyAnswers() {
        put(CSMODE, 3);
        put(CSID, 1);
        put(TXDATA, 5);
        put(CSMODE, 0);
        put(CSID, 7);
        put(TXDATA, 5);
        assertThat(seen).isEmpty();
        assertThat(get(RXDATA)).isEqualTo(0xff);
    }

    @Test
    void sendingOnlyReceivesNothing() {
        put(CSID, 1);
        put(FMT, 8 << 16 | 1 << 3);
        put(TXDATA, 5);
        assertThat(get(RXDATA)).isEqualTo(0x80000000L);
        assertThat(seen).contains("byte 5");
    }

    @Test
    void watermarksInterrupt() {
        put(0x54, 1);
        put(0x70, 2);
        put(TXDATA, 0);
        assertThat(irq.high).isFalse();
        put(TXDATA, 0);
        assertThat(irq.high).isTrue();
        get(RXDATA);
        assertThat(irq.high).isFalse();
        put(0x50, 1);
        put(0x70, 1);
        assertThat(irq.high).isTrue();
        assertThat(get(0x74)).isEqualTo(1);
    }
}
