package dev.rhea.arch.riscv.system.trigger;

import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.debug.StopRange;
import dev.rhea.engine.debug.Watcher;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** All triggers of a hart. Owned by its thread, as its other CSRs are. */
public final class TriggerModule implements Watcher {
    private static final int COUNT = 2;
    /** The types that are there. */
    private static final long INFO = 1 << Trigger.MCONTROL | 1 << Trigger.ICOUNT | 1 << Trigger.MCONTROL6;

    /** Registers in {@link #state} before those of each trigger, and of each. */
    private static final int SHARED = 2;

    private static final int EACH = 3;

    private final Cpu cpu;
    private final int xlen;
    private final IntSupplier privilege;
    private final Trigger[] triggers = new Trigger[COUNT];
    private int selected;
    private long context;

    /**
     * Triggers that are all off.
     *
     * @param xlen 32 or 64
     * @param privilege at which the hart is: 0, 1 or 3
     */
    public TriggerModule(Cpu cpu, int xlen, IntSupplier privilege) {
        this.cpu = cpu;
        this.xlen = xlen;
        this.privilege = privilege;
        for (int i = 0; i < COUNT; i++) {
            triggers[i] = new Trigger(xlen, i + 1 < COUNT);
        }
    }

    /** Turns all off. */
    public void reset() {
        selected = 0;
        context = 0;
        for (Trigger each : triggers) {
            each.reset();
        }
        arm();
    }

    // ---- registers

    public long tselect() {
        return selected;
    }

    /** Takes the number of a trigger; others are not taken. */
    public void tselect(long value) {
        if (Long.compareUnsigned(value, COUNT) < 0) {
            selected = (int) value;
        }
    }

    public long tdata1() {
        return triggers[selected].tdata1();
    }

    public void tdata1(long value) {
        triggers[selected].tdata1(value);
        arm();
    }

    public long tdata2() {
        return triggers[selected].tdata2();
    }

    public void tdata2(long value) {
        triggers[selected].tdata2(value);
        arm();
    }

    public long tdata3() {
        return triggers[selected].tdata3();
    }

    public void tdata3(long value) {
        triggers[selected].tdata3(value);
    }

    public long tinfo() {
        return INFO;
    }

    public long mcontext() {
        return context;
    }

    public void mcontext(long value) {
        context = value & (xlen == 64 ? 0x1fff : 0x3f);
    }

    // ---- state

    /** {@code tselect}, {@code mcontext}, then {@code tdata1} to {@code tdata3} of each trigger. */
    public long[] state() {
        long[] state = new long[SHARED + EACH * COUNT];
        state[0] = selected;
        state[1] = context;
        for (int i = 0; i < COUNT; i++) {
            state[SHARED + EACH * i] = triggers[i].tdata1();
            state[SHARED + EACH * i + 1] = triggers[i].tdata2();
            state[SHARED + EACH * i + 2] = triggers[i].tdata3();
        }
        return state;
    }

    /** Whether {@link #restore} takes it. */
    public static boolean isState(long[] state) {
        return state.length == SHARED + EACH * COUNT && state[0] >= 0 && state[0] < COUNT;
    }

    /** Becomes what {@link #state} was; fields that take no such values do not. */
    public void restore(long[] state) {
        selected = (int) state[0];
        mcontext(state[1]);
        long mask = xlen == 64 ? -1L : 0xffffffffL;
        for (int i = 0; i < COUNT; i++) {
            triggers[i].tdata1(state[SHARED + EACH * i] & mask);
            triggers[i].tdata2(state[SHARED + EACH * i + 1] & mask);
            triggers[i].tdata3(state[SHARED + EACH * i + 2] & mask);
        }
        arm();
    }

    // ---- stops

    /** Asks for stops wherever a trigger may fire. */
    private void arm() {
        var ranges = new ArrayList<StopRange>();
        for (int first = 0; first < COUNT; first = endOfChain(first)) {
            if (triggers[first].isCounting()) {
                ranges.add(new StopRange(0, xlen == 64 ? -1L : 0xffffffffL, EnumSet.of(Access.FETCH)));
            } else {
                addStops(first, endOfChain(first), ranges);
            }
        }
        cpu.stops.set(this, ranges);
    }

    private int endOfChain(int first) {
        int i = first;
        while (triggers[i].chains() && !triggers[i + 1].countsInstructions()) {
            i++;
        }
        return i + 1;
    }

    /** A chain fires at an access where each of its triggers matches that, or the instruction that makes it. */
    private void addStops(int first, int end, List<StopRange> ranges) {
        for (Access access : Access.values()) {
            Comparison.@Nullable Span both = stops(first, end, access);
            if (both != null) {
                ranges.add(new StopRange(both.first(), both.last(), EnumSet.of(access)));
            }
        }
    }

    /** Where to stop for a chain at accesses of one kind; null for nowhere. */
    private Comparison.@Nullable Span stops(int first, int end, Access access) {
        boolean any = false;
        long from = 0;
        long to = -1;
        for (int i = first; i < end; i++) {
            Trigger each = triggers[i];
            Set<Access> accesses = each.accesses();
            if (!each.isForSomeMode()) {
                return null;
            }
            if (!accesses.contains(access)) {
                if (access == Access.FETCH || !accesses.contains(Access.FETCH)) {
                    return null;
                }
                continue;
            }
            Comparison.Span span = each.span();
            if (span == null) {
                return null;
            }
            any = true;
            from = Long.compareUnsigned(span.first(), from) > 0 ? span.first() : from;
            to = Long.compareUnsigned(span.last(), to) < 0 ? span.last() : to;
        }
        // What lies between the bounds of two may be touched from both sides by one access.
        long low = Long.compareUnsigned(from, to) <= 0 ? from : to;
        long high = Long.compareUnsigned(from, to) <= 0 ? to : from;
        return any ? new Comparison.Span(low, high) : null;
    }

    @Override
    public boolean reached(Cpu reaching, Access access, long address, int size) {
        int mode = privilege.getAsInt();
        boolean fires = false;
        long where = access == Access.FETCH ? 0 : address;
        boolean addressed = false;
        int end;
        for (int first = 0; first < COUNT; first = end) {
            end = endOfChain(first);
            if (access == Access.FETCH && triggers[first].isCounting()) {
                fires |= counted(triggers[first], mode);
            } else if (matches(first, end, mode, access, address, size)) {
                for (int i = first; i < end; i++) {
                    triggers[i].hit();
                }
                where = addressed ? where : firstMatch(first, end, access, address, size);
                addressed = true;
                fires = true;
            }
        }
        if (fires) {
            throw cpu.fault(Traps.BREAKPOINT, where);
        }
        return false;
    }

    private boolean counted(Trigger trigger, int mode) {
        if (!trigger.isFor(mode, context)) {
            return false;
        }
        boolean fires = trigger.count();
        if (fires) {
            trigger.hit();
        }
        if (!trigger.isCounting()) {
            arm();
        }
        return fires;
    }

    private boolean matches(int first, int end, int mode, Access access, long address, int size) {
        boolean any = false;
        for (int i = first; i < end; i++) {
            Trigger each = triggers[i];
            if (each.countsInstructions() || !each.isFor(mode, context)) {
                return false;
            }
            if (each.accesses().contains(access) && matches(each, access, address, size)) {
                any = true;
            } else if (access == Access.FETCH
                    || !each.accesses().contains(Access.FETCH)
                    || !matches(each, Access.FETCH, cpu.pc, 0)) {
                return false;
            }
        }
        return any;
    }

    private boolean matches(Trigger trigger, Access access, long address, int size) {
        if (access != Access.FETCH) {
            return (trigger.size() == 0 || trigger.size() == size)
                    && trigger.comparison().matches(address, size);
        }
        return trigger.comparison().matches(address, 1)
                && (trigger.size() == 0 || trigger.size() == instructionBytes(address));
    }

    /** An instruction that cannot be fetched raises its page fault here. */
    private int instructionBytes(long pc) {
        long host = cpu.mmu.translate(cpu, pc, Access.FETCH);
        return host != Mmu.DEVICE && (RawMemory.getByte(host) & 3) == 3 ? 4 : 2;
    }

    private long firstMatch(int first, int end, Access access, long address, int size) {
        if (access == Access.FETCH) {
            return address;
        }
        for (int i = first; i < end; i++) {
            if (triggers[i].accesses().contains(access)) {
                long found = triggers[i].comparison().firstMatch(address, size);
                if (found != address) {
                    return found;
                }
            }
        }
        return address;
    }
}
