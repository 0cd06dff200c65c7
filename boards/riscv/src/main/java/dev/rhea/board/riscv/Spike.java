package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.BootSpec;
import dev.rhea.board.ChardevWire;
import dev.rhea.board.MachineSpec;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.board.boot.ElfSymbols;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.chardev.Chardev;
import dev.rhea.device.misc.Htif;
import dev.rhea.device.serial.SerialWire;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code spike}: the board of the Spike simulator. Harts, a CLINT, and the host-target interface, through which programs print
 * and end; there is nothing else.
 */
public final class Spike implements Board {
    private static final long RESET_ROM = 0x1000;
    private static final long RESET_ROM_SIZE = 0xf000;
    private static final long HTIF = 0x100_0000;
    private static final long HTIF_SIZE = 0x1000;
    private static final long CLINT = 0x200_0000;
    private static final long RAM = 0x8000_0000L;
    private static final int TIMEBASE = 10_000_000;

    /** Hides the RAM below it. */
    private static final int OVER_RAM = 1;

    /** For {@link java.util.ServiceLoader}. */
    public Spike() {}

    @Override
    public Set<String> architectures() {
        return Set.of("riscv32", "riscv64");
    }

    @Override
    public String name() {
        return "spike";
    }

    @Override
    public String description() {
        return "RISC-V Spike board";
    }

    @Override
    public boolean isDefault() {
        return true;
    }

    @Override
    public String defaultCpu(String architecture) {
        return architecture.equals("riscv64") ? "rv64" : "rv32";
    }

    @Override
    public int maxCpus() {
        return 8;
    }

    @Override
    public void build(Workbench bench) throws BadMachineException, BootException, BadDeviceException {
        MachineSpec spec = bench.spec();
        Chassis chassis = bench.chassis();
        int xlen = Harts.xlen(bench);
        Riscv isa = Harts.model(bench, xlen, defaultCpu(spec.architecture()));
        Harts harts = new Harts(bench, isa, TIMEBASE);
        Container memory = chassis.systemMemory();
        memory.add(RAM, Ram.of(bench.newMainRam("riscv.spike.ram")));
        memory.add(RESET_ROM, Ram.readOnly(chassis.newRam("riscv.spike.mrom", RESET_ROM_SIZE)));
        for (int i = 0; i < spec.topology().cpus(); i++) {
            harts.add(isa);
        }
        var local = new LocalInterrupts(CLINT, 0);
        local.build(bench, harts, TIMEBASE);
        bench.plugDevices();
        var cpus = new CpuTree(harts, true);
        DeviceTree tree = tree(spec, cpus, local);
        BootPlan plan = new BootPlan(bench, xlen, RAM);
        plan.load(tree);
        htif(bench, plan);
        long next = plan.kernel();
        Chardev serial = spec.backends().serial(0);
        new FirmwareStart(bench, harts, xlen, RESET_ROM, serial, true).prepare(plan, next, next == 0 ? RAM : next);
    }

    /** At the symbols that the program has for it, else at a place of its own. */
    private static void htif(Workbench bench, BootPlan plan) throws BootException {
        Chassis chassis = bench.chassis();
        List<@Nullable Chardev> serials = bench.spec().backends().serials();
        Chardev serial = serials.isEmpty() ? null : serials.getFirst();
        // The built-in firmware has the keys: its guest knows no other console.
        SerialWire wire = plan.isBuiltIn() ? SerialWire.UNCONNECTED : ChardevWire.of(serial, chassis.lock());
        Htif htif = new Htif(chassis.memory(), wire, new PowerSwitch(chassis));
        chassis.add("/machine/htif", htif);
        ElfSymbols.Symbol tohost = symbol(bench.spec().boot(), "tohost");
        ElfSymbols.Symbol fromhost = symbol(bench.spec().boot(), "fromhost");
        // At its own place the answers come first.
        long from = HTIF;
        long to = HTIF + 8;
        if (tohost != null && fromhost != null) {
            from = fromhost.value();
            to = tohost.value();
        }
        chassis.systemMemory().add(to, htif.tohost(), OVER_RAM);
        chassis.systemMemory().add(from, htif.fromhost(), OVER_RAM);
    }

    private static ElfSymbols.@Nullable Symbol symbol(BootSpec boot, String name) throws BootException {
        List<Path> files = new ArrayList<>();
        String bios = boot.bios();
        if (bios != null) {
            files.add(Path.of(bios));
        }
        Path kernel = boot.kernel();
        if (kernel != null) {
            files.add(kernel);
        }
        for (Path file : files) {
            ElfSymbols.Symbol symbol = ElfSymbols.find(file, name);
            if (symbol != null && symbol.size() != 8) {
                throw new BootException("HTIF " + name + " must be 8 bytes");
            }
            if (symbol != null) {
                return symbol;
            }
        }
        return null;
    }

    private static DeviceTree tree(MachineSpec spec, CpuTree cpus, LocalInterrupts local) {
        DeviceTree tree = DeviceTree.of("ucbbar,spike-bare-dev", "ucbbar,spike-bare,qemu");
        tree.root().child("chosen").text("stdout-path", "/htif");
        tree.root().child("memory", RAM).text("device_type", "memory").longs("reg", RAM, spec.memory());
        cpus.describe(tree.root(), TIMEBASE);
        local.describe(tree.bus("soc"), cpus);
        tree.root().child("htif").longs("reg", HTIF, HTIF_SIZE).text("compatible", "ucb,htif0");
        return tree;
    }
}
