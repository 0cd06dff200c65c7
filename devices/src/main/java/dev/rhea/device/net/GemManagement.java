package dev.rhea.device.net;

import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;

/**
 * The management block beside the Ethernet controller of SiFive's FU540-C000, where software chooses the transmit clock for the
 * link's speed: its manual, chapter 22. Frames take no time here, whatever the clock.
 */
public final class GemManagement implements Device, Stateful<GemManagement.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x1000;

    /** The registers in the order of their declaration. */
    @Version(1)
    public record State(int[] registers) {}

    private final RegisterTable table = new RegisterTable("riscv.sifive.u.gem-mgmt", SIZE);

    public GemManagement() {
        table.add(0x00, "tx_clk_sel", 0, 1);
        table.add(0x20, "control_status_speed_mode", 0, 3);
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "riscv.sifive.u.gem-mgmt";
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
