package dev.rhea.device.misc;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.Arrays;
import java.util.List;

/**
 * The one-time programmable memory of SiFive's FU540-C000: its manual, chapter 18. 4096 words of 32 fuses that read as 1 until
 * they are blown; firmware finds the board's serial number in it.
 */
public final class SifiveOtp implements Device, Stateful<SifiveOtp.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x1000;

    private static final int WORDS = 4096;
    /** Where the serial number is; its complement follows. */
    private static final int SERIAL = 0xfc;

    private static final int ENABLED = 1;

    /**
     * What the memory remembers.
     *
     * @param registers in the order of their declaration
     * @param fuses as they read
     * @param blown which were programmed, to 0 or 1
     */
    @Version(1)
    public record State(int[] registers, int[] fuses, int[] blown) {}

    private final RegisterTable table = new RegisterTable("riscv.sifive.u.otp", SIZE);
    private final int[] fuses = new int[WORDS];
    private final int[] blown = new int[WORDS];
    private final Register address;
    private final Register bit;
    private final Register data;
    private final Register power;

    /** @param serial the board's serial number: any */
    public SifiveOtp(int serial) {
        Arrays.fill(fuses, -1);
        fuses[SERIAL] = serial;
        fuses[SERIAL + 1] = ~serial;
        blown[SERIAL] = -1;
        blown[SERIAL + 1] = -1;
        address = table.add(0x00, "PA", 0, WORDS - 1);
        bit = table.add(0x04, "PAIO", 0, 31);
        table.add(0x08, "PAS", 0, 1);
        table.add(0x0c, "PCE", 0, 1);
        table.add(0x10, "PCLK", 0, 1);
        data = table.add(0x14, "PDIN", 0, 1);
        table.add(0x18, "PDOUT").reads(() -> fuses[address.get()]);
        table.add(0x1c, "PDSTB", 0, 1);
        power = table.add(0x20, "PPROG", 0, 1);
        table.add(0x24, "PTC", 0, 31);
        table.add(0x28, "PTM", 0, 7);
        table.add(0x2c, "PTM_REP", 0, 7);
        table.add(0x30, "PTR", 0, 3);
        table.add(0x34, "PTRIM", 0, 1);
        table.add(0x38, "PWE", 0, 1).writes(this::program);
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "riscv.sifive.u.otp";
    }

    @Override
    public List<Region> regions() {
        return List.of(table.region());
    }

    /** Blows one fuse, for good. */
    private void program(int value) {
        int mask = 1 << bit.get();
        int word = address.get();
        if ((value & ENABLED) != 0 && power.get() == ENABLED && (blown[word] & mask) == 0) {
            blown[word] |= mask;
            fuses[word] = data.get() == 0 ? fuses[word] & ~mask : fuses[word] | mask;
        }
    }

    /** Fuses stay as they are. */
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
        return new State(table.save(), fuses.clone(), blown.clone());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        if (state.fuses.length != WORDS || state.blown.length != WORDS) {
            throw new BadStateException(type() + ": not the fuses of " + WORDS + " words");
        }
        table.load(state.registers);
        System.arraycopy(state.fuses, 0, fuses, 0, WORDS);
        System.arraycopy(state.blown, 0, blown, 0, WORDS);
    }
}
