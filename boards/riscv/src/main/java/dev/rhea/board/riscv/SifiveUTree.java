package dev.rhea.board.riscv;

import static dev.rhea.board.riscv.SifiveUMap.*;

import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.board.fdt.Node;
import java.util.stream.IntStream;

/** The device tree of {@code sifive_u}, with the bindings of Linux's Documentation/devicetree. */
final class SifiveUTree {
    private static final int CLOCK_GEM = 2;
    private static final int CLOCK_TL = 3;
    private static final int ACTIVE_LOW = 1;

    private final CpuTree cpus;
    private final LocalInterrupts local;
    private final DeviceTree tree = DeviceTree.of("sifive,hifive-unleashed-a00", "SiFive HiFive Unleashed A00");

    // phandles
    private final int hfclk;
    private final int rtcclk;
    private final int prci;
    private final int plic;
    private final int gpio;
    private final int phy;
    private final byte[] mac;

    /** @param mac the Ethernet controller's address */
    SifiveUTree(CpuTree cpus, LocalInterrupts local, byte[] mac) {
        this.mac = mac.clone();
        this.cpus = cpus;
        this.local = local;
        hfclk = cpus.next();
        rtcclk = hfclk + 1;
        prci = hfclk + 2;
        plic = hfclk + 3;
        gpio = hfclk + 4;
        phy = hfclk + 5;
    }

    /** Makes it. @param memory bytes of RAM */
    DeviceTree make(long memory) {
        tree.root().child("chosen").text("stdout-path", "/soc/serial@10010000");
        tree.root()
                .child("aliases")
                .text("serial0", "/soc/serial@10010000")
                .text("serial1", "/soc/serial@10011000")
                .text("ethernet0", "/soc/ethernet@10090000");
        tree.root()
                .child("gpio-restart")
                .text("compatible", "gpio-restart")
                .cells("gpios", gpio, RESTART_PIN, ACTIVE_LOW);
        cpus.describe(tree.root(), TIMEBASE);
        tree.root().child("memory", RAM).text("device_type", "memory").longs("reg", RAM, memory);
        clock("rtcclk", TIMEBASE, rtcclk);
        clock("hfclk", HFCLK, hfclk);
        Node soc = tree.bus("soc");
        clocked(soc, "serial", UART0, "sifive,uart0", UART0_IRQ, 1);
        clocked(soc, "serial", UART1, "sifive,uart0", UART1_IRQ, 1);
        clocked(soc, "pwm", PWM0, "sifive,pwm0", PWM0_IRQ, PWM_IRQS).cells("#pwm-cells", 0);
        clocked(soc, "pwm", PWM1, "sifive,pwm0", PWM1_IRQ, PWM_IRQS).cells("#pwm-cells", 0);
        ethernet(soc);
        spi(soc);
        caches(soc);
        clocked(soc, "gpio", GPIO, "sifive,gpio0", GPIO_IRQ, GPIO_PINS)
                .flag("gpio-controller")
                .cells("#gpio-cells", 2)
                .flag("interrupt-controller")
                .cells("#interrupt-cells", 2)
                .cells("phandle", gpio);
        controllers(soc);
        local.describe(soc, cpus);
        return tree;
    }

    private void clock(String name, int frequency, int phandle) {
        tree.root()
                .child(name)
                .cells("#clock-cells", 0)
                .text("compatible", "fixed-clock")
                .cells("clock-frequency", frequency)
                .text("clock-output-names", name)
                .cells("phandle", phandle);
    }

    private Node device(Node soc, String name, long at, String compatible, int irq, int irqs) {
        return soc.child(name, at)
                .text("compatible", compatible)
                .longs("reg", at, PAGE)
                .cells("interrupt-parent", plic)
                .cells("interrupts", IntStream.range(irq, irq + irqs).toArray());
    }

    private Node clocked(Node soc, String name, long at, String compatible, int irq, int irqs) {
        return device(soc, name, at, compatible, irq, irqs).cells("clocks", prci, CLOCK_TL);
    }

    private void ethernet(Node soc) {
        soc.child("ethernet", GEM)
                .text("compatible", "sifive,fu540-c000-gem")
                .longs("reg", GEM, GEM_SIZE, GEM_MANAGEMENT, PAGE)
                .text("reg-names", "control")
                .text("phy-mode", "gmii")
                .cells("phy-handle", phy)
                .cells("interrupt-parent", plic)
                .cells("interrupts", GEM_IRQ)
                .cells("clocks", prci, CLOCK_GEM, prci, CLOCK_GEM)
                .text("clock-names", "pclk", "hclk")
                .bytes("local-mac-address", mac)
                .cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .child("ethernet-phy", 0)
                .cells("phandle", phy)
                .cells("reg", 0);
    }

    private void spi(Node soc) {
        clocked(soc, "spi", QSPI0, "sifive,spi0", QSPI0_IRQ, 1)
                .cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .child("flash", 0)
                .text("compatible", "jedec,spi-nor")
                .cells("reg", 0)
                .cells("spi-max-frequency", 50_000_000)
                .flag("m25p,fast-read")
                .cells("spi-tx-bus-width", 4)
                .cells("spi-rx-bus-width", 4);
        clocked(soc, "spi", QSPI2, "sifive,spi0", QSPI2_IRQ, 1)
                .cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .child("mmc", 0)
                .text("compatible", "mmc-spi-slot")
                .cells("reg", 0)
                .cells("spi-max-frequency", 20_000_000)
                .cells("voltage-ranges", 3300, 3300)
                .flag("disable-wp");
    }

    private void caches(Node soc) {
        device(soc, "cache-controller", L2_CONTROLLER, "sifive,fu540-c000-ccache", L2_IRQ, 3)
                .cells("cache-block-size", 64)
                .cells("cache-level", 2)
                .cells("cache-sets", 1024)
                .cells("cache-size", 2 << 20)
                .flag("cache-unified");
    }

    private void controllers(Node soc) {
        soc.child("interrupt-controller", PLIC)
                .cells("phandle", plic)
                .cells("riscv,ndev", PLIC_SOURCES)
                .longs("reg", PLIC, PLIC_SIZE)
                .cells("interrupts-extended", cpus.externalPins())
                .flag("interrupt-controller")
                .text("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                .cells("#interrupt-cells", 1);
        soc.child("clock-controller", PRCI)
                .text("compatible", "sifive,fu540-c000-prci")
                .longs("reg", PRCI, PAGE)
                .cells("clocks", hfclk, rtcclk)
                .cells("#clock-cells", 1)
                .cells("phandle", prci);
        soc.child("otp", OTP)
                .text("compatible", "sifive,fu540-c000-otp")
                .longs("reg", OTP, PAGE)
                .cells("fuse-count", 0x1000);
    }
}
