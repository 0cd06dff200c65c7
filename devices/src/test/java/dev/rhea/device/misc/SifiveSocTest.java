package dev.rhea.device.misc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The FU540-C000's clock control, fuses and cache controller; values are those of the reference's sifive_u. */
class SifiveSocTest {
    private final DeviceBench bench = new DeviceBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void put(long address, long value) {
        bench.write(address, value, 4);
    }

    private long get(long address) {
        return bench.read(address, 4);
    }

    @Test
    void clocksAreReadyAndPllsInLockWhateverIsWritten() {
        SifivePrci prci = new SifivePrci();
        bench.place(0, prci.region());
        assertThat(get(0)).isEqualTo(0xc0000000L);
        assertThat(get(4)).isEqualTo(0x820187c1L);
        assertThat(get(0x24)).isEqualTo(1);
        for (int offset = 0; offset < 0x30; offset += 4) {
            put(offset, 0);
        }
        assertThat(get(0)).isEqualTo(0x80000000L);
        assertThat(get(0x1c)).isEqualTo(0x82000000L);
        put(0x28, 0xff);
        assertThat(get(0x28)).isEqualTo(0x2f);
        bench.locked(prci::reset);
        assertThat(get(4)).isEqualTo(0x820187c1L);
        assertThat(get(0x28)).isZero();
    }

    @Test
    void theSerialNumberIsInTheFuses() {
        bench.place(0, new SifiveOtp(0x1234).region());
        put(0, 0xfc);
        assertThat(get(0x18)).isEqualTo(0x1234);
        put(0, 0xfd);
        assertThat(get(0x18)).isEqualTo(0xffffedcbL);
        put(0, 0x1000);
        assertThat(get(0)).isZero();
        assertThat(get(0x18)).isEqualTo(0xffffffffL);
    }

    @Test
    void aFuseIsBlownOnce() {
        bench.place(0, new SifiveOtp(1).region());
        put(0x00, 7);
        put(0x04, 3);
        put(0x38, 1);
        assertThat(get(0x18)).isEqualTo(0xffffffffL);
        put(0x20, 1);
        put(0x38, 1);
        assertThat(get(0x18)).isEqualTo(0xfffffff7L);
        put(0x14, 1);
        put(0x38, 1);
        assertThat(get(0x18)).isEqualTo(0xfffffff7L);
    }

    @Test
    void theCacheTellsItsShapeAndItsWaysStayOn() {
        bench.place(0, new SifiveL2Cache().region());
        assertThat(get(0)).isEqualTo(0x06091004);
        put(8, 11);
        put(8, 3);
        assertThat(get(8)).isEqualTo(11);
        put(0x200, 0x80000000L);
        assertThat(get(0x200)).isZero();
    }
}
