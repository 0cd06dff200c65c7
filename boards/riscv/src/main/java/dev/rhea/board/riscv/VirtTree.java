package dev.rhea.board.riscv;

import static dev.rhea.board.riscv.VirtMap.*;

import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.board.fdt.Node;

/**
 * The device tree of {@code virt}, with the bindings of Linux's Documentation/devicetree.
 */
final class VirtTree {
    private static final int PCI_IO = 0x0100_0000;
    private static final int PCI_MEMORY_32 = 0x0200_0000;
    private static final int PCI_MEMORY_64 = 0x0300_0000;

    private final int xlen;
    private final CpuTree cpus;
    private final LocalInterrupts local;
    private final DeviceTree tree = DeviceTree.of("riscv-virtio", "riscv-virtio,qemu");

    VirtTree(int xlen, CpuTree cpus, LocalInterrupts local) {
        this.xlen = xlen;
        this.cpus = cpus;
        this.local = local;
    }

    private int plic() {
        return cpus.next();
    }

    private int test() {
        return plic() + 1;
    }

    /**
     * Makes it.
     *
     * @param memory bytes of RAM
     */
    DeviceTree make(long memory) {
        tree.root().child("memory", RAM).text("device_type", "memory").longs("reg", RAM, memory);
        cpus.describe(tree.root(), TIMEBASE);
        firmwareDevices();
        platformBus();
        Node soc = tree.bus("soc");
        interruptControllers(soc);
        power(soc);
        for (int i = 0; i < VIRTIO_COUNT; i++) {
            long at = VIRTIO + i * VIRTIO_STEP;
            device(soc, "virtio_mmio", at, VIRTIO_STEP, VIRTIO_IRQ + i).text("compatible", "virtio,mmio");
        }
        pci(soc, memory);
        device(soc, "serial", UART, UART_SIZE, UART_IRQ)
                .cells("clock-frequency", 3_686_400)
                .text("compatible", "ns16550a");
        device(soc, "rtc", RTC, RTC_SIZE, RTC_IRQ).text("compatible", "google,goldfish-rtc");
        tree.root().child("chosen").text("stdout-path", "/soc/serial@" + Long.toHexString(UART));
        return tree;
    }

    private Node device(Node soc, String name, long address, long size, int irq) {
        return soc.child(name, address)
                .longs("reg", address, size)
                .cells("interrupts", irq)
                .cells("interrupt-parent", plic());
    }

    /** Where the reference maps devices of the command line that know no other bus; there are none. */
    private void platformBus() {
        tree.root()
                .child("platform-bus", PLATFORM_BUS)
                .cells("interrupt-parent", plic())
                .cells("ranges", 0, 0, (int) PLATFORM_BUS, (int) PLATFORM_BUS_SIZE)
                .cells("#address-cells", 1)
                .cells("#size-cells", 1)
                .text("compatible", "qemu,platform", "simple-bus");
    }

    private void firmwareDevices() {
        tree.root()
                .child("fw-cfg", FW_CFG)
                .flag("dma-coherent")
                .longs("reg", FW_CFG, FW_CFG_SIZE)
                .text("compatible", "qemu,fw-cfg-mmio");
        tree.root()
                .child("flash", FLASH)
                .cells("bank-width", 4)
                .longs("reg", FLASH, FLASH_BANK_SIZE, FLASH + FLASH_BANK_SIZE, FLASH_BANK_SIZE)
                .text("compatible", "cfi-flash");
    }

    private void interruptControllers(Node soc) {
        soc.child("plic", PLIC)
                .cells("phandle", plic())
                .cells("riscv,ndev", PLIC_SOURCES - 1)
                .longs("reg", PLIC, PLIC_SIZE)
                .cells("interrupts-extended", cpus.externalPins())
                .flag("interrupt-controller")
                .text("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                .cells("#address-cells", 0)
                .cells("#interrupt-cells", 1);
        local.describe(soc, cpus);
    }

    private void power(Node soc) {
        soc.child("test", TEST)
                .cells("phandle", test())
                .longs("reg", TEST, TEST_SIZE)
                .text("compatible", "sifive,test1", "sifive,test0", "syscon");
        tree.root()
                .child("poweroff")
                .cells("value", 0x5555)
                .cells("offset", 0)
                .cells("regmap", test())
                .text("compatible", "syscon-poweroff");
        tree.root()
                .child("reboot")
                .cells("value", 0x7777)
                .cells("offset", 0)
                .cells("regmap", test())
                .text("compatible", "syscon-reboot");
    }

    private void pci(Node soc, long memory) {
        int[] map = new int[4 * 4 * 6];
        int at = 0;
        for (int slot = 0; slot < 4; slot++) {
            for (int pin = 0; pin < 4; pin++) {
                int[] row = {slot << 11, 0, 0, pin + 1, plic(), PCI_IRQ + (slot + pin) % 4};
                System.arraycopy(row, 0, map, at, row.length);
                at += row.length;
            }
        }
        long high = pciHigh(xlen, memory);
        soc.child("pci", PCI_CONFIG)
                .cells("interrupt-map-mask", 0x1800, 0, 0, 7)
                .cells("interrupt-map", map)
                .cells(
                        "ranges",
                        cells(
                                new long[] {PCI_IO, 0, PCI_PORTS, PCI_PORTS_SIZE},
                                new long[] {PCI_MEMORY_32, PCI_MEMORY, PCI_MEMORY, PCI_MEMORY_SIZE},
                                new long[] {PCI_MEMORY_64, high, high, pciHighSize(xlen)}))
                .longs("reg", PCI_CONFIG, PCI_CONFIG_SIZE)
                .flag("dma-coherent")
                .cells("bus-range", 0, 255)
                .cells("linux,pci-domain", 0)
                .text("device_type", "pci")
                .text("compatible", "pci-host-ecam-generic")
                .cells("#size-cells", 2)
                .cells("#interrupt-cells", 1)
                .cells("#address-cells", 3);
    }

    /** Rows of a space code and three 64-bit values as cells. */
    private static int[] cells(long[]... rows) {
        int[] result = new int[7 * rows.length];
        for (int i = 0; i < rows.length; i++) {
            result[7 * i] = (int) rows[i][0];
            for (int j = 1; j < 4; j++) {
                result[7 * i + 2 * j - 1] = (int) (rows[i][j] >>> 32);
                result[7 * i + 2 * j] = (int) rows[i][j];
            }
        }
        return result;
    }
}
