package dev.rhea.board.riscv;

import static dev.rhea.board.riscv.SifiveUMap.*;

import dev.rhea.arch.riscv.CpuModel;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.block.Drive;
import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.ChardevWire;
import dev.rhea.board.MachineOption;
import dev.rhea.board.MachineSpec;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.device.flash.SpiNorFlash;
import dev.rhea.device.gpio.SifiveGpio;
import dev.rhea.device.intc.Plic;
import dev.rhea.device.misc.SifiveL2Cache;
import dev.rhea.device.misc.SifiveOtp;
import dev.rhea.device.misc.SifivePrci;
import dev.rhea.device.misc.UnimplementedDevice;
import dev.rhea.device.net.CadenceGem;
import dev.rhea.device.net.GemManagement;
import dev.rhea.device.sd.SpiSdCard;
import dev.rhea.device.sd.StorageThread;
import dev.rhea.device.serial.SifiveUart;
import dev.rhea.device.spi.SifiveSpi;
import dev.rhea.device.spi.SpiChip;
import dev.rhea.device.timer.SifivePwm;
import dev.rhea.device.virtio.net.NoNetwork;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import dev.rhea.network.Port;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * {@code sifive_u}: SiFive's HiFive Unleashed. An E51 without S mode, which only firmware uses, and up to four U54 harts. The SoC's
 * DMA engine and DDR controller are not there: their registers read as 0.
 */
public final class SifiveU implements Board {
    private static final String MSEL = "msel";
    private static final String SERIAL = "serial";
    private static final String START_IN_FLASH = "start-in-flash";
    private static final List<MachineOption> OPTIONS = List.of(
            new MachineOption(MSEL, "uint32", "Mode Select (MSEL[3:0]) pin state"),
            new MachineOption(SERIAL, "uint32", "Board serial number"),
            new MachineOption(
                    START_IN_FLASH,
                    MachineOption.BOOL,
                    "Set on to tell QEMU's ROM to jump to flash. Otherwise QEMU will jump to DRAM or L2LIM depending on the msel"
                            + " value"));

    // Boot modes: FU540-C000 manual, chapter 6 "Boot Process".
    private static final int MSEL_MEMORY_MAPPED_FLASH = 1;
    private static final int MSEL_SPI_FLASH = 6;
    private static final int MSEL_SD_CARD = 11;

    /** For {@link java.util.ServiceLoader}. */
    public SifiveU() {}

    @Override
    public Set<String> architectures() {
        return Set.of("riscv32", "riscv64");
    }

    @Override
    public String name() {
        return "sifive_u";
    }

    @Override
    public String description() {
        return "RISC-V Board compatible with SiFive U SDK";
    }

    @Override
    public String defaultCpu(String architecture) {
        return architecture.equals("riscv64") ? "sifive-u54" : "sifive-u34";
    }

    @Override
    public int minCpus() {
        return 2;
    }

    @Override
    public int maxCpus() {
        return 5;
    }

    @Override
    public int driveUnits(String interfaceType) {
        return interfaceType.equals("sd") || interfaceType.equals("mtd") ? 1 : 0;
    }

    @Override
    public List<String> networkCards() {
        return List.of(CadenceGem.TYPE);
    }

    @Override
    public List<MachineOption> options() {
        return OPTIONS;
    }

    @Override
    public void build(Workbench bench) throws BadMachineException, BootException, BadDeviceException {
        MachineSpec spec = bench.spec();
        Chassis chassis = bench.chassis();
        int xlen = Harts.xlen(bench);
        Riscv application = Harts.model(bench, xlen, defaultCpu(spec.architecture()));
        Harts harts = new Harts(bench, application, TIMEBASE);
        Container memory = chassis.systemMemory();
        memory.add(RAM, Ram.of(bench.newMainRam("riscv.sifive.u.ram")));
        memory.add(RESET_ROM, Ram.readOnly(chassis.newRam("riscv.sifive.u.mrom", RESET_ROM_SIZE)));
        memory.add(L2_LIM, Ram.of(chassis.newRam("riscv.sifive.u.l2lim", L2_LIM_SIZE)));
        memory.add(FLASH, Ram.of(chassis.newRam("riscv.sifive.u.flash0", FLASH_SIZE)));
        harts.add(monitorCore(xlen));
        for (int i = 1; i < spec.topology().cpus(); i++) {
            harts.add(application);
        }
        var local = new LocalInterrupts(CLINT, 0);
        local.build(bench, harts, TIMEBASE);
        Plic plic = new Plic(PLIC_SOURCES, PLIC_PRIORITIES, harts.externalPins(), PLIC_SIZE);
        memory.add(PLIC, plic.region());
        chassis.add("/machine/soc/plic", plic);
        devices(bench, plic);
        spi(bench, plic);
        byte[] mac = mac(bench);
        ethernet(bench, plic, mac);
        unimplemented(bench);
        bench.plugDevices();
        BootPlan plan = new BootPlan(bench, xlen, RAM, firmwareStart(spec));
        CpuTree cpus = new CpuTree(harts, false);
        if (plan.isBuiltIn()) {
            cpus.hideMonitors();
            chassis.onReset(() -> enableConsole(chassis));
        }
        plan.load(new SifiveUTree(cpus, local, mac).make(spec.memory()));
        long next = plan.kernel();
        long bare = spec.isOn(START_IN_FLASH, false) ? FLASH : next == 0 ? firmwareStart(spec) : next;
        ByteBuffer pins = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        bench.boot()
                .add(
                        "mode select",
                        RESET_ROM,
                        pins.putInt((int) number(spec, MSEL, 0)).array());
        new FirmwareStart(bench, harts, xlen, RESET_VECTOR, spec.backends().serial(0), false).prepare(plan, next, bare);
    }

    /** What firmware leaves behind: a serial port that works. */
    private static void enableConsole(Chassis chassis) {
        try {
            chassis.memory().write(UART0 + SifiveUart.TXCTRL, SifiveUart.ENABLE, 4);
            chassis.memory().write(UART0 + SifiveUart.RXCTRL, SifiveUart.ENABLE, 4);
        } catch (BusError e) {
            throw new IllegalStateException("the serial port is not where it was put", e);
        }
    }

    private static Riscv monitorCore(int xlen) {
        try {
            return CpuModel.parseSystem(xlen, xlen == 64 ? "sifive-e51" : "sifive-e31");
        } catch (BadCpu e) {
            throw new IllegalStateException("the board's own model of a core is gone", e);
        }
    }

    /** Where firmware stands: in DRAM, or where the chip's first boot loader would have copied it. */
    private static long firmwareStart(MachineSpec spec) throws BadMachineException {
        return switch ((int) number(spec, MSEL, 0)) {
            case MSEL_MEMORY_MAPPED_FLASH -> FLASH;
            case MSEL_SPI_FLASH, MSEL_SD_CARD -> L2_LIM;
            default -> RAM;
        };
    }

    private static long number(MachineSpec spec, String option, long initial) throws BadMachineException {
        String value = spec.options().get(option);
        if (value == null) {
            return initial;
        }
        try {
            long number = Long.decode(value);
            if (number >>> 32 == 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadMachineException("Parameter '" + option + "' expects uint32_t");
    }

    private static void devices(Workbench bench, Plic plic) throws BadMachineException {
        Chassis chassis = bench.chassis();
        Container memory = chassis.systemMemory();
        SifivePrci prci = new SifivePrci();
        memory.add(PRCI, prci.region());
        chassis.add("/machine/soc/prci", prci);
        SifiveL2Cache cache = new SifiveL2Cache();
        memory.add(L2_CONTROLLER, cache.region());
        chassis.add("/machine/soc/l2cc", cache);
        SifiveOtp otp = new SifiveOtp((int) number(bench.spec(), SERIAL, 1));
        memory.add(OTP, otp.region());
        chassis.add("/machine/soc/otp", otp);
        long[] uarts = {UART0, UART1};
        for (int i = 0; i < uarts.length; i++) {
            SifiveUart uart = new SifiveUart(
                    HFCLK,
                    plic.source(UART0_IRQ + i),
                    ChardevWire.of(bench.spec().backends().serial(i), chassis.lock()));
            memory.add(uarts[i], uart.region());
            chassis.add("/machine/soc/uart" + i, uart);
        }
        long[] pwms = {PWM0, PWM1};
        for (int i = 0; i < pwms.length; i++) {
            SifivePwm pwm = new SifivePwm(chassis.clock(), HFCLK, lines(plic, PWM0_IRQ + i * PWM_IRQS, PWM_IRQS));
            memory.add(pwms[i], pwm.region());
            chassis.add("/machine/soc/pwm" + i, pwm);
        }
        List<Line> outputs = new ArrayList<>(Collections.nCopies(GPIO_PINS, Line.UNCONNECTED));
        RestartPin restart = new RestartPin(chassis);
        chassis.add("/machine/soc/restart", restart);
        outputs.set(RESTART_PIN, restart);
        SifiveGpio gpio = new SifiveGpio(lines(plic, GPIO_IRQ, GPIO_PINS), outputs);
        memory.add(GPIO, gpio.region());
        chassis.add("/machine/soc/gpio", gpio);
    }

    /** The two SPI buses, with flash on one and the slot for an SD card on the other. */
    private static void spi(Workbench bench, Plic plic) throws BadDeviceException {
        Chassis chassis = bench.chassis();
        Drive content = bench.boardDrive("mtd", 0);
        SpiNorFlash flash = new SpiNorFlash(
                chassis.newRam("riscv.sifive.u.spi-flash", SpiNorFlash.SIZE),
                content == null ? null : content.backend());
        chassis.add("/machine/soc/spi0/flash", flash);
        SifiveSpi flashBus = new SifiveSpi(List.of(flash), plic.source(QSPI0_IRQ));
        chassis.systemMemory().add(QSPI0, flashBus.region());
        chassis.add("/machine/soc/spi0", flashBus);
        SifiveSpi cardBus = new SifiveSpi(List.of(card(bench)), plic.source(QSPI2_IRQ));
        chassis.systemMemory().add(QSPI2, cardBus.region());
        chassis.add("/machine/soc/spi2", cardBus);
    }

    private static SpiChip card(Workbench bench) throws BadDeviceException {
        Drive drive = bench.boardDrive("sd", 0);
        if (drive == null) {
            return SpiChip.ABSENT;
        }
        Chassis chassis = bench.chassis();
        StorageThread thread = new StorageThread("sd-card", chassis.memory().masters());
        bench.onClose(thread);
        boolean writeThrough = !drive.options().cache().writeBack();
        return chassis.add(
                "/machine/soc/spi2/card", new SpiSdCard(drive.backend(), writeThrough, thread, chassis.lock()));
    }

    private static void ethernet(Workbench bench, Plic plic, byte[] mac) throws BadDeviceException {
        Chassis chassis = bench.chassis();
        PropertyValues values = bench.cardValues(CadenceGem.TYPE, CadenceGem.PROPERTIES, 0);
        String network = values.text("netdev");
        Port port = network == null ? new NoNetwork() : bench.network(network);
        if (port == null) {
            throw new BadDeviceException(
                    "Property '" + CadenceGem.TYPE + ".netdev' can't find value '" + network + "'");
        }
        CadenceGem gem = new CadenceGem(
                values, mac, port, plic.source(GEM_IRQ), chassis.memory(), chassis.clock(), chassis.lock());
        chassis.systemMemory().add(GEM, gem.region());
        chassis.add("/machine/soc/gem", gem);
        GemManagement management = new GemManagement();
        chassis.systemMemory().add(GEM_MANAGEMENT, management.region());
        chassis.add("/machine/soc/gem-mgmt", management);
    }

    private static byte[] mac(Workbench bench) throws BadDeviceException {
        String given =
                bench.cardValues(CadenceGem.TYPE, CadenceGem.PROPERTIES, 0).text("mac");
        return given == null
                ? bench.nextMacAddress()
                : HexFormat.ofDelimiter(":").parseHex(given);
    }

    private static List<Line> lines(Plic plic, int first, int count) {
        return IntStream.range(first, first + count).mapToObj(plic::source).toList();
    }

    private static void unimplemented(Workbench bench) {
        absent(bench, "riscv.sifive.u.pdma", PDMA, PDMA_SIZE);
        absent(bench, "riscv.sifive.u.dmc", DDR_CONTROLLER, DDR_CONTROLLER_SIZE);
    }

    private static void absent(Workbench bench, String name, long at, long size) {
        UnimplementedDevice device = new UnimplementedDevice(name, size, bench.unimplemented());
        Chassis chassis = bench.chassis();
        chassis.systemMemory().add(at, device.region());
        chassis.add("/machine/soc/" + name, device);
    }
}
