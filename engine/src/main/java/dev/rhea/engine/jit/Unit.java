package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;

/** Translated guest code with one entry. The translator makes a hidden subclass per region. */
public abstract class Unit {
    /** Guest address of the entry. */
    public final long pc;

    protected Unit(long pc) {
        this.pc = pc;
    }

    /**
     * Runs from the entry on until control leaves the region; the state is in {@link Cpu#r}, the count in
     * {@link Cpu#budget}.
     *
     * @param depth how many units called each other on the JVM's stack to get here
     * @return address of the next guest instruction; {@link #pc} itself if the first instruction must be interpreted
     */
    public abstract long run(Cpu cpu, int depth);
}
