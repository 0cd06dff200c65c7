package dev.rhea.board.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.BootConfiguration;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What firmware reads of a machine's options, through the registers of {@code virt}'s fw_cfg. */
class FirmwareFilesTest {
    private static final long DATA = VirtMap.FW_CFG;
    private static final long SELECTOR = VirtMap.FW_CFG + 8;
    private static final int DIRECTORY = 0x19;

    private static byte[] next(Machine vm, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = vm.memory().read(DATA, 1)[0];
        }
        return bytes;
    }

    private static void select(Machine vm, int key) {
        vm.memory().write(SELECTOR, new byte[] {(byte) (key >> 8), (byte) key});
    }

    private static Map<String, byte[]> files(MachineBuilder builder) throws Exception {
        try (Machine vm = builder.build()) {
            select(vm, DIRECTORY);
            int count = ByteBuffer.wrap(next(vm, 4)).getInt();
            ByteBuffer directory = ByteBuffer.wrap(next(vm, 64 * count));
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (int at = 0; at < 64 * count; at += 64) {
                select(vm, directory.getShort(at + 4));
                String name = new String(directory.array(), at + 8, 56, StandardCharsets.US_ASCII);
                files.put(name.substring(0, name.indexOf('\0')), next(vm, directory.getInt(at)));
            }
            return files;
        }
    }

    private static MachineBuilder virt() {
        return Machine.of("riscv64", "virt").memory(64 << 20);
    }

    @Test
    void timesOfTheBootMenuAreLittleEndianMilliseconds() throws Exception {
        Map<String, byte[]> files = files(virt().bootConfiguration(new BootConfiguration(false, 1500, 1234, false)));
        assertThat(files.get("etc/boot-menu-wait")).containsExactly(0xdc, 0x05);
        assertThat(files.get("etc/boot-fail-wait")).containsExactly(0xd2, 0x04, 0, 0);
    }

    @Test
    void withoutThemFirmwareDecidesAndNeverStartsAgain() throws Exception {
        Map<String, byte[]> files = files(virt());
        assertThat(files).containsOnlyKeys("bios-geometry", "bootorder", "etc/boot-fail-wait");
        assertThat(files.get("etc/boot-fail-wait")).containsExactly(-1, -1, -1, -1);
    }
}
