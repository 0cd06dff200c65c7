package dev.rhea.engine.ir;

/**
 * A named, typed piece of guest state: a register.
 *
 * @param name the architecture's own name, for printing
 * @param type what it holds; a {@link Type#V128} takes two slots
 * @param slot its index in {@link dev.rhea.engine.cpu.Cpu#r}, 0 to 239
 */
public record Global(String name, Type type, int slot) {
    public Global {
        if (slot < 0 || slot >= Globals.FIRST_TEMPORARY) {
            throw new IllegalArgumentException(
                    "slot " + slot + " of global " + name + " is not in 0.." + (Globals.FIRST_TEMPORARY - 1));
        }
    }
}
