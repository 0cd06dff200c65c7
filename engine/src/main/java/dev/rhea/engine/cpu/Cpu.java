package dev.rhea.engine.cpu;

import dev.rhea.engine.debug.StopPoints;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.interp.CodeStore;
import dev.rhea.engine.interp.InterpreterState;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.jit.NativeState;
import dev.rhea.engine.jit.UnitTable;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One processor's state, as both tiers see it. Architectures extend it with what their helpers need beyond the globals.
 *
 * <p>Owned by one thread; only {@link #requestPoll} may be called by others. Fields are public and plain because generated
 * code reads and writes them.
 */
public class Cpu {
    /**
     * The guest's registers: the value of each {@link dev.rhea.engine.ir.Global} at its slot; above them, temporaries, and
     * {@link NativeState}.
     */
    public final long[] r = new long[NativeState.LENGTH];

    /** Address of the next instruction; exact whenever the execution loop or a helper that may fault runs. */
    public long pc;

    /** Instructions left until generated code and interpreter go back to the loop; may run below 0 by a block's length. */
    public int budget;

    /** Instructions executed up to the last return to the loop: the one counter of both tiers. See {@link #count}. */
    public long executed;

    /** Somebody wants this processor's attention: the loop returns {@link Exit#POLL} at its next turn. */
    public volatile boolean poll;

    /** The code of the last trap: the architecture's own number, or the {@link Mmu}'s. */
    public int trap;

    /** What goes with {@link #trap}: an address, the instruction's bits, or 0. */
    public long trapValue;

    /** Set when code that may be running on this thread was dropped: nested translated code must return to the loop. */
    public boolean unwind;

    /** Floating-point flags and rounding mode. */
    public final FpState fp;

    /** The soft TLB of the current {@link View}. */
    public Tlb tlb;

    /** The memory map behind the TLB. */
    public Mmu mmu;

    /** Translated code of the current {@link View}, by pc. */
    public UnitTable units;

    public final Isa isa;

    /** The processor's mode as far as decoding depends on it; small, not negative. */
    public int mode;

    /** Which bits of a computed address count: all, or the low 32 where {@link Isa#addressType} is I32. */
    public final long addressMask;

    /** Where the interpreter stands, and what it knows of the current {@link View}. */
    public InterpreterState interpreter;

    private View view;

    private volatile View[] views;

    /** Decoded code; set by {@link Engine#attach}. */
    public CodeStore code = CodeStore.NONE;

    /** Where it is stopped. */
    public final StopPoints stops = new StopPoints(this);

    /** What it did, for {@link Stats}. */
    public final Counters counters = new Counters();

    /** A trap is on its way out of nested translated code. */
    public boolean trapped;

    /** How often generated code went on after its budget was used up. */
    public int refills;

    /** Instructions until the interpreter's place is sampled. */
    public int slice;

    /** Whether a unit was left since the interpreter ran last. */
    public boolean left;

    private static final VarHandle TURNS;

    static {
        try {
            TURNS = MethodHandles.lookup().findVarHandle(Cpu.class, "turns", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many places {@link #trail} tells; a power of 2. */
    private static final int TRAIL = 32;

    private long turns;

    private final long[] trail = new long[TRAIL];

    /** Whether its thread is in the execution loop. */
    public volatile boolean running;

    /** What {@link #budget} was when it was last filled. */
    private int granted;

    /** The thread that runs this processor, as far as its owner says so: a memory map need not wait for itself. */
    public @Nullable Thread runner;

    private final GuestFault guestFault = new GuestFault();

    protected Cpu(Isa isa, Mmu mmu, FpState fp) {
        this.isa = isa;
        this.mmu = mmu;
        this.fp = fp;
        view = new View(mmu.units(), true);
        views = new View[] {view};
        tlb = view.tlb;
        units = view.units();
        interpreter = view.interpreter;
        NativeState.initialise(r, tlb.base);
        this.addressMask = isa.addressType() == Type.I32 ? 0xffffffffL : -1;
    }

    /** Records a guest exception and gives what is to be thrown. */
    public final GuestFault fault(int code, long value) {
        trap = code;
        trapValue = value;
        return guestFault;
    }

    /** What it looks through now. */
    public final View view() {
        return view;
    }

    /** All views it has. Any thread. */
    public final View[] views() {
        return views;
    }

    /** One more view, empty: for another address space or other rights. Its thread. */
    public final View newView() {
        View made = new View(new UnitTable(), false);
        View[] more = java.util.Arrays.copyOf(views, views.length + 1);
        more[views.length] = made;
        views = more;
        return made;
    }

    /**
     * Looks through another of its views from the next instruction on. Its thread; a helper that does it ends its block
     * ({@link dev.rhea.engine.ir.Helper.Effect#ENDS_BLOCK}).
     */
    public final void see(View other) {
        view = other;
        tlb = other.tlb;
        units = other.units();
        interpreter = other.interpreter;
        r[NativeState.TLB] = tlb.base;
    }

    /** Forgets what this processor itself learned of the memory map: TLBs and fetch caches. Any thread. */
    public final void flushTlb() {
        for (View each : views) {
            each.flushTlb();
        }
    }

    /**
     * Forgets all that was learned of the memory map: TLBs, fetch caches, unit tables. For whoever changes the map, on any
     * thread.
     */
    public final void flushTranslations() {
        for (View each : views) {
            each.flush();
        }
    }

    /**
     * Whether translated code is to be known to this processor alone, since it must not enter all that others may; whoever
     * changes it flushes. While it is out of {@link Engine#run}, or its own thread.
     */
    public final void separateUnits(boolean apart) {
        for (View each : views) {
            each.separateUnits(apart);
        }
        units = view.units();
    }

    /** A load-exclusive saw this value, sign-extended. */
    public final void reserve(long address, long value, int size) {
        r[NativeState.RESERVED_ADDRESS] = address;
        r[NativeState.RESERVED_VALUE] = value;
        r[NativeState.RESERVED_SIZE] = size;
    }

    /** Whether there is a reservation of these bytes. */
    public final boolean isReserved(long address, int size) {
        return r[NativeState.RESERVED_SIZE] == size && r[NativeState.RESERVED_ADDRESS] == address;
    }

    /** What the load-exclusive saw. */
    public final long reservedValue() {
        return r[NativeState.RESERVED_VALUE];
    }

    /** The reservation is used up, or lost. */
    public final void unreserve() {
        r[NativeState.RESERVED_SIZE] = 0;
    }

    /** Takes over the guest's registers of another processor, and nothing else of its {@link #r}. */
    public final void copyRegisters(Cpu from) {
        System.arraycopy(from.r, 0, r, 0, Globals.SLOTS);
    }

    /** Sets all registers of the {@link Isa#globals() register file} to 0, and nothing else of {@link #r}. */
    public final void clearRegisters() {
        java.util.Arrays.fill(r, 0, isa.globals().slots(), 0);
    }

    /** Fills the budget; what was used of the last one must have been settled. */
    public final void grant(int instructions) {
        granted = instructions;
        budget = instructions;
    }

    /**
     * Instructions executed before the one that runs now: for helpers that say so ({@link
     * dev.rhea.engine.ir.Helper.Effect#COUNTS}), and between two instructions. Its thread, or while it is out of {@link
     * Engine#run}.
     */
    public final long count() {
        return executed + granted - budget;
    }

    /** Counts an instruction that its owner did for it, between two runs. */
    public final void countOne() {
        executed++;
        counters.executed++;
    }

    /** Adds what was used of the budget to {@link #executed}. */
    public final void settle() {
        executed += granted - budget;
        counters.executed += granted - budget;
        granted = budget;
    }

    /** Counts the turns of the execution loop: who sees it go on knows that what the loop held before is let go. */
    public final void countTurn() {
        trail[(int) turns & TRAIL - 1] = pc;
        TURNS.setRelease(this, turns + 1);
    }

    /** Where it was when the execution loop last came by: the pcs of its last turns, the latest last. For whoever asks how it got here. */
    public final long[] trail() {
        int known = (int) Math.min(turns, TRAIL);
        long[] result = new long[known];
        for (int i = 0; i < known; i++) {
            result[i] = trail[(int) (turns - known + i) & TRAIL - 1];
        }
        return result;
    }

    /** See {@link #countTurn}. Any thread. */
    public final long turns() {
        return (long) TURNS.getAcquire(this);
    }

    /** Makes the loop return {@link Exit#POLL} soon. Any thread. */
    public final void requestPoll() {
        poll = true;
    }
}
