package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Translated guest code with one entry. The translator makes a hidden subclass per region. */
public abstract class Unit {
    /** Leaving costs some 100 ns, another unit some 10 ms. */
    static final int MAX_STRADDLES = 100_000;

    /** Guest address of the entry. */
    public final long pc;

    /** What {@link #promote} compiles; null where HotSpot's own policy rules, or when nothing better can come. */
    private volatile @Nullable Method method;

    /** Budgets that ran out in it before it is worth better code. */
    private int patience;

    /** Threads may lose each other's counts. */
    private int straddles;

    protected Unit(long pc) {
        this.pc = pc;
    }

    /**
     * Has {@link #promote} called when so many budgets have run out in this unit.
     *
     * @param method its {@link #run}, in C1's code
     */
    final void promoteAfter(int budgets, Method method) {
        patience = budgets;
        this.method = method;
    }

    /**
     * Counts a budget that ran out in this unit. Budgets are of one size, so it is a sample of where guest instructions are
     * executed, for which generated code needs no counters. Threads may lose each other's counts.
     */
    public void sample() {
        if (method != null && --patience == 0) {
            promote();
        }
    }

    /**
     * Counts a span that lies in two pages far from each other on the host, for which the unit was left. When there were
     * many the unit is taken out of the table, so that the translator is asked and makes another.
     */
    final void straddle(Cpu cpu) {
        if (++straddles == MAX_STRADDLES) {
            cpu.units.remove(this);
        }
    }

    /** Whether code that checks each access by itself would be better. */
    final boolean isStraddling() {
        return straddles >= MAX_STRADDLES;
    }

    /** Has the unit compiled with a profile; from there HotSpot itself goes on to C2. */
    private void promote() {
        Method run = method;
        method = null;
        if (run != null) {
            HotSpot.compile(run, HotSpot.C1_PROFILED);
        }
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
