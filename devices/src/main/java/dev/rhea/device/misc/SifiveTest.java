package dev.rhea.device.misc;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import java.util.List;

/**
 * The register by which tests end a machine, compatible {@code sifive,test1}: Linux and firmware switch off and reboot by it
 * through a {@code syscon-poweroff} and a {@code syscon-reboot} node.
 */
public final class SifiveTest implements Device, Registers {
    /** Bytes of the register space. */
    public static final long SIZE = 0x1000;

    /** What the low half of the register takes. */
    public static final int FAIL = 0x3333;

    public static final int PASS = 0x5555;
    public static final int RESET = 0x7777;

    /** What the machine does. Called with the machine lock held; must not wait for the processors. */
    public interface Outcome {
        /** The guest ends the machine. @param exitCode 0, or what the guest gave for a failure: 0 to 65535 */
        void shutDown(int exitCode);

        /** The guest restarts the machine. */
        void reset();
    }

    private final Outcome outcome;
    private final Region region = new Mmio("riscv.sifive.test", SIZE, new AccessRule(2, 4, 2, 4, false), this);

    public SifiveTest(Outcome outcome) {
        this.outcome = outcome;
    }

    /** The register. */
    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "riscv.sifive.test";
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    @Override
    public long read(long offset, int size) {
        return 0;
    }

    @Override
    public void write(long offset, long value, int size) {
        if (offset != 0) {
            return;
        }
        switch ((int) value & 0xffff) {
            case FAIL -> outcome.shutDown((int) (value >>> 16) & 0xffff);
            case PASS -> outcome.shutDown(0);
            case RESET -> outcome.reset();
            default -> {}
        }
    }

    /** There is nothing to reset. */
    @Override
    public void reset() {}
}
