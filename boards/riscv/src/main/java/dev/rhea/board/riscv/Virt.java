package dev.rhea.board.riscv;

import static dev.rhea.board.riscv.VirtMap.*;

import dev.rhea.arch.riscv.CpuModel;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.system.Hart;
import dev.rhea.arch.riscv.system.Interrupt;
import dev.rhea.arch.riscv.system.Sbi;
import dev.rhea.block.BlockBackend;
import dev.rhea.block.Drive;
import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.ChardevWire;
import dev.rhea.board.MachineSpec;
import dev.rhea.board.PciSlots;
import dev.rhea.board.VirtioSlot;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.chardev.Chardev;
import dev.rhea.device.firmware.FwCfg;
import dev.rhea.device.firmware.FwCfgItems;
import dev.rhea.device.flash.CfiFlash;
import dev.rhea.device.intc.Clint;
import dev.rhea.device.intc.Plic;
import dev.rhea.device.misc.SifiveTest;
import dev.rhea.device.pci.PcieHost;
import dev.rhea.device.serial.Ns16550a;
import dev.rhea.device.timer.GoldfishRtc;
import dev.rhea.device.timer.WallTime;
import dev.rhea.device.virtio.VirtioMmio;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.ShutdownCause;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code virt}: a board that never was, made of devices that guests have drivers for. */
public final class Virt implements Board {
    private static final int XLEN = 64;

    /** For {@link java.util.ServiceLoader}. */
    public Virt() {}

    @Override
    public String architecture() {
        return "riscv64";
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
    public String defaultCpu() {
        return "rv64";
    }

    @Override
    public int maxCpus() {
        return 512;
    }

    @Override
    public void build(Workbench bench) throws BadMachineException, BootException, BadDeviceException {
        MachineSpec spec = bench.spec();
        Chassis chassis = bench.chassis();
        Riscv isa = isa(spec);
        Engine engine = new Engine(isa, spec.tiers());
        bench.onClose(engine);
        chassis.memory().setWriteObserver((host, bytes) -> {
            for (long page = host & -4096L; page < host + bytes; page += 4096) {
                if (engine.hasCode(page)) {
                    engine.dropCode(page, 4096);
                }
            }
        });
        Container memory = chassis.systemMemory();
        memory.add(RAM, Ram.of(chassis.newRam("riscv_virt_board.ram", spec.memory())));
        memory.add(RESET_ROM, Ram.readOnly(chassis.newRam("riscv_virt_board.mrom", RESET_ROM_SIZE)));
        List<Hart> harts = new ArrayList<>();
        for (int i = 0; i < spec.topology().cpus(); i++) {
            Hart hart = new Hart(i, chassis, engine, isa, TIMEBASE);
            harts.add(hart);
            chassis.add(hart);
        }
        Plic plic = interruptControllers(chassis, harts);
        SifiveTest test = new SifiveTest(new SifiveTest.Outcome() {
            @Override
            public void shutDown(int exitCode) {
                chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, exitCode);
            }

            @Override
            public void reset() {
                chassis.requestReset(ShutdownCause.GUEST_RESET);
            }
        });
        memory.add(TEST, test.region());
        chassis.add("/machine/soc/test", test);
        List<@Nullable Chardev> serials = spec.backends().serials();
        Chardev serial = serials.isEmpty() ? null : serials.getFirst();
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
        long high = pciHigh(spec.memory());
        memory.add(high, pci.memoryWindow("gpex_mmio_window_high", high, PCI_HIGH_SIZE));
        chassis.add("/machine/soc/rtc", rtc(bench, plic));
        boolean codeInFlash = flash(bench, 0);
        flash(bench, 1);
        FwCfg fwCfg = new FwCfg(new FwCfgItems(), chassis.memory());
        memory.add(FW_CFG, fwCfg.region());
        chassis.add("/machine/soc/fw_cfg", fwCfg);
        // As in the reference the last one is used first.
        for (int i = VIRTIO_COUNT - 1; i >= 0; i--) {
            VirtioMmio slot = new VirtioMmio(true, chassis.memory(), chassis.lock(), plic.source(VIRTIO_IRQ + i));
            memory.add(VIRTIO + i * VIRTIO_STEP, slot.region());
            chassis.add("/machine/soc/virtio-mmio[" + i + "]", slot);
            bench.addBus(new VirtioSlot(slot, i));
        }
        bench.addBus(new PciSlots(pci.bus(), pci));
        bench.plugDevices();
        DeviceTree tree = new VirtTree(spec.topology(), new CpuNode(isa)).make(spec.memory());
        BootPlan plan = new BootPlan(bench, isa.xlen(), RAM);
        plan.load(tree);
        // Without a kernel, what is in the first flash bank runs.
        start(bench, plan, plan.kernel() == 0 && codeInFlash ? FLASH : plan.kernel(), isa, harts, serial);
    }

    private Riscv isa(MachineSpec spec) throws BadMachineException {
        try {
            String cpu = spec.cpu();
            return CpuModel.parseSystem(XLEN, cpu == null ? defaultCpu() : cpu);
        } catch (BadCpu e) {
            throw new BadMachineException(String.valueOf(e.getMessage()));
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

    private static Plic interruptControllers(Chassis chassis, List<Hart> harts) {
        List<Line> contexts = new ArrayList<>();
        List<Line> software = new ArrayList<>();
        List<Line> timer = new ArrayList<>();
        for (Hart hart : harts) {
            contexts.add(hart.line(Interrupt.MEI));
            contexts.add(hart.line(Interrupt.SEI));
            software.add(hart.line(Interrupt.MSI));
            timer.add(hart.line(Interrupt.MTI));
        }
        Plic plic =
                new Plic(PLIC_SOURCES - 1, PLIC_PRIORITIES, contexts, Math.max(PLIC_SIZE, Plic.size(contexts.size())));
        chassis.systemMemory().add(PLIC, plic.region());
        chassis.add("/machine/soc/plic", plic);
        Clint clint = new Clint(chassis.clock(), TIMEBASE, software, timer);
        chassis.systemMemory().add(CLINT, clint.region());
        chassis.add("/machine/soc/clint/swi", clint.software());
        chassis.add("/machine/soc/clint/mtimer", clint.timer());
        return plic;
    }

    private static void start(
            Workbench bench, BootPlan plan, long next, Riscv isa, List<Hart> harts, @Nullable Chardev serial)
            throws BootException {
        if (plan.isBuiltIn()) {
            var console = new FirmwareConsole(serial);
            Sbi sbi = new Sbi(bench.chassis(), harts, next == 0 ? -1 : 0, console::put, console::get);
            bench.chassis().add("/machine/sbi", sbi);
            for (Hart hart : harts) {
                hart.setSbi(sbi);
                hart.setStart(new Hart.Start(next, hart.index(), plan.tree(), true));
            }
            return;
        }
        long first = plan.isBare() ? next : plan.firmware();
        bench.boot()
                .add("reset code", RESET_ROM, ResetCode.of(isa.xlen(), first, plan.tree(), plan.isBare() ? 0 : next));
        for (Hart hart : harts) {
            hart.setStart(new Hart.Start(RESET_ROM, 0, 0, false));
        }
    }
}
