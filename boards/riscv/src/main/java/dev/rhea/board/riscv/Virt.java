package dev.rhea.board.riscv;

import static dev.rhea.board.riscv.VirtMap.*;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.block.BlockBackend;
import dev.rhea.block.Drive;
import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.ChardevWire;
import dev.rhea.board.MachineOption;
import dev.rhea.board.MachineSpec;
import dev.rhea.board.PciSlots;
import dev.rhea.board.VirtioSlot;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.board.boot.FirmwareConfig;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.chardev.Chardev;
import dev.rhea.device.firmware.FwCfg;
import dev.rhea.device.flash.CfiFlash;
import dev.rhea.device.intc.Plic;
import dev.rhea.device.misc.SifiveTest;
import dev.rhea.device.pci.PcieHost;
import dev.rhea.device.serial.Ns16550a;
import dev.rhea.device.timer.GoldfishRtc;
import dev.rhea.device.timer.WallTime;
import dev.rhea.device.virtio.VirtioMmio;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code virt}: a board that never was, made of devices that guests have drivers for. */
public final class Virt implements Board {
    private static final String ACLINT = "aclint";
    private static final String AIA = "aia";
    private static final String ACPI = "acpi";
    private static final List<MachineOption> OPTIONS = List.of(
            new MachineOption(ACLINT, MachineOption.BOOL, "Set on/off to enable/disable emulating ACLINT devices"),
            new MachineOption(ACPI, MachineOption.STRING, "Enable ACPI"),
            new MachineOption(
                    AIA,
                    MachineOption.STRING,
                    "Set type of AIA interrupt controller. Valid values are none, aplic, and aplic-imsic."),
            new MachineOption("pflash0", MachineOption.STRING, "Node name or ID of a block device to use as a backend"),
            new MachineOption(
                    "pflash1", MachineOption.STRING, "Node name or ID of a block device to use as a backend"));

    /** For {@link java.util.ServiceLoader}. */
    public Virt() {}

    @Override
    public Set<String> architectures() {
        return Set.of("riscv32", "riscv64");
    }

    @Override
    public String name() {
        return "virt";
    }

    @Override
    public String description() {
        return "RISC-V VirtIO board";
    }

    @Override
    public String defaultCpu(String architecture) {
        return architecture.equals("riscv64") ? "rv64" : "rv32";
    }

    @Override
    public int maxCpus() {
        return 512;
    }

    @Override
    public List<MachineOption> options() {
        return OPTIONS;
    }

    @Override
    public void build(Workbench bench) throws BadMachineException, BootException, BadDeviceException {
        MachineSpec spec = bench.spec();
        Chassis chassis = bench.chassis();
        checkOptions(spec);
        int xlen = Harts.xlen(bench);
        Riscv isa = Harts.model(bench, xlen, defaultCpu(spec.architecture()));
        Harts harts = new Harts(bench, isa, TIMEBASE);
        Container memory = chassis.systemMemory();
        memory.add(RAM, Ram.of(bench.newMainRam("riscv_virt_board.ram")));
        memory.add(RESET_ROM, Ram.readOnly(chassis.newRam("riscv_virt_board.mrom", RESET_ROM_SIZE)));
        for (int i = 0; i < spec.topology().cpus(); i++) {
            harts.add(isa);
        }
        var local = new LocalInterrupts(CLINT, spec.isOn(ACLINT, false) ? SSWI : 0);
        local.build(bench, harts, TIMEBASE);
        Plic plic = plic(chassis, harts);
        SifiveTest test = new SifiveTest(new PowerSwitch(chassis));
        memory.add(TEST, test.region());
        chassis.add("/machine/soc/test", test);
        Chardev serial = spec.backends().serial(0);
        Ns16550a uart = new Ns16550a(
                0, 230_400, chassis.clock(), plic.source(UART_IRQ), ChardevWire.of(serial, chassis.lock()));
        memory.add(UART, uart.region());
        chassis.add("/machine/soc/serial", uart);
        List<Line> intx = new ArrayList<>();
        for (int pin = 0; pin < 4; pin++) {
            intx.add(plic.source(PCI_IRQ + pin));
        }
        PcieHost pci = new PcieHost(chassis.memory(), intx);
        chassis.add("/machine/soc/pci", pci);
        memory.add(PCI_CONFIG, pci.ecam());
        memory.add(PCI_PORTS, pci.ioWindow());
        memory.add(PCI_MEMORY, pci.memoryWindow("gpex_mmio_window", PCI_MEMORY, PCI_MEMORY_SIZE));
        long high = pciHigh(xlen, spec.memory());
        memory.add(high, pci.memoryWindow("gpex_mmio_window_high", high, pciHighSize(xlen)));
        chassis.add("/machine/soc/rtc", rtc(bench, plic));
        boolean codeInFlash = flash(bench, 0);
        flash(bench, 1);
        FirmwareConfig config = FirmwareConfig.of(spec);
        boolean dma = bench.values("fw_cfg_mem", FwCfg.PROPERTIES).bool(FwCfg.DMA_ENABLED);
        FwCfg fwCfg = new FwCfg(config.items(), chassis.memory(), dma);
        memory.add(FW_CFG, fwCfg.region());
        chassis.add("/machine/soc/fw_cfg", fwCfg);
        // As in the reference the last one is used first.
        boolean legacy = bench.values("virtio-mmio", VirtioMmio.PROPERTIES).bool(VirtioMmio.FORCE_LEGACY);
        for (int i = VIRTIO_COUNT - 1; i >= 0; i--) {
            VirtioMmio slot = new VirtioMmio(legacy, chassis.memory(), chassis.lock(), plic.source(VIRTIO_IRQ + i));
            memory.add(VIRTIO + i * VIRTIO_STEP, slot.region());
            chassis.add("/machine/soc/virtio-mmio[" + i + "]", slot);
            bench.addBus(new VirtioSlot(slot, i));
        }
        bench.addBus(new PciSlots(pci.bus(), pci));
        bench.plugDevices();
        config.addBootOrder(bench.bootOrder());
        DeviceTree tree = new VirtTree(xlen, new CpuTree(harts, true), local).make(spec.memory());
        BootPlan plan = new BootPlan(bench, xlen, RAM);
        if (codeInFlash) {
            // What is in the first flash bank runs, in S mode, or without other firmware in M mode; the kernel is its
            // business.
            plan.loadFirmware(tree);
            config.addKernel();
        } else {
            plan.load(tree);
        }
        long next = codeInFlash ? FLASH : plan.kernel();
        new FirmwareStart(bench, harts, xlen, RESET_ROM, serial, false).prepare(plan, next, next == 0 ? RAM : next);
    }

    private static void checkOptions(MachineSpec spec) throws BadMachineException {
        String aia = spec.options().getOrDefault(AIA, "none");
        if (!List.of("none", "aplic", "aplic-imsic").contains(aia)) {
            throw new BadMachineException(
                    "Invalid AIA interrupt controller type\nValid values are none, aplic, and aplic-imsic.");
        }
        if (!aia.equals("none")) {
            throw new BadMachineException("aia=" + aia + " is not there yet: this board has a PLIC (aia=none)");
        }
        String acpi = spec.options().getOrDefault(ACPI, "auto");
        switch (acpi) {
            // Without ACPI tables firmware finds the device tree, as with acpi=off.
            case "auto", "off" -> {}
            case "on" ->
                throw new BadMachineException("acpi=on is not there yet: this board has a device tree (acpi=off)");
            default -> throw new BadMachineException("Parameter 'acpi' does not accept value '" + acpi + "'");
        }
    }

    /** A flash bank: with what a drive holds ({@code if=pflash}, by unit), or empty. @return whether there is a drive */
    private static boolean flash(Workbench bench, int bank) throws BadMachineException {
        String name = bench.spec().options().get("pflash" + bank);
        Drive drive = name == null ? null : bench.spec().backends().drives().get(name);
        if (name != null && drive == null) {
            throw new BadMachineException("Property 'virt-machine.pflash" + bank + "' can't find value '" + name + "'");
        }
        Chassis chassis = bench.chassis();
        BlockBackend backend = drive == null ? null : drive.backend();
        if (backend != null && backend.size() != FLASH_BANK_SIZE) {
            throw new BadMachineException("device requires " + FLASH_BANK_SIZE + " bytes, block backend '" + name
                    + "' provides " + backend.size() + " bytes");
        }
        try {
            CfiFlash flash = new CfiFlash(
                    chassis.newRam("virt.flash" + bank, FLASH_BANK_SIZE),
                    FLASH_SECTOR,
                    chassis.memory()::written,
                    backend);
            chassis.systemMemory().add(FLASH + bank * FLASH_BANK_SIZE, flash.region());
            chassis.add("/machine/virt.flash" + bank, flash);
            if (name != null) {
                bench.useDrive(name, "/machine/virt.flash" + bank);
            }
        } catch (IOException e) {
            throw new BadMachineException("cannot read the drive of flash bank " + bank + ": " + e.getMessage());
        }
        return backend != null;
    }

    private static GoldfishRtc rtc(Workbench bench, Plic plic) {
        Chassis chassis = bench.chassis();
        WallTime wall = bench.spec().wallClock().of(chassis.clock());
        GoldfishRtc rtc = new GoldfishRtc(chassis.clock(), wall, plic.source(RTC_IRQ));
        chassis.systemMemory().add(RTC, rtc.region());
        return rtc;
    }

    private static Plic plic(Chassis chassis, Harts harts) {
        List<Line> contexts = harts.externalPins();
        Plic plic =
                new Plic(PLIC_SOURCES - 1, PLIC_PRIORITIES, contexts, Math.max(PLIC_SIZE, Plic.size(contexts.size())));
        chassis.systemMemory().add(PLIC, plic.region());
        chassis.add("/machine/soc/plic", plic);
        return plic;
    }
}
