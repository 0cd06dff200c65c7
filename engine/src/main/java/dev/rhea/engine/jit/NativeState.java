package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Mem;

/**
 * Slots of {@link dev.rhea.engine.cpu.Cpu#r} behind the guest's registers and the interpreter's temporaries: what machine code
 * and Java tell each other. Machine code reaches all of them through one base register.
 */
public final class NativeState {
    /** Instructions left: in and out, an int. */
    public static final int BUDGET = Globals.SLOTS;

    /** Host address of the soft TLB. */
    public static final int TLB = Globals.SLOTS + 1;

    /** Host address of the {@link UnitTable}'s code addresses. */
    public static final int TABLE = Globals.SLOTS + 2;

    /** 0 where the processor's own floating point does what the guest's would: nearest even, see {@link NativeFloats}. */
    static final int FLOAT_MODE = Globals.SLOTS + 3;

    /** Not 0 once floating-point instructions may have run: their flags are in MXCSR. */
    public static final int FLOATS = Globals.SLOTS + 4;

    /** MXCSR as machine code left it. */
    public static final int MXCSR = Globals.SLOTS + 5;

    /** MXCSR with all exceptions masked and no flag set. */
    static final int MXCSR_CLEAR = Globals.SLOTS + 6;

    /** Guest address to begin at. */
    static final int PC = Globals.SLOTS + 7;

    /** What the last load-exclusive saw where; no reservation if the size is 0. */
    public static final int RESERVED_ADDRESS = Globals.SLOTS + 8;

    public static final int RESERVED_VALUE = Globals.SLOTS + 9;
    public static final int RESERVED_SIZE = Globals.SLOTS + 10;

    /** {@link dev.rhea.engine.fp.FpState#flags}, without those that are in MXCSR: in, and where {@link #FLOATS} says so, out. */
    static final int FP_FLAGS = Globals.SLOTS + 11;

    /** Values that have no register. */
    static final int SPILLS = Globals.SLOTS + 12;

    static final int SPILL_COUNT = 48;

    /** Host addresses of spans that were checked, by {@link Spans.Span#number}. */
    static final int SPANS = SPILLS + SPILL_COUNT;

    static final int SPAN_COUNT = 32;

    /** Where a region begins that was left because a span lies in two pages, or its page is not in the TLB; otherwise 0. */
    static final int STRADDLED = SPANS + SPAN_COUNT;

    // ---- the interpreter's loop; see dev.rhea.engine.interp.TemplateLoop

    /** Host address of the word to execute: in and out. */
    public static final int WORD = STRADDLED + 1;

    /** What to add to the shifted address of a word to get its pc: in and out. */
    public static final int BIAS = STRADDLED + 2;

    /** Instructions left in the slice: in and out, an int. */
    public static final int LEFT = STRADDLED + 3;

    /** Guest address where to stop. */
    public static final int STOP = STRADDLED + 4;

    /** Host address of the fetch cache. */
    public static final int FETCH = STRADDLED + 5;

    /** The mode, as it is in the fetch cache's tags. */
    public static final int MODE = STRADDLED + 6;

    /** Guest address where a jump led. */
    public static final int TARGET = STRADDLED + 7;

    /** The budget, less what {@link #LEFT} held since: in and out, an int. Regions take off it what they execute. */
    public static final int BASE = STRADDLED + 8;

    /** Host address of the table of pieces. */
    public static final int PIECES = STRADDLED + 9;

    /** Host address where regions go with a guest address in RAX for which there is none, or with an empty budget. */
    public static final int GO_ON = STRADDLED + 10;

    /** How often regions may still lead to code that has none until that is sampled. */
    public static final int CALLS = STRADDLED + 11;

    /** The last guest address that was looked for in its second place, and the budget then, an int. */
    public static final int SECOND = STRADDLED + 12;

    public static final int SECOND_BUDGET = STRADDLED + 13;

    /** Length of {@link dev.rhea.engine.cpu.Cpu#r}. */
    public static final int LENGTH = STRADDLED + 14;

    /** What {@link #MXCSR_CLEAR} holds. */
    public static final long CLEAR = 0x1f80;

    private NativeState() {}

    /** Where generated code finds a slot. */
    public static Mem at(int slot) {
        return Mem.at(Assembler.RBP, slot * 8);
    }

    /** Prepares the slots that never change. */
    public static void initialise(long[] state, long tlb) {
        state[TLB] = tlb;
        state[MXCSR_CLEAR] = CLEAR;
    }
}
