package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of one instruction at a time are: in registers, in memory, or still to be computed; and what keeps and
 * writes them. Of an I32 in a host register the upper half means nothing; in a global's memory it is sign-extended. RCX is
 * free at any time within one operation; the other scratch registers are taken and given back.
 */
final class NativeValues {
    /** Scratch registers, as a mask. */
    private static final int SCRATCH = 1 << RAX | 1 << RDX | 1 << RSI | 1 << RDI;

    static final int NONE = -1;
    static final int MEMORY = -2;

    final Assembler asm;
    final NativeRegisters registers;
    final NativeFloats floats;
    final NativeMemory memory;
    final NativeConditions conditions;
    private final NativeIntegers integers;

    private Schedule schedule = Schedule.of(new Instruction(0, 0, java.util.List.of()));
    private long pc;
    private int free = SCRATCH;
    private int spills;
    /** Slot of each kept node's value, by index; 0 for none. */
    private int[] kept = new int[16];
    /** Writes put off: for each slot that has one, the index of the SET + 1 and the spill slot with the value. */
    private final int[] pendingSet = new int[256];

    private final int[] pendingSpill = new int[256];
    private final int[] pendingSlots = new int[32];
    private int pendingCount;
    /** Where {@link #place} found a value that is in memory. */
    private Mem found = NativeState.at(0);

    NativeValues(Assembler asm, NativeRegisters registers) {
        this.asm = asm;
        this.registers = registers;
        this.floats = new NativeFloats(this);
        this.memory = new NativeMemory(this);
        this.conditions = new NativeConditions(this);
        this.integers = new NativeIntegers(this);
    }

    void begin(Instruction instruction, Schedule schedule, Label leave) {
        this.schedule = schedule;
        pc = instruction.pc;
        int count = instruction.nodes.length;
        if (kept.length < count) {
            kept = new int[count * 2];
        }
        Arrays.fill(kept, 0);
        memory.begin(count);
        free = SCRATCH;
        spills = 0;
        floats.begin(leave);
    }

    // ---- registers

    /** A scratch register; to be given back by {@link #give}. */
    int take() {
        int r = Integer.numberOfTrailingZeros(free);
        if (r >= 32) {
            throw new TooComplex();
        }
        free &= ~(1 << r);
        return r;
    }

    /** Gives back a register that {@link #take} or {@link #use} gave; guest registers stay. */
    void give(int r) {
        free |= 1 << r & SCRATCH;
    }

    boolean isFree(int r) {
        return (free & 1 << r) != 0;
    }

    boolean isScratch(int r) {
        return (SCRATCH & 1 << r) != 0;
    }

    /** The instruction wants more registers or memory than there is: the interpreter executes it. */
    static final class TooComplex extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooComplex() {
            super("too complex", null, false, false);
        }
    }

    int spill() {
        if (spills == NativeState.SPILL_COUNT) {
            throw new TooComplex();
        }
        return NativeState.SPILLS + spills++;
    }

    // ---- statements

    /** Computes a value in its place and keeps it. */
    void keep(Node n) {
        if (isFloat(n)) {
            int x = floats.take();
            floats.eval(n, x);
            if (schedule.uses(n) > 0) {
                int slot = spill();
                kept[Schedule.index(n)] = slot;
                asm.storeScalar(x, NativeState.at(slot), n.type == Type.F64);
            }
            floats.give(x);
            return;
        }
        int d = take();
        eval(n, d);
        keepIn(n, d);
        give(d);
    }

    /** Keeps the value that is in a register. */
    void keepIn(Node n, int r) {
        if (schedule.uses(n) > 0) {
            int slot = spill();
            kept[Schedule.index(n)] = slot;
            asm.store(r, NativeState.at(slot), 3);
        }
    }

    static boolean isFloat(Node n) {
        return n.type == Type.F64 || n.type == Type.F32;
    }

    /** Writes a global; with {@code putOff} only {@link #commit} does. */
    void set(Node n, boolean putOff) {
        int slot = n.global().slot();
        Type type = n.global().type();
        Node value = Objects.requireNonNull(n.a);
        if (putOff) {
            int s = spill();
            toMemory(value, type, NativeState.at(s));
            if (pendingCount == pendingSlots.length) {
                throw new TooComplex();
            }
            pendingSlots[pendingCount++] = slot;
            pendingSet[slot] = Schedule.index(n) + 1;
            pendingSpill[slot] = s;
            return;
        }
        pendingSet[slot] = 0;
        int r = registers.of(slot);
        if (r < 0) {
            toMemory(value, type, NativeState.at(slot));
        } else if (type == Type.F64) {
            floats.evalBits(value, r);
        } else if (clobbers(value, slot)) {
            int t = take();
            bits(value, t, type);
            asm.mov(r, t, true);
            give(t);
        } else {
            bits(value, r, type);
        }
    }

    /** A value as a global of a type has it, in memory. */
    private void toMemory(Node value, Type type, Mem to) {
        if (value.isConst() && value.imm == (int) value.imm) {
            asm.storeImm(to, (int) value.imm, true);
        } else if (value.type == Type.F64 && kept[Schedule.index(value)] == 0) {
            int x = floats.take();
            floats.eval(value, x);
            asm.storeScalar(x, to, true);
            floats.give(x);
        } else {
            int t = take();
            bits(value, t, type);
            if (type == Type.I32) {
                asm.movsxd(t, t);
            }
            asm.store(t, to, 3);
            give(t);
        }
    }

    /** Does the writes that were put off. */
    void commit() {
        for (int i = 0; i < pendingCount; i++) {
            int slot = pendingSlots[i];
            if (pendingSet[slot] == 0) {
                continue;
            }
            Mem from = NativeState.at(pendingSpill[slot]);
            int bit = registers.bit(slot);
            int r = registers.of(slot);
            if (bit == 0) {
                asm.load(RCX, from, 3, false, true);
                asm.store(RCX, NativeState.at(slot), 3);
            } else if (registers.global(Integer.numberOfTrailingZeros(bit)).type() == Type.F64) {
                asm.loadScalar(r, from, true);
            } else {
                asm.load(r, from, 3, false, true);
            }
            pendingSet[slot] = 0;
        }
        pendingCount = 0;
    }

    /** Forgets writes that were put off, where the instruction turned out to be too complex. */
    void abandon() {
        for (int i = 0; i < pendingCount; i++) {
            pendingSet[pendingSlots[i]] = 0;
        }
        pendingCount = 0;
    }

    /** Whether a value reads a global after the first operation that computes it in place. */
    private boolean clobbers(Node n, int slot) {
        if (n.isConst() || kept[Schedule.index(n)] != 0) {
            return false;
        }
        return switch (n.op) {
            case GET, PC -> false;
            case ADD, SUB, MUL, AND, OR, XOR, SHL, SHR, SAR -> clobbers(a(n), slot) || reads(b(n), slot);
            case NEG, NOT, BSWAP, SEXT8, SEXT16, ZEXT8, ZEXT16, SEXT32, ZEXT32, TRUNC -> clobbers(a(n), slot);
            case LOAD -> false; // its address is known already
            default -> reads(n, slot);
        };
    }

    private boolean reads(@Nullable Node n, int slot) {
        if (n == null || n.isConst() || kept[Schedule.index(n)] != 0 || n.op == Op.LOAD) {
            return false;
        }
        return n.op == Op.GET && n.global().slot() == slot || reads(n.a, slot) || reads(n.b, slot) || reads(n.c, slot);
    }

    // ---- values

    /** A value as the 64 bits of a global of a type; of an I32 global only the low half matters. */
    void bits(Node value, int d, Type type) {
        switch (Objects.requireNonNull(value.type)) {
            case I64 -> eval(value, d);
            case I32 -> {
                eval(value, d);
                if (type != Type.I32) {
                    asm.movsxd(d, d);
                }
            }
            default -> floats.bits(value, d);
        }
    }

    /**
     * Where a value is without being computed: a register, {@link #MEMORY} (then {@link #found}), or {@link #NONE}.
     *
     * @param low whether only its low 32 bits are wanted
     */
    int place(Node n, boolean low) {
        Node v = n;
        while (true) {
            if (v.isConst()) {
                return NONE;
            }
            int slot = kept[Schedule.index(v)];
            if (slot != 0) {
                found = NativeState.at(slot);
                return MEMORY;
            }
            if (low && (v.op == Op.TRUNC || v.op == Op.SEXT32 || v.op == Op.ZEXT32)) {
                v = a(v);
                continue;
            }
            if (v.op != Op.GET || isFloat(v)) {
                return NONE;
            }
            slot = v.global().slot();
            if (pendingSet[slot] != 0 && pendingSet[slot] - 1 < Schedule.index(v)) {
                found = NativeState.at(pendingSpill[slot]);
                return MEMORY;
            }
            int r = registers.of(slot);
            if (r >= 0) {
                return r;
            }
            found = NativeState.at(slot);
            return MEMORY;
        }
    }

    /** A register with the value, to be read only and given back. */
    int use(Node n) {
        int p = n.isConst() ? NONE : place(n, n.type != Type.I64);
        if (p >= 0) {
            return p;
        }
        int d = take();
        eval(n, d);
        return d;
    }

    static boolean isImmediate(Node n) {
        return n.isConst() && (n.type == Type.I32 || n.imm == (int) n.imm);
    }

    /** Computes a value into a register. */
    void eval(Node n, int d) {
        boolean wide = n.type == Type.I64;
        if (n.isConst()) {
            asm.movImm(d, wide ? n.imm : n.imm & 0xffffffffL);
            return;
        }
        int p = place(n, !wide);
        if (p >= 0) {
            if (p != d) {
                asm.mov(d, p, wide);
            }
            return;
        }
        if (p == MEMORY) {
            asm.load(d, found, wide ? 3 : 2, false, wide);
            return;
        }
        integers.compute(n, d, wide);
    }

    // ---- operands

    /** Address of the present instruction. */
    long pc() {
        return pc;
    }

    /** Where {@link #place} just found a value that is in {@link #MEMORY}. */
    Mem found() {
        return found;
    }

    boolean isKept(Node n) {
        return !n.isConst() && kept[Schedule.index(n)] != 0;
    }

    Mem keptAt(Node n) {
        return NativeState.at(kept[Schedule.index(n)]);
    }

    /** Where an F64 global's value was put off to, as a GET sees it; null where it is in its own place. */
    @Nullable
    Mem pending(Node get) {
        int slot = get.global().slot();
        return pendingSet[slot] != 0 && pendingSet[slot] - 1 < Schedule.index(get)
                ? NativeState.at(pendingSpill[slot])
                : null;
    }

    static Node a(Node n) {
        return Objects.requireNonNull(n.a);
    }

    static Node b(Node n) {
        return Objects.requireNonNull(n.b);
    }
}
