package dev.rhea.engine.ir;

import org.jspecify.annotations.Nullable;

/**
 * One operation of one guest instruction; also the value it computes. Made by {@link Builder} only, never changed after
 * (except {@link #uses}, which counts operands that name it).
 */
public final class Node {
    public final Op op;
    /** Type of the value, or null where there is none. */
    public final @Nullable Type type;

    public final @Nullable Node a;
    public final @Nullable Node b;
    public final @Nullable Node c;
    public final long imm;
    /** {@link Global}, {@link MemOp}, {@link Helper} or {@link Flow}, as the operation wants. */
    public final @Nullable Object ref;
    /** How many operands name this node. */
    public int uses;
    /** Scratch of whoever walks the nodes: a slot, a local, an index. */
    public int mark;

    Node(
            Op op,
            @Nullable Type type,
            @Nullable Node a,
            @Nullable Node b,
            @Nullable Node c,
            long imm,
            @Nullable Object ref) {
        this.op = op;
        this.type = type;
        this.a = a;
        this.b = b;
        this.c = c;
        this.imm = imm;
        this.ref = ref;
        if (a != null) {
            a.uses++;
        }
        if (b != null) {
            b.uses++;
        }
        if (c != null) {
            c.uses++;
        }
    }

    public boolean isConst() {
        return op == Op.CONST;
    }

    public boolean isConst(long value) {
        return op == Op.CONST && imm == value;
    }

    public Global global() {
        return (Global) java.util.Objects.requireNonNull(ref);
    }

    public MemOp mem() {
        return (MemOp) java.util.Objects.requireNonNull(ref);
    }

    public Helper helper() {
        return (Helper) java.util.Objects.requireNonNull(ref);
    }

    public Flow flow() {
        return (Flow) java.util.Objects.requireNonNull(ref);
    }

    @Override
    public String toString() {
        return Printer.line(this);
    }
}
