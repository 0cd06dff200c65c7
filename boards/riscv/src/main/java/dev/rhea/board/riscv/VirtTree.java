package dev.rhea.board.riscv;

import static dev.rhea.board.riscv.VirtMap.*;

import dev.rhea.board.Topology;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.board.fdt.Node;

/**
 * The device tree of {@code virt}, with the bindings of Linux's Documentation/devicetree. Interrupt controllers have the phandles
 * of {@link #plic} and {@link #hart}.
 */
final class VirtTree {
    /** Interrupts of a hart's own controller: privileged manual, {@code mip}. */
    private static final int SUPERVISOR_EXTERNAL = 9;

    private static final int MACHINE_EXTERNAL = 11;
    private static final int MACHINE_SOFTWARE = 3;
    private static final int MACHINE_TIMER = 7;

    private static final int PCI_IO = 0x0100_0000;
    private static final int PCI_MEMORY_32 = 0x0200_0000;
    private static final int PCI_MEMORY_64 = 0x0300_0000;

    private final Topology topology;
    private final CpuNode model;
    private final DeviceTree tree = new DeviceTree();

    VirtTree(Topology topology, CpuNode model) {
        this.topology = topology;
        this.model = model;
    }

    private static int cpu(int hart) {
        return 2 * hart + 1;
    }

    /** The phandle of a hart's interrupt controller. */
    private static int hart(int hart) {
        return 2 * hart + 2;
    }

    private int plic() {
        return 2 * topology.cpus() + 1;
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
        tree.root()
                .cells("#address-cells", 2)
                .cells("#size-cells", 2)
                .text("compatible", "riscv-virtio")
                .text("model", "riscv-virtio,qemu");
        tree.root().child("memory", RAM).text("device_type", "memory").longs("reg", RAM, memory);
        cpus();
        firmwareDevices();
        Node soc = tree.root()
                .child("soc")
                .cells("#address-cells", 2)
                .cells("#size-cells", 2)
                .text("compatible", "simple-bus")
                .flag("ranges");
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

    private void cpus() {
        Node cpus = tree.root()
                .child("cpus")
                .cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .cells("timebase-frequency", TIMEBASE);
        Node map = cpus.child("cpu-map");
        for (int i = 0; i < topology.cpus(); i++) {
            Node cpu = cpus.child("cpu", i)
                    .cells("phandle", cpu(i))
                    .text("device_type", "cpu")
                    .cells("reg", i)
                    .text("status", "okay")
                    .text("compatible", "riscv");
            model.describe(cpu);
            cpu.child("interrupt-controller")
                    .cells("#interrupt-cells", 1)
                    .flag("interrupt-controller")
                    .text("compatible", "riscv,cpu-intc")
                    .cells("phandle", hart(i));
            int perSocket = topology.cores() * topology.threads();
            Node core = map.child("cluster" + i / perSocket).child("core" + i % perSocket / topology.threads());
            (topology.threads() > 1 ? core.child("thread" + i % topology.threads()) : core).cells("cpu", cpu(i));
        }
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
        int harts = topology.cpus();
        int[] external = new int[4 * harts];
        int[] local = new int[4 * harts];
        for (int i = 0; i < harts; i++) {
            int[] pins = {hart(i), MACHINE_EXTERNAL, hart(i), SUPERVISOR_EXTERNAL};
            System.arraycopy(pins, 0, external, 4 * i, 4);
            int[] own = {hart(i), MACHINE_SOFTWARE, hart(i), MACHINE_TIMER};
            System.arraycopy(own, 0, local, 4 * i, 4);
        }
        soc.child("plic", PLIC)
                .cells("phandle", plic())
                .cells("riscv,ndev", PLIC_SOURCES - 1)
                .longs("reg", PLIC, PLIC_SIZE)
                .cells("interrupts-extended", external)
                .flag("interrupt-controller")
                .text("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                .cells("#address-cells", 0)
                .cells("#interrupt-cells", 1);
        soc.child("clint", CLINT)
                .longs("reg", CLINT, CLINT_SIZE)
                .cells("interrupts-extended", local)
                .text("compatible", "sifive,clint0", "riscv,clint0");
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
        long high = pciHigh(memory);
        soc.child("pci", PCI_CONFIG)
                .cells("interrupt-map-mask", 0x1800, 0, 0, 7)
                .cells("interrupt-map", map)
                .cells(
                        "ranges",
                        cells(
                                new long[] {PCI_IO, 0, PCI_PORTS, PCI_PORTS_SIZE},
                                new long[] {PCI_MEMORY_32, PCI_MEMORY, PCI_MEMORY, PCI_MEMORY_SIZE},
                                new long[] {PCI_MEMORY_64, high, high, PCI_HIGH_SIZE}))
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
