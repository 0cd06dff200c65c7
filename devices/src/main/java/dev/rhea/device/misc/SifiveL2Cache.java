package dev.rhea.device.misc;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;

/**
 * The level 2 cache controller of SiFive's FU540-C000: its manual, chapter 10. The cache cannot be seen otherwise, so this tells
 * its shape, remembers which ways are on, and has nothing to flush and no errors to report.
 */
public final class SifiveL2Cache implements Device, Stateful<SifiveL2Cache.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x1000;

    private static final int BANKS = 4;
    private static final int WAYS = 16;
    private static final int LG_SETS = 9;
    private static final int LG_BLOCK_BYTES = 6;

    /** The number of the highest way that is on. */
    @Version(1)
    public record State(int wayEnable) {}

    private final RegisterTable table = new RegisterTable("riscv.sifive.u.l2cc", SIZE);
    private final Register wayEnable;

    public SifiveL2Cache() {
        table.add(0x000, "Config", BANKS | WAYS << 8 | LG_SETS << 16 | LG_BLOCK_BYTES << 24, 0);
        wayEnable = table.add(0x008, "WayEnable").holds(WAYS - 1);
        // Ways are switched on for good.
        wayEnable.writes(value -> wayEnable.set(Math.max(wayEnable.get(), value & WAYS - 1)));
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "riscv.sifive.u.l2cc";
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
        return new State(wayEnable.get());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (state.wayEnable < 0 || state.wayEnable >= WAYS) {
            throw new BadStateException(type() + ": there is no way " + state.wayEnable);
        }
        wayEnable.set(state.wayEnable);
    }
}
