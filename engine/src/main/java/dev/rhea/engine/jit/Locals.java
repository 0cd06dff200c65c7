package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JVM locals of a region's method. */
final class Locals {
    /** The {@link dev.rhea.engine.cpu.Cpu}. */
    static final int CPU = 1;
    /** Depth of calls. */
    static final int DEPTH = 2;
    /** {@link dev.rhea.engine.cpu.Cpu#r}. */
    static final int R = 3;
    /** The instruction count that is left. */
    static final int BUDGET = 4;
    /** Host address of the soft TLB. */
    static final int TLB = 5;
    /** {@link dev.rhea.engine.cpu.Cpu#fp}. */
    static final int FP = 7;

    private static final int FIRST = 8;

    private final int[] local = new int[256];
    private final @Nullable Type[] type = new Type[256];
    private final SlotSet used = new SlotSet();
    private int next = FIRST;
    private int temporaries;
    private boolean floats;

    /** Gives each global that the region uses its local. */
    Locals(Region region) {
        Arrays.fill(local, -1);
        for (Block block : region.blocks) {
            for (Instruction instruction : block.instructions) {
                for (Node node : instruction.nodes) {
                    if (node.op == Op.GET || node.op == Op.SET) {
                        int slot = node.global().slot();
                        if (local[slot] < 0) {
                            type[slot] = node.global().type();
                            local[slot] = next;
                            next += kind(node.global().type()).slotSize();
                            used.add(slot);
                        }
                    }
                    floats |= FloatEmitter.isFloat(node.op);
                }
            }
        }
        temporaries = next;
    }

    SlotSet used() {
        return used;
    }

    boolean hasFloats() {
        return floats;
    }

    int of(int slot) {
        return local[slot];
    }

    Type type(int slot) {
        return Objects.requireNonNull(type[slot]);
    }

    /** Forgets the temporaries of the instruction before. */
    void beginInstruction() {
        next = temporaries;
    }

    /** A local for the whole method; to be taken before the first instruction is emitted. */
    int permanent(TypeKind kind) {
        int slot = temporaries;
        temporaries += kind.slotSize();
        return slot;
    }

    int temporary(TypeKind kind) {
        int slot = next;
        next += kind.slotSize();
        return slot;
    }

    static TypeKind kind(Type type) {
        return switch (type) {
            case I32 -> TypeKind.INT;
            case I64, V128 -> TypeKind.LONG;
            case F32 -> TypeKind.FLOAT;
            case F64 -> TypeKind.DOUBLE;
        };
    }

    /** Reads a global out of {@code Cpu.r} into its local. */
    void load(CodeBuilder c, int slot) {
        c.aload(R).loadConstant(slot).laload();
        Conversions.fromBits(c, type(slot));
        c.storeLocal(kind(type(slot)), of(slot));
    }

    /** Writes a global back. */
    void store(CodeBuilder c, int slot) {
        c.aload(R).loadConstant(slot);
        c.loadLocal(kind(type(slot)), of(slot));
        Conversions.toBits(c, type(slot));
        c.lastore();
    }

    /** Reads globals out of {@code Cpu.r}. */
    void load(CodeBuilder c, SlotSet slots) {
        for (int slot = slots.next(0); slot >= 0; slot = slots.next(slot + 1)) {
            load(c, slot);
        }
    }

    /** Writes globals back. */
    void store(CodeBuilder c, SlotSet slots) {
        for (int slot = slots.next(0); slot >= 0; slot = slots.next(slot + 1)) {
            store(c, slot);
        }
    }

    /** Makes the verifier content with a local that is written before it is read. */
    void clear(CodeBuilder c, int slot) {
        switch (kind(type(slot))) {
            case INT -> c.iconst_0();
            case LONG -> c.lconst_0();
            case FLOAT -> c.fconst_0();
            default -> c.dconst_0();
        }
        c.storeLocal(kind(type(slot)), of(slot));
    }
}
