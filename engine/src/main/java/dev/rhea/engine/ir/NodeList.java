package dev.rhea.engine.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of one instruction as they are collected, which end with a jump, a trap or by leaving. */
public abstract sealed class NodeList permits Builder {
    private final List<Node> nodes = new ArrayList<>();
    private boolean ended;
    private boolean computed;

    /** Starts an instruction whose address is not known. */
    public void begin() {
        nodes.clear();
        ended = false;
        computed = false;
    }

    /** What was collected, in order. The list is reused by the next {@link #begin}. */
    public final List<Node> nodes() {
        return nodes;
    }

    /** Whether a constant was folded into another value than it had: the row computes with what the instruction says. */
    public final boolean computed() {
        return computed;
    }

    /** See {@link #computed}. */
    final void markComputed() {
        computed = true;
    }

    static Type typeOf(Node node) {
        return java.util.Objects.requireNonNull(node.type);
    }

    static void check(boolean ok, Op op, @Nullable Node node) {
        if (!ok) {
            throw new IllegalArgumentException("wrong types for " + op + (node == null ? "" : " at " + node)
                    + "; a row of the architecture's table mixes I32 and I64, or integers and floats");
        }
    }

    /** Adds a node; a constant is only made, and stands where it is used. */
    final Node node(
            Op op,
            @Nullable Type type,
            @Nullable Node a,
            @Nullable Node b,
            @Nullable Node c,
            long imm,
            @Nullable Object ref) {
        if (ended) {
            throw new IllegalStateException(
                    op + " after the end of the instruction; a row of the architecture's table goes on after a jump");
        }
        var node = new Node(op, type, a, b, c, imm, ref);
        if (op != Op.CONST) {
            nodes.add(node);
        }
        return node;
    }

    /** Adds the last node. */
    final void end(Op op, @Nullable Node a, long imm, @Nullable Object ref) {
        node(op, null, a, null, null, imm, ref);
        ended = true;
    }
}
