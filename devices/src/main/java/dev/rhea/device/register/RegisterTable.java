package dev.rhea.device.register;

import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Declared 32-bit registers. Between them everything reads as 0 and ignores writes. */
public final class RegisterTable implements Registers {
    private final String name;
    private final @Nullable Register[] byOffset;
    private final List<Register> all = new ArrayList<>();
    private final Region region;

    /**
     * An empty table.
     *
     * @param name of the region, as {@code info mtree} shows it
     * @param size of the register space in bytes
     */
    public RegisterTable(String name, int size) {
        this.name = name;
        byOffset = new Register[size / 4];
        region = new Mmio(name, size, AccessRule.WORDS, this);
    }

    public Region region() {
        return region;
    }

    /**
     * Declares a register.
     *
     * @param label as the data sheet has it
     * @param initial its value after reset
     * @param writable bits that guests change
     */
    public Register add(int offset, String label, int initial, int writable) {
        if (byOffset[offset / 4] != null) {
            throw new IllegalArgumentException(name + " has a register at " + offset + " already");
        }
        Register register = new Register(offset, label, initial, writable);
        byOffset[offset / 4] = register;
        all.add(register);
        return register;
    }

    /** Declares a register that is not stored: what it reads as and takes is given afterwards. */
    public Register add(int offset, String label) {
        return add(offset, label, 0, 0);
    }

    @Override
    public long read(long offset, int size) {
        Register register = byOffset[(int) (offset / 4)];
        return register == null ? 0 : register.read() & 0xffffffffL;
    }

    @Override
    public void write(long offset, long value, int size) {
        Register register = byOffset[(int) (offset / 4)];
        if (register != null) {
            register.write((int) value);
        }
    }

    /** All registers back to what they are after reset; without telling the device. */
    public void reset() {
        all.forEach(Register::reset);
    }

    /** What the registers hold, in the order of declaration. */
    public int[] save() {
        return all.stream().mapToInt(Register::get).toArray();
    }

    /** Checks what {@link #load} would take. */
    public void check(int[] values) throws BadStateException {
        if (values.length != all.size()) {
            throw new BadStateException(name + ": " + values.length + " registers, not " + all.size());
        }
        for (int i = 0; i < values.length; i++) {
            if (!all.get(i).accepts(values[i])) {
                throw new BadStateException(
                        name + ": " + all.get(i).name() + " cannot be 0x" + Integer.toHexString(values[i]));
            }
        }
    }

    /** Puts values back, after {@link #check}; without telling the device. */
    public void load(int[] values) {
        for (int i = 0; i < values.length; i++) {
            all.get(i).set(values[i]);
        }
    }
}
