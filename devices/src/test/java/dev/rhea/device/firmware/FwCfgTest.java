package dev.rhea.device.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.device.DeviceBench;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FwCfgTest {
    private static final long DATA = 0;
    private static final long SELECTOR = 8;
    private static final long DMA = 16;
    private static final long REQUEST = DeviceBench.RAM + 0x100;
    private static final long BUFFER = DeviceBench.RAM + 0x200;

    private final DeviceBench bench = new DeviceBench();
    private final FwCfgItems items = new FwCfgItems();
    private final FwCfg device = new FwCfg(items, bench.memory);

    @BeforeEach
    void place() {
        bench.place(0, device.region());
        bench.ram(0x1000);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void select(int number) {
        bench.write(SELECTOR, Short.reverseBytes((short) number) & 0xffff, 2);
    }

    private String text(int length) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < length; i++) {
            result.append((char) bench.read(DATA, 1));
        }
        return result.toString();
    }

    private long dma(int control, int length, long address) {
        bench.write(REQUEST, Integer.reverseBytes(control) & 0xffffffffL, 4);
        bench.write(REQUEST + 4, Integer.reverseBytes(length) & 0xffffffffL, 4);
        bench.write(REQUEST + 8, Long.reverseBytes(address), 8);
        bench.write(DMA, Long.reverseBytes(REQUEST), 8);
        return Integer.reverseBytes((int) bench.read(REQUEST, 4));
    }

    @Test
    void anItemIsReadByteByByteAndThenAsZeros() {
        select(FwCfgItems.SIGNATURE);
        assertThat(text(6)).isEqualTo("QEMU\0\0");
        select(FwCfgItems.ID);
        assertThat(bench.read(DATA, 4)).isEqualTo(3);
        select(FwCfgItems.SIGNATURE | 0x4000);
        assertThat(bench.read(DATA, 8)).isEqualTo(0x554d4551L);
        select(0xffff);
        assertThat(bench.read(DATA, 8)).isZero();
    }

    @Test
    void numbersAreLittleEndianAndTextsEnd() {
        items.add16(FwCfgItems.NB_CPUS, 2);
        items.add64(FwCfgItems.RAM_SIZE, 0x123456789L);
        items.addText(FwCfgItems.KERNEL_CMDLINE, "root=/dev/vda");
        items.add32(FwCfgItems.ARCH_LOCAL | 3, 7);
        select(FwCfgItems.NB_CPUS);
        assertThat(bench.read(DATA, 2)).isEqualTo(2);
        select(FwCfgItems.RAM_SIZE);
        assertThat(bench.read(DATA, 8)).isEqualTo(0x123456789L);
        select(FwCfgItems.KERNEL_CMDLINE);
        assertThat(text(14)).isEqualTo("root=/dev/vda\0");
        select(FwCfgItems.ARCH_LOCAL | 3);
        assertThat(bench.read(DATA, 4)).isEqualTo(7);
    }

    @Test
    void theDirectoryIsSortedByNameAndItsNumbersWork() {
        items.addFile("opt/b", "second".getBytes(StandardCharsets.UTF_8));
        items.addFile("etc/a", "first".getBytes(StandardCharsets.UTF_8));
        select(FwCfgItems.FILE_DIR);
        assertThat(text(4)).isEqualTo("\0\0\0\2");
        assertThat(text(64)).startsWith("\0\0\0\5\0\u0020\0\0etc/a\0").hasSize(64);
        assertThat(text(64)).startsWith("\0\0\0\6\0\u0021\0\0opt/b\0");
        assertThat(text(1)).isEqualTo("\0");
        select(0x21);
        assertThat(text(7)).isEqualTo("second\0");
    }

    @Test
    void theDmaRegisterShowsItsSignature() {
        assertThat(Long.reverseBytes(bench.read(DMA, 8))).isEqualTo(0x51454d5520434647L);
        assertThat(Integer.reverseBytes((int) bench.read(DMA + 4, 4))).isEqualTo(0x20434647);
    }

    @Test
    void dmaSelectsSkipsAndReads() {
        items.addFile("opt/x", "0123456789".getBytes(StandardCharsets.UTF_8));
        assertThat(dma(0x20 << 16 | 8 | 4, 3, 0)).isZero();
        bench.write(BUFFER + 8, -1, 8);
        assertThat(dma(2, 10, BUFFER)).isZero();
        assertThat(bench.read(BUFFER, 1)).isEqualTo('3');
        assertThat(bench.read(BUFFER + 6, 1)).isEqualTo('9');
        assertThat(bench.read(BUFFER + 8, 8)).isEqualTo(0xffffffffffff0000L);
    }

    @Test
    void anAddressInTwoHalvesStartsWithTheLowOne() {
        bench.write(REQUEST, Integer.reverseBytes(8 | 2) & 0xffffffffL, 4);
        bench.write(REQUEST + 4, Integer.reverseBytes(4) & 0xffffffffL, 4);
        bench.write(REQUEST + 8, Long.reverseBytes(BUFFER), 8);
        bench.write(DMA, 0, 4);
        bench.write(DMA + 4, Integer.reverseBytes((int) REQUEST) & 0xffffffffL, 4);
        assertThat(bench.read(REQUEST, 4)).isZero();
        assertThat(bench.read(BUFFER, 4)).isEqualTo(0x554d4551L);
    }

    @Test
    void theGuestWritesOnlyWhatIsWritableAndOnlyInside() {
        byte[] data = new byte[8];
        int[] calls = new int[2];
        items.addFile("etc/w", data, true, () -> calls[0]++, () -> calls[1]++);
        items.addFile("etc/z", new byte[8]);
        bench.write(BUFFER, 0x0807060504030201L, 8);
        assertThat(dma(0x20 << 16 | 8 | 16, 8, BUFFER)).isZero();
        assertThat(data).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(calls).containsExactly(1, 1);
        assertThat(dma(16, 1, BUFFER)).isEqualTo(1);
        assertThat(dma(0x20 << 16 | 8 | 16, -1, BUFFER)).isEqualTo(1);
        assertThat(dma(0x21 << 16 | 8 | 16, 8, BUFFER)).isEqualTo(1);
        assertThat(calls[1]).isEqualTo(1);
    }

    @Test
    void requestsOutsideOfMemoryAreErrorsOrLost() {
        assertThat(dma(8 | 2, 4, 0x7000_0000)).isEqualTo(1);
        assertThat(dma(8 | 2, -1, BUFFER)).isEqualTo(1);
        assertThat(bench.write(DMA, Long.reverseBytes(0x7000_0000), 8)).isTrue();
        assertThat(bench.write(DMA, -1, 8)).isTrue();
    }

    @Test
    void dmaToTheDevicesOwnRegistersIsAnError() {
        assertThat(dma(8 | 2, 8, DMA)).isEqualTo(1);
    }

    @Test
    void namesAreShortAndNumbersOfFilesTaken() {
        assertThatThrownBy(() -> items.addFile("x".repeat(56), new byte[0])).hasMessageContaining("1 to 55 bytes");
        assertThatThrownBy(() -> items.add(0x20, new byte[0])).hasMessageContaining("belongs to files");
    }
}
