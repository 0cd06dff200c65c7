package dev.rhea.engine.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.host.RawMemory;
import org.junit.jupiter.api.Test;

class TlbTest {
    private static final long PAGE = 0x7000;
    /** Pages whose entry is the same. */
    private static final long OTHER = PAGE + (long) Tlb.ENTRIES * Mmu.PAGE_SIZE;

    private static final long THIRD = OTHER + (long) Tlb.ENTRIES * Mmu.PAGE_SIZE;

    private final Tlb tlb = new Tlb();

    private boolean owns(long address) {
        return RawMemory.getLong(tlb.entry(address) + Tlb.READ_TAG) == (address & Mmu.PAGE_MASK);
    }

    @Test
    void aPageThatLosesItsEntryIsBesideIt() {
        tlb.fillRead(PAGE + 8, 0x1008);
        tlb.fillRead(OTHER + 8, 0x2008);
        assertThat(owns(OTHER)).isTrue();
        assertThat(tlb.readableBeside(PAGE + 24)).isEqualTo(0x1018);
        assertThat(tlb.readableBeside(OTHER)).as("in its own entry").isEqualTo(Mmu.DEVICE);
        assertThat(tlb.writableBeside(PAGE)).as("another right").isEqualTo(Mmu.DEVICE);
        tlb.fillRead(THIRD, 0x3000);
        assertThat(tlb.readableBeside(OTHER)).isEqualTo(0x2000);
        assertThat(tlb.readableBeside(PAGE)).isEqualTo(Mmu.DEVICE);
    }

    @Test
    void aPageThatIsEnteredAgainMovesNothing() {
        tlb.fillWrite(PAGE, 0x1000);
        tlb.fillWrite(OTHER, 0x2000);
        tlb.fillWrite(OTHER, 0x4000);
        assertThat(tlb.writableBeside(PAGE)).isEqualTo(0x1000);
    }

    @Test
    void onePageIsForgottenInBothEntries() {
        tlb.fillRead(PAGE, 0x1000);
        tlb.fillRead(OTHER, 0x2000);
        tlb.flushPage(PAGE);
        assertThat(tlb.readableBeside(PAGE)).isEqualTo(Mmu.DEVICE);
        assertThat(owns(PAGE)).isFalse();
    }

    @Test
    void aHostPageIsTakenFromBothEntries() {
        tlb.fillWrite(PAGE, 0x1000);
        tlb.fillWrite(OTHER, 0x2000);
        tlb.revokeWrites(0x1000);
        assertThat(tlb.writableBeside(PAGE)).isEqualTo(Mmu.DEVICE);
        assertThat(RawMemory.getLong(tlb.entry(OTHER) + Tlb.WRITE_TAG)).isEqualTo(OTHER);
    }

    @Test
    void aHostPageThatWasEnteredAnywhereIsTakenAway() {
        for (long page = 0; page < 5000; page++) {
            tlb.fillWrite(PAGE, page << 12);
            tlb.revokeWrites(page + 4096 << 12);
            assertThat(RawMemory.getLong(tlb.entry(PAGE) + Tlb.WRITE_TAG))
                    .as("another page")
                    .isEqualTo(PAGE);
            tlb.revokeWrites(page << 12);
            assertThat(RawMemory.getLong(tlb.entry(PAGE) + Tlb.WRITE_TAG)).isEqualTo(Tlb.NONE);
        }
    }

    /** The check of an access that crosses pages compares the next page's address in the first page's entry. */
    @Test
    void theNextPageIsNeverBeside() {
        for (long page = 0; page < 2L * Tlb.ENTRIES * Mmu.PAGE_SIZE; page += Mmu.PAGE_SIZE) {
            long own = tlb.entry(page) - tlb.base;
            long next = tlb.entry(page + Mmu.PAGE_SIZE) - tlb.base;
            assertThat(next).isNotEqualTo(own).isNotEqualTo(own ^ Tlb.BESIDE);
        }
    }

    @Test
    void aDevicesPageIsKnownForWhatItWasEnteredFor() {
        tlb.fillDevice(PAGE + 4, 0x1000_0004L, false, tlb.epoch());
        assertThat(tlb.device(PAGE + 16, false)).isEqualTo(0x1000_0010L);
        assertThat(tlb.device(PAGE + 16, true)).isEqualTo(Tlb.UNKNOWN);
        tlb.flushPage(PAGE);
        assertThat(tlb.device(PAGE + 16, false)).isEqualTo(Tlb.UNKNOWN);
        tlb.fillDevice(PAGE, 0x1000_0000L, true, tlb.epoch());
        tlb.flush();
        assertThat(tlb.device(PAGE, true)).isEqualTo(Tlb.UNKNOWN);
        int before = tlb.epoch();
        tlb.shootPage(0);
        tlb.fillDevice(PAGE, 0x1000_0000L, true, before);
        assertThat(tlb.device(PAGE, true))
                .as("looked up before something was taken away")
                .isEqualTo(Tlb.UNKNOWN);
    }
}
