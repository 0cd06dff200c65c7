package dev.rhea.device.flash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.block.BlockBackend;
import dev.rhea.device.DeviceBench;
import dev.rhea.machine.memory.RamBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CfiFlashTest {
    private static final int SIZE = 1 << 20;
    private static final int SECTOR = 256 << 10;
    private static final long READY = 0x800080;

    private final DeviceBench bench = new DeviceBench();
    private final RamBlock block = new RamBlock("flash0", SIZE);
    private final List<Long> written = new ArrayList<>();
    private @Nullable CfiFlash flash;

    @AfterEach
    void close() {
        if (flash != null) {
            flash.close();
        }
        block.close();
        bench.close();
    }

    private CfiFlash make(@Nullable BlockBackend drive) {
        try {
            CfiFlash made = new CfiFlash(block, SECTOR, (host, bytes) -> written.add(bytes), drive);
            flash = made;
            bench.place(0, made.region());
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void command(long address, int command) {
        bench.write(address, command | (long) command << 16, 4);
    }

    private long get(long address) {
        return bench.read(address, 4);
    }

    @Test
    void theArrayIsMemoryThatGuestsRunFromUntilACommandHidesIt() {
        make(null);
        assertThat(bench.memory.host(0x1000, 0x1000)).isEqualTo(block.address() + 0x1000);
        assertThat(bench.memory.writableHost(0x1000, 4)).isZero();
        assertThat(bench.memory.describe().getFirst()).contains("romd");
        command(0, 0x70);
        assertThat(bench.memory.host(0x1000, 4)).isZero();
        assertThat(get(0x1234)).isEqualTo(READY);
        command(0, 0xff);
        assertThat(bench.memory.host(0x1000, 4)).isNotZero();
    }

    @Test
    void theQueryTableTellsSizesAsTheReferencesDoes() {
        make(null);
        command(0x55 << 2, 0x98);
        StringBuilder text = new StringBuilder();
        for (int word : new int[] {0x10, 0x11, 0x12, 0x31, 0x32, 0x33, 0x34, 0x35}) {
            assertThat(get(4L * word) >> 16).isEqualTo(get(4L * word) & 0xffff);
            text.append((char) bench.read(4L * word, 2));
        }
        assertThat(text).hasToString("QRYPRI10");
        assertThat(1 << (get(0x27 << 2) & 0xff)).isEqualTo(SIZE / 2);
        assertThat((get(0x2d << 2) & 0xff) + 1).isEqualTo(SIZE / SECTOR);
        assertThat(((get(0x30 << 2) & 0xff) << 8 | get(0x2f << 2) & 0xff) * 256).isEqualTo(SECTOR / 2);
        assertThat(bench.read(0x10 << 2, 8)).isEqualTo(0x52005200510051L);
        command(0, 0x90);
        assertThat(get(0)).isEqualTo(0x890089);
        assertThat(get(4)).isEqualTo(0x180018);
        assertThat(get(8)).isZero();
    }

    @Test
    void thePairOfVirtTellsOfItselfWordForWordWhatTheReferencesDoes() throws IOException {
        int[] expected = {
            0x51, 0x52, 0x59, 0x01, 0x00, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x45, 0x55, 0x00, 0x00, 0x07, 0x07, 0x0a,
            0x00, 0x04, 0x04, 0x04, 0x00, 0x18, 0x02, 0x00, 0x0b, 0x00, 0x01, 0x7f, 0x00, 0x00, 0x02, 0x50, 0x52, 0x49,
            0x31, 0x30, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00
        };
        try (RamBlock bank = new RamBlock("virt.flash0", 32 << 20);
                CfiFlash pair = new CfiFlash(bank, 256 << 10, (host, bytes) -> {}, null)) {
            bench.place(0x2000_0000, pair.region());
            command(0x2000_0000 + (0x55 << 2), 0x98);
            for (int i = 0; i < expected.length; i++) {
                assertThat(get(0x2000_0000 + (0x10 + i << 2)))
                        .as("word 0x%x", 0x10 + i)
                        .isEqualTo(expected[i] * 0x10001L);
            }
        }
    }

    @Test
    void aWordIsProgrammedAndASectorErased() {
        make(null);
        command(16, 0x40);
        bench.write(16, 0x12345678, 4);
        assertThat(get(16)).isEqualTo(READY);
        command(0, 0xff);
        assertThat(get(16)).isEqualTo(0x12345678);
        command(SECTOR, 0x20);
        command(SECTOR, 0xd0);
        command(0, 0xff);
        assertThat(get(16)).isEqualTo(0x12345678);
        assertThat(get(SECTOR)).isEqualTo(0xffffffffL);
        assertThat(get(2 * SECTOR - 4)).isEqualTo(0xffffffffL);
        assertThat(get(2 * SECTOR)).isZero();
        assertThat(written).containsExactly(4L, (long) SECTOR);
    }

    @Test
    void theBufferIsProgrammedAfterItsConfirmation() {
        make(null);
        command(0x100, 0xe8);
        assertThat(get(0x100)).isEqualTo(READY);
        command(0x100, 3);
        for (int i = 0; i < 4; i++) {
            bench.write(0x100 + 4 * i, 0x11111111 * (i + 1), 4);
        }
        command(0x100, 0xd0);
        assertThat(get(0x100)).isEqualTo(READY);
        command(0, 0xff);
        assertThat(get(0x100)).isEqualTo(0x11111111);
        assertThat(get(0x10c)).isEqualTo(0x44444444);
        assertThat(get(0x110)).isZero();
    }

    @Test
    void aBufferThatIsTooLargeOrCrossesItsWindowFails() {
        make(null);
        command(0, 0xe8);
        command(0, 0x400);
        assertThat(get(0)).isEqualTo(0xb000b0);
        command(0, 0x50);
        command(0xffc, 0xe8);
        command(0xffc, 1);
        bench.write(0xffc, 5, 4);
        bench.write(0x1000, 6, 4);
        command(0xffc, 0xd0);
        assertThat(get(0)).isEqualTo(0x900090);
        command(0, 0xff);
        assertThat(get(0xffc)).isZero();
    }

    @Test
    void aLockedSectorChangesOnlyAfterItIsUnlocked() {
        make(null);
        command(SECTOR, 0x60);
        command(SECTOR, 0x01);
        command(SECTOR, 0x90);
        assertThat(get(SECTOR + 8)).isEqualTo(0x10001);
        command(SECTOR, 0x40);
        bench.write(SECTOR, 7, 4);
        assertThat(get(0)).isEqualTo(0x920092);
        command(0, 0x50);
        command(SECTOR, 0x20);
        command(SECTOR, 0xd0);
        assertThat(get(0)).isEqualTo(0xa200a2);
        command(0, 0x50);
        command(SECTOR, 0x60);
        command(SECTOR, 0xd0);
        command(SECTOR, 0x40);
        bench.write(SECTOR, 7, 4);
        assertThat(get(0)).isEqualTo(READY);
        command(0, 0xff);
        assertThat(get(SECTOR)).isEqualTo(7);
    }

    @Test
    void whatIsNotConfirmedIsBrokenOff() {
        make(null);
        command(0, 0x20);
        command(0, 0xff);
        assertThat(get(0)).isZero();
        command(0, 0x70);
        assertThat(get(0)).isEqualTo(0xb000b0);
        command(0, 0x50);
        assertThat(get(0)).isEqualTo(READY);
    }

    @Test
    void whatIsProgrammedIsOnTheDriveWhenTheFlashIsClosed() {
        MemoryDrive drive = new MemoryDrive(SIZE - 512, false);
        drive.content[3] = 9;
        CfiFlash made = make(drive);
        assertThat(get(0)).isEqualTo(9 << 24);
        assertThat(get(SIZE - 4)).isEqualTo(0xffffffffL);
        for (long address : new long[] {0x5000, 0x9ffc, SIZE - 516, SIZE - 4}) {
            command(address, 0x40);
            bench.write(address, 0x61626364, 4);
        }
        made.close();
        assertThat(drive.content[0x5000]).isEqualTo((byte) 0x64);
        assertThat(drive.content[0x9fff]).isEqualTo((byte) 0x61);
        assertThat(drive.content[SIZE - 513]).isEqualTo((byte) 0x61);
    }

    @Test
    void aReadOnlyDriveRefusesToBeProgrammed() {
        make(new MemoryDrive(SIZE, true));
        command(0, 0x40);
        bench.write(0, 1, 4);
        assertThat(get(0)).isEqualTo(0x920092);
        command(0, 0xff);
        assertThat(get(0)).isZero();
    }

    @Test
    void resetShowsTheArray() {
        CfiFlash made = make(null);
        command(0, 0xe8);
        bench.locked(made::reset);
        assertThat(get(0)).isZero();
        command(0, 0x70);
        assertThat(get(0)).isEqualTo(READY);
    }

    @Test
    void sizesArePowersOfTwo() {
        assertThatThrownBy(() -> new CfiFlash(block, 3000, (host, bytes) -> {}, null))
                .hasMessageContaining("no flash");
    }
}
