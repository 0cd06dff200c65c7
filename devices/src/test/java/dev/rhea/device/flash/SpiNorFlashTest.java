package dev.rhea.device.flash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.RamBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpiNorFlashTest {
    private final RamBlock block = new RamBlock("nor", SpiNorFlash.SIZE);
    private final SpiNorFlash flash = erased();

    private SpiNorFlash erased() {
        try {
            return new SpiNorFlash(block, null);
        } catch (BadDeviceException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        flash.close();
        block.close();
    }

    /** One instruction. @return what came while the last {@code answer} bytes went out as zeros */
    private static int[] run(SpiNorFlash on, int answer, int... out) {
        on.select(true);
        for (int each : out) {
            on.exchange(each);
        }
        int[] in = new int[answer];
        for (int i = 0; i < answer; i++) {
            in[i] = on.exchange(0);
        }
        on.select(false);
        return in;
    }

    private int[] run(int answer, int... out) {
        return run(flash, answer, out);
    }

    private void enabled(int... out) {
        run(0, 0x06);
        run(0, out);
    }

    private int read(int address) {
        return run(1, 0x13, address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)[0];
    }

    @Test
    void itSaysWhoItIs() {
        assertThat(run(3, 0x9f)).containsExactly(0x9d, 0x70, 0x19);
        assertThat(run(1, 0xab, 0, 0, 0)).containsExactly(0x18);
    }

    @Test
    void programmingClearsBitsAndErasingSetsThem() {
        assertThat(read(0x1000)).isEqualTo(0xff);
        enabled(0x02, 0, 0x10, 0, 0xf0, 0x3c);
        enabled(0x02, 0, 0x10, 0, 0x3c);
        assertThat(run(2, 0x03, 0, 0x10, 0)).containsExactly(0x30, 0x3c);
        enabled(0x20, 0, 0x1f, 0xff);
        assertThat(run(2, 0x03, 0, 0x10, 0)).containsExactly(0xff, 0xff);
    }

    @Test
    void nothingChangesThatWasNotEnabled() {
        run(0, 0x02, 0, 0, 0, 0);
        assertThat(read(0)).isEqualTo(0xff);
        run(0, 0x06);
        assertThat(run(1, 0x05)).containsExactly(2);
        run(0, 0x04);
        assertThat(run(1, 0x05)).containsExactly(0);
        enabled(0x02, 0, 0, 0, 0);
        assertThat(run(1, 0x05)).as("each change has to be enabled").containsExactly(0);
        assertThat(read(0)).isZero();
    }

    @Test
    void aPageGoesOnAtItsStart() {
        enabled(0x02, 0, 0, 0xfe, 1, 2, 3);
        assertThat(run(3, 0x03, 0, 0, 0xfe)).containsExactly(1, 2, 0xff);
        assertThat(read(0)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0x0b, 1", "0x3b, 1", "0x6b, 1", "0xbb, 1", "0xeb, 3"})
    void fastReadsHaveDummyBytes(String opcode, int dummies) {
        enabled(0x02, 0, 0x20, 0, 0x12, 0x34);
        int[] out = new int[4 + dummies];
        out[0] = Integer.decode(opcode);
        out[2] = 0x20;
        assertThat(run(2, out)).containsExactly(0x12, 0x34);
    }

    @Test
    void whatIsAbove16MegabytesHasAddressesOfFourBytesOrABank() {
        enabled(0x12, 1, 0, 0, 5, 0x77);
        assertThat(read(0x1000005)).isEqualTo(0x77);
        assertThat(run(1, 0x03, 0, 0, 5)).containsExactly(0xff);
        run(0, 0xb7);
        assertThat(run(1, 0x03, 1, 0, 0, 5)).containsExactly(0x77);
        assertThat(run(1, 0x16)).containsExactly(0x80);
        run(0, 0x29);
        run(0, 0x17, 1);
        assertThat(run(1, 0x03, 0, 0, 5)).containsExactly(0x77);
        run(0, 0x66);
        run(0, 0x99);
        assertThat(run(1, 0x03, 0, 0, 5)).as("after reset").containsExactly(0xff);
    }

    @Test
    void erasesAreOfTheirSize() {
        for (int address : new int[] {0, 0x7fff, 0x8000, 0xffff, 0x10000, 0x1fffff0}) {
            enabled(0x12, address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255, 0);
        }
        enabled(0x52, 0, 0x12, 0x34);
        assertThat(read(0x7fff)).isEqualTo(0xff);
        assertThat(read(0x8000)).isZero();
        enabled(0xd8, 0, 0, 0);
        assertThat(read(0xffff)).isEqualTo(0xff);
        assertThat(read(0x10000)).isZero();
        enabled(0xc7);
        assertThat(read(0x10000)).isEqualTo(0xff);
        assertThat(read(0x1fffff0)).isEqualTo(0xff);
    }

    @Test
    void protectedBlocksStayAsTheyAre() {
        enabled(0x01, 0x02 << 2); // the last two blocks of 64 KiB
        assertThat(run(1, 0x05)).containsExactly(0x08);
        enabled(0x12, 1, 0xfe, 0, 0, 0);
        assertThat(read(0x1fe0000)).isEqualTo(0xff);
        enabled(0x12, 1, 0xfd, 0xff, 0xff, 0);
        assertThat(read(0x1fdffff)).isZero();
        enabled(0xc7);
        assertThat(read(0x1fdffff)).as("nor is the chip erased").isZero();
        enabled(0x42, 0x02); // from the bottom
        enabled(0x12, 1, 0xfe, 0, 0, 0);
        assertThat(read(0x1fe0000)).isZero();
        enabled(0x12, 0, 1, 0, 0, 0);
        assertThat(read(0x10000)).isEqualTo(0xff);
    }

    @Test
    void itsParametersCanBeDiscovered() {
        int[] in = run(0x78, 0x5a, 0, 0, 0, 0);
        byte[] bytes = new byte[in.length];
        for (int i = 0; i < in.length; i++) {
            bytes[i] = (byte) in[i];
        }
        ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(bytes, 0, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("SFDP");
        int basic = table.getInt(12) & 0xffffff;
        assertThat(table.getInt(basic + 4)).as("bits, less one").isEqualTo((int) (8 * SpiNorFlash.SIZE - 1));
        assertThat(table.getInt(basic + 28)).as("erases").isEqualTo(0x520f200c);
        int fourByte = table.getInt(20) & 0xffffff;
        assertThat(table.getInt(fourByte + 4)).isEqualTo(0xffdc5c21);
    }

    @Test
    void inPowerDownItOnlyListensForItsEnd() {
        run(0, 0xb9);
        assertThat(run(1, 0x9f)).containsExactly(0xff);
        run(0, 0xab, 0, 0, 0);
        assertThat(run(1, 0x9f)).containsExactly(0x9d);
    }

    @Test
    void whatADriveHoldsIsInItAndWhatIsProgrammedIsOnTheDrive() throws Exception {
        MemoryDrive drive = new MemoryDrive((int) SpiNorFlash.SIZE, false);
        drive.content[5] = 0x5a;
        RamBlock cells = new RamBlock("driven", SpiNorFlash.SIZE);
        SpiNorFlash driven = new SpiNorFlash(cells, drive);
        assertThat(run(driven, 1, 0x03, 0, 0, 5)).containsExactly(0x5a);
        run(driven, 0, 0x06);
        run(driven, 0, 0x20, 0, 0, 0);
        run(driven, 0, 0x06);
        run(driven, 0, 0x02, 0, 0, 0, 0x11);
        driven.close();
        cells.close();
        byte[] sector = new byte[4096];
        Arrays.fill(sector, (byte) 0xff);
        sector[0] = 0x11;
        assertThat(Arrays.copyOf(drive.content, 4096)).isEqualTo(sector);
        assertThat(drive.content[4096]).isZero();
    }

    @Test
    void aDriveThatHoldsTooLittleIsRefused() {
        assertThatThrownBy(() -> new SpiNorFlash(block, new MemoryDrive(1 << 20, false)))
                .isInstanceOf(BadDeviceException.class)
                .hasMessage("failed to read the initial flash content");
    }
}
