package dev.rhea.device.misc;

import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;

/**
 * Power, reset, clock and interrupt control of SiFive's FU540-C000: its manual, chapter 7. Oscillators are ready and PLLs locked
 * at once; nothing in the machine gets faster by them.
 */
public final class SifivePrci implements Device, Stateful<SifivePrci.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x1000;

    private static final int HFXOSC_ENABLE = 1 << 30;
    private static final int HFXOSC_READY = 1 << 31;

    // divr, divf, divq, range and bypass are the guest's; feedback is internal always, and the PLL is in lock.
    private static final int PLL_DIVIDERS = 0x3f | 0x1ff << 6 | 7 << 15 | 7 << 18 | 1 << 24;
    private static final int PLL_FSE = 1 << 25;
    private static final int PLL_LOCK = 1 << 31;
    private static final int PLL_RESET = PLL_LOCK | PLL_FSE | 3 << 15 | 0x1f << 6 | 1;
    /** The PLL's output is passed on. */
    private static final int PLL_CKE = 1 << 31;

    /** Resets of the DDR controller's parts and of the Ethernet controller. */
    private static final int DEVICES = 0x2f;

    /** The registers in the order of their declaration. */
    @Version(1)
    public record State(int[] registers) {}

    private final RegisterTable table = new RegisterTable("riscv.sifive.u.prci", SIZE);

    public SifivePrci() {
        table.add(0x00, "hfxosccfg", HFXOSC_READY | HFXOSC_ENABLE, HFXOSC_ENABLE);
        table.add(0x04, "core_pllcfg0", PLL_RESET, PLL_DIVIDERS);
        table.add(0x0c, "ddr_pllcfg0", PLL_RESET, PLL_DIVIDERS);
        table.add(0x10, "ddr_pllcfg1", 0, PLL_CKE);
        table.add(0x1c, "gemgxl_pllcfg0", PLL_RESET, PLL_DIVIDERS);
        table.add(0x20, "gemgxl_pllcfg1", 0, PLL_CKE);
        table.add(0x24, "coreclksel", 1, 1);
        table.add(0x28, "devicesresetreg", 0, DEVICES);
        table.add(0x2c, "clkmuxstatusreg");
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "riscv.sifive.u.prci";
    }

    @Override
    public List<Region> regions() {
        return List.of(table.region());
    }

    @Override
    public void reset() {
        table.reset();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(table.save());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        table.load(state.registers);
    }
}
