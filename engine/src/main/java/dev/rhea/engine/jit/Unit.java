package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Translated guest code with one entry. The translator makes a hidden subclass per region. */
public abstract class Unit {
    /** Budgets that C1's profiled code sees: 640,000 instructions. */
    private static final int PROFILED_BUDGETS = 32;

    /** Computed jumps for each that is looked at; a power of 2. */
    private static final int JUMPS_PER_LOOK = 8;

    /** How many targets of computed jumps are remembered. */
    private static final int MAX_TARGETS = 32;

    private static final long[] NOWHERE = {};

    /** Guest address of the entry. */
    public final long pc;

    /** What {@link #promote} compiles; null where HotSpot's own policy rules, or when nothing better can come. */
    private volatile @Nullable Method method;

    /** Budgets that ran out in it before it is worth better code. */
    private int patience;

    /** 0 before the profile was asked for, then one more than the budgets it has seen. */
    private int profiled;

    /** Threads may lose each other's counts. */
    private int straddles;

    /** Where computed jumps went, once that was looked at; each change makes a new array. */
    private volatile long[] targets = NOWHERE;

    private int jumps;
    private int jumpPatience;
    private volatile boolean jumping;

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
        jumpPatience = budgets / 4 + 1;
        this.method = method;
    }

    /**
     * Counts a budget that ran out in this unit. Budgets are of one size, so it is a sample of where guest instructions are
     * executed, for which generated code needs no counters. Threads may lose each other's counts.
     */
    public final void sample() {
        Method run = method;
        if (run != null) {
            if (--patience <= 0) {
                promote(run);
            } else if (--jumpPatience <= 0 && targets.length > 0) {
                jumping = true;
            }
        }
    }

    /** After machine code came back: counts the last span for which a region was left, if one was. */
    public static void countStraddle(Cpu cpu) {
        long entry = cpu.r[NativeState.STRADDLED];
        if (entry != 0) {
            cpu.r[NativeState.STRADDLED] = 0;
            Unit left = cpu.units.find(entry);
            if (left != null) {
                left.straddle(cpu);
            }
        }
    }

    /**
     * Counts a span that lies in two pages far from each other on the host, for which the unit was left. When there were
     * many the unit is taken out of the table, so that the translator is asked and makes another.
     */
    final void straddle(Cpu cpu) {
        if (++straddles == maxStraddles()) {
            cpu.units.remove(this);
        }
    }

    /**
     * For generated code that leaves the region by a computed jump: remembers where to. When much time was spent so, the unit
     * is taken out of the table, and the translator makes one that goes on at those targets: a guest's own interpreter is
     * then one method, not one for each of its instructions.
     */
    public final void jumped(Cpu cpu, long target) {
        if ((++jumps & JUMPS_PER_LOOK - 1) != 0) {
            return;
        }
        if (jumping) {
            cpu.units.remove(this);
        }
        long[] known = targets;
        for (long k : known) {
            if (k == target) {
                return;
            }
        }
        if (known.length < MAX_TARGETS) {
            long[] more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = target;
            targets = more;
        }
    }

    /** Whether code that goes on at the {@link #targets} of its computed jumps would be better. */
    final boolean isJumping() {
        return jumping;
    }

    final long[] targets() {
        return targets;
    }

    /** How many are too many. Leaving costs some 100 ns, another unit some 10 ms. */
    int maxStraddles() {
        return 100_000;
    }

    /** Whether code that checks each access by itself would be better. */
    final boolean isStraddling() {
        return straddles >= maxStraddles();
    }

    /**
     * Has the unit compiled with a profile, and when that has seen some budgets, by C2. HotSpot by itself would first make
     * C2's code for the middle of each of the unit's loops, seven times for a guest's interpreter.
     */
    private void promote(Method run) {
        if (profiled == 0) {
            HotSpot.compile(run, HotSpot.C1_PROFILED);
            profiled = 1;
        } else if (HotSpot.level(run) == HotSpot.C1_PROFILED && ++profiled > PROFILED_BUDGETS) {
            method = null;
            HotSpot.compile(run, HotSpot.C2);
        }
    }

    /** Host address of its entry, for other machine code to go to with the guest address in RAX; 0 for a method. */
    public long machineCode() {
        return 0;
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
