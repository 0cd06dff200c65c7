package dev.rhea.board.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.board.BootConfiguration;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What firmware reads through fw_cfg, and what {@code -global} and {@code -seed} change: as a guest sees it. */
class FirmwareFactsTest {
    private static final long FW_CFG = 0x1010_0000;
    private static final long SELECTOR = FW_CFG + 8;
    private static final long DMA = FW_CFG + 16;
    private static final int ID = 1;
    private static final int BOOT_MENU = 0x0e;
    private static final int DIRECTORY = 0x19;
    private static final long VIRTIO = 0x1000_1000;
    private static final long VIRTIO_VERSION = 4;

    private static MachineBuilder virt() {
        return Machine.of("riscv64", "virt").memory(16 << 20).bios("none");
    }

    private static byte[] item(Machine machine, int number, int length) throws BusError {
        AddressSpace memory = machine.chassis().memory();
        memory.write(SELECTOR, Short.reverseBytes((short) number) & 0xffff, 2);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) memory.read(FW_CFG, 1);
        }
        return bytes;
    }

    /** A file, or null. */
    private static byte[] file(Machine machine, String name) throws BusError {
        int count = ByteBuffer.wrap(item(machine, DIRECTORY, 4)).getInt();
        ByteBuffer directory = ByteBuffer.wrap(item(machine, DIRECTORY, 4 + 64 * count));
        for (int i = 0; i < count; i++) {
            int at = 4 + 64 * i;
            String found = new String(directory.array(), at + 8, 56, StandardCharsets.US_ASCII);
            if (found.substring(0, found.indexOf(0)).equals(name)) {
                return item(machine, directory.getShort(at + 4), directory.getInt(at));
            }
        }
        return null;
    }

    @Test
    void theOrderOfDevicesIsTheOneOfTheirIndexes() throws Exception {
        try (Machine machine = virt().bootConfiguration(new BootConfiguration(false, null, -1, true))
                .device("virtio-net-device", "bootindex", "2")
                .device("virtio-net-pci", "bootindex", "0")
                .device("virtio-rng-pci")
                .device("pcie-root-port", "id", "port", "addr", "4", "chassis", "1")
                .device("virtio-net-pci", "bus", "port", "bootindex", "1")
                .build()) {
            assertThat(new String(file(machine, "bootorder"), StandardCharsets.US_ASCII))
                    .isEqualTo("/pci@ffffffffffffffff/ethernet@1/ethernet-phy@0\n"
                            + "/pci@ffffffffffffffff/pci-bridge@4/ethernet@0/ethernet-phy@0\n"
                            + "/virtio-mmio@0000000010008000/ethernet-phy@0\nHALT\0");
        }
    }

    @Test
    void withoutDevicesToBootFromThereIsNoOrder() throws Exception {
        try (Machine machine = virt().bootConfiguration(new BootConfiguration(false, null, -1, true))
                .build()) {
            assertThat(file(machine, "bootorder")).isEmpty();
        }
    }

    @Test
    void anIndexIsGivenOnce() {
        assertThatThrownBy(() -> virt().device("virtio-net-device", "bootindex", "3")
                        .device("virtio-net-pci", "bootindex", "3")
                        .build()
                        .close())
                .hasMessage("The bootindex 3 has already been used");
    }

    @Test
    void menuAndTimesAreTold() throws Exception {
        try (Machine machine = virt().bootConfiguration(new BootConfiguration(true, 1000, 5000, false))
                .build()) {
            assertThat(item(machine, BOOT_MENU, 2)).containsExactly(1, 0);
            assertThat(file(machine, "etc/boot-menu-wait")).containsExactly(0xe8, 3);
            assertThat(file(machine, "etc/boot-fail-wait")).containsExactly(0x88, 0x13, 0, 0);
        }
        try (Machine machine = virt().build()) {
            assertThat(item(machine, BOOT_MENU, 2)).containsExactly(0, 0);
            assertThat(file(machine, "etc/boot-menu-wait")).isNull();
            assertThat(file(machine, "etc/boot-fail-wait")).containsExactly(255, 255, 255, 255);
        }
    }

    @Test
    void globalsReachDevicesOfTheBoard() throws Exception {
        try (Machine machine = virt().global("virtio-mmio", "force-legacy", "false")
                .global("fw_cfg_mem", "dma_enabled", "off")
                .build()) {
            assertThat(machine.chassis().memory().read(VIRTIO + VIRTIO_VERSION, 4))
                    .isEqualTo(2);
            assertThat(item(machine, ID, 4)).containsExactly(1, 0, 0, 0);
            assertThatThrownBy(() -> machine.chassis().memory().read(DMA, 8)).isInstanceOf(BusError.class);
        }
        try (Machine machine = virt().build()) {
            assertThat(machine.chassis().memory().read(VIRTIO + VIRTIO_VERSION, 4))
                    .isEqualTo(1);
            assertThat(item(machine, ID, 4)).containsExactly(3, 0, 0, 0);
        }
    }

    @Test
    void globalsReachProcessorsAndTheirOwnOptionsComeLater() throws Exception {
        assertThat(isa(virt().global("riscv-cpu", "zbb", "false"))).doesNotContain("zbb");
        assertThat(isa(virt().global("rv64-riscv-cpu", "zbb", "false"))).doesNotContain("zbb");
        assertThat(isa(virt().global("sifive-u54-riscv-cpu", "zbb", "false"))).contains("zbb");
        assertThat(isa(virt().global("riscv-cpu", "zbb", "false").cpu("rv64,zbb=on")))
                .contains("zbb");
    }

    private static String isa(MachineBuilder builder) throws Exception {
        try (Machine machine = builder.build()) {
            byte[] text = DeviceTree.parse(Objects.requireNonNull(machine.deviceTree()))
                    .root()
                    .child("cpus")
                    .child("cpu", 0)
                    .get("riscv,isa");
            return new String(Objects.requireNonNull(text), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aSeedMakesTheKernelsRandomBytesTheSame() throws Exception {
        assertThat(seed(virt().seed(5))).isEqualTo(seed(virt().seed(5))).isNotEqualTo(seed(virt().seed(6)));
        assertThat(seed(virt())).isNotEqualTo(seed(virt())).hasSize(32);
    }

    private static byte[] seed(MachineBuilder builder) throws Exception {
        try (Machine machine = builder.build()) {
            return DeviceTree.parse(Objects.requireNonNull(machine.deviceTree()))
                    .root()
                    .child("chosen")
                    .get("rng-seed");
        }
    }
}
