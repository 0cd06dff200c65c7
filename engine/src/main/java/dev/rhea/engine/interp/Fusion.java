package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of an instruction become part of another micro-operation, which compute straight into a register, how long
 * each value is needed, and which reads of registers must be copied because the register is written before the last use.
 */
final class Fusion {
    private boolean[] fused = new boolean[0];
    private boolean[] copy = new boolean[0];
    private int[] target = new int[0];
    private int[] lastUse = new int[0];
    private int[] firstEnding = new int[0];
    private int[] nextEnding = new int[0];
    private int link;

    /** Sets every node's {@link Node#mark} to its index. */
    void analyse(List<Node> nodes, int length) {
        int size = nodes.size();
        reset(size);
        for (int i = 0; i < size; i++) {
            nodes.get(i).mark = i;
        }
        for (int i = 0; i < size; i++) {
            fuse(nodes, i, length);
        }
        for (int i = 0; i < size; i++) {
            Node n = nodes.get(i);
            if (!fused[i] && !isAlias(n)) {
                use(n.a, i);
                use(n.b, i);
                use(n.c, i);
            }
        }
        for (int i = 0; i < size; i++) {
            Node n = nodes.get(i);
            if (n.op == Op.GET) {
                copy[i] = isClobbered(nodes, i, n.global().slot());
            } else if (n.op == Op.SET && !fused[i]) {
                aim(nodes, i, n);
            }
            if (lastUse[i] >= 0) {
                nextEnding[i] = firstEnding[lastUse[i]];
                firstEnding[lastUse[i]] = i;
            }
        }
    }

    private void reset(int size) {
        if (fused.length < size) {
            fused = new boolean[size * 2];
            copy = new boolean[size * 2];
            target = new int[size * 2];
            lastUse = new int[size * 2];
            firstEnding = new int[size * 2];
            nextEnding = new int[size * 2];
        }
        Arrays.fill(fused, 0, size, false);
        Arrays.fill(copy, 0, size, false);
        Arrays.fill(target, 0, size, -1);
        Arrays.fill(lastUse, 0, size, -1);
        Arrays.fill(firstEnding, 0, size, -1);
        link = -1;
    }

    // ---- answers

    boolean fused(int i) {
        return fused[i];
    }

    boolean isFused(Node node) {
        return !node.isConst() && fused[node.mark];
    }

    /** The register that node i computes into, or -1. */
    int target(int i) {
        return target[i];
    }

    /** Whether a SET of this value has nothing left to do. */
    boolean isTargeted(Node value) {
        Node root = root(value);
        return !root.isConst() && target[root.mark] >= 0;
    }

    /** Index of the last node that reads the value of node i, or -1. */
    int lastUse(int i) {
        return lastUse[i];
    }

    boolean mustCopy(int i) {
        return copy[i];
    }

    /** The register that the final jump leaves the next instruction's address in, or -1. */
    int link() {
        return link;
    }

    /** The first of the nodes whose last use is node i, or -1. */
    int firstEndingAt(int i) {
        return firstEnding[i];
    }

    int nextEnding(int j) {
        return nextEnding[j];
    }

    /** Whether the node's value is its operand's slot. */
    static boolean isAlias(Node n) {
        return switch (n.op) {
            case TRUNC, UNBOX -> true;
            case SEXT32, BOX -> isCanonical(Objects.requireNonNull(n.a));
            case BITCAST ->
                (n.type == Type.I64 || n.type == Type.F64)
                        && !Objects.requireNonNull(n.a).isConst();
            default -> false;
        };
    }

    /** Whether the slot that holds the value holds all of it as its type wants. */
    static boolean isCanonical(Node n) {
        return n.op != Op.TRUNC && n.op != Op.UNBOX;
    }

    /** The node whose slot holds the value. */
    static Node root(Node n) {
        while (!n.isConst() && isAlias(n)) {
            n = Objects.requireNonNull(n.a);
        }
        return n;
    }

    // ---- analysis

    private void use(@Nullable Node operand, int user) {
        if (operand == null || operand.isConst()) {
            return;
        }
        if (fused[operand.mark]) {
            use(operand.a, user);
            use(operand.b, user);
            use(operand.c, user);
        } else {
            Node root = root(operand);
            if (!root.isConst()) {
                lastUse[root.mark] = Math.max(lastUse[root.mark], user);
            }
        }
    }

    private void fuse(List<Node> nodes, int i, int length) {
        Node n = nodes.get(i);
        switch (n.op) {
            case JUMP_IF -> {
                Node condition = Objects.requireNonNull(n.a);
                if (condition.uses == 1 && condition.op.compareTo(Op.EQ) >= 0 && condition.op.compareTo(Op.GEU) <= 0) {
                    fused[condition.mark] = true;
                }
            }
            case JUMP_TO -> {
                link(nodes, i, length);
                Node address = Objects.requireNonNull(n.a);
                if (address.op == Op.AND
                        && address.uses == 1
                        && Objects.requireNonNull(address.b).isConst(-2)) {
                    fused[address.mark] = true;
                    address = Objects.requireNonNull(address.a);
                }
                if (isSumWithConstant(address, 36)) {
                    fused[address.mark] = true;
                }
            }
            case JUMP -> link(nodes, i, length);
            case LOAD, STORE -> {
                Node address = Objects.requireNonNull(n.a);
                if (isSumWithConstant(address, 27) && MicroOp.fits(n.imm, 27) && n.ref instanceof MemOp) {
                    fused[address.mark] = true;
                }
            }
            case ADD -> {
                Node a = Objects.requireNonNull(n.a);
                if (n.type == Type.I64
                        && a.op == Op.SHL
                        && a.uses == 1
                        && Objects.requireNonNull(a.b).isConst()
                        && !Objects.requireNonNull(n.b).isConst()) {
                    fused[a.mark] = true;
                }
            }
            case AND, OR, XOR -> {
                Node b = Objects.requireNonNull(n.b);
                if (n.type == Type.I64 && b.op == Op.NOT && b.uses == 1) {
                    fused[b.mark] = true;
                }
            }
            default -> {}
        }
    }

    private static boolean isSumWithConstant(Node n, int bits) {
        return n.op == Op.ADD && n.uses == 1 && Objects.requireNonNull(n.b).isConst() && MicroOp.fits(n.b.imm, bits);
    }

    /** Finds a SET of the next instruction's address that the jump at {@code i} can do. */
    private void link(List<Node> nodes, int i, int length) {
        for (int k = i - 1; k >= 0; k--) {
            Node n = nodes.get(k);
            if (n.op == Op.SET) {
                Node value = Objects.requireNonNull(n.a);
                if (value.op == Op.PC
                        && value.imm == length
                        && value.uses == 1
                        && !isRead(nodes, k + 1, i, n.global().slot())) {
                    fused[k] = true;
                    fused[value.mark] = true;
                    link = n.global().slot();
                }
                return;
            }
            if (n.op.effect()) {
                return;
            }
        }
    }

    private static boolean isRead(List<Node> nodes, int from, int to, int slot) {
        for (int m = from; m < to; m++) {
            Node n = nodes.get(m);
            if (n.op == Op.GET && n.global().slot() == slot) {
                return true;
            }
        }
        return false;
    }

    private boolean isClobbered(List<Node> nodes, int get, int slot) {
        for (int k = get + 1; k < lastUse[get]; k++) {
            Node n = nodes.get(k);
            if (n.op == Op.SET && !fused[k] && n.global().slot() == slot
                    || n.op == Op.CALL && n.helper().has(Helper.Effect.WRITES_STATE)) {
                return true;
            }
        }
        return false;
    }

    /** Makes the value that the SET at {@code k} writes be computed right where it goes, if nothing in between minds. */
    private void aim(List<Node> nodes, int k, Node set) {
        Node value = Objects.requireNonNull(set.a);
        if (!isCanonical(value)) {
            return;
        }
        int slot = set.global().slot();
        while (!value.isConst() && isAlias(value)) {
            if (value.uses != 1) {
                return;
            }
            value = Objects.requireNonNull(value.a);
        }
        if (value.isConst() || value.op == Op.GET || value.uses != 1 || fused[value.mark]) {
            return;
        }
        for (int m = value.mark + 1; m < k; m++) {
            Node n = nodes.get(m);
            if (n.op == Op.SET
                    ? n.global().slot() == slot
                    : n.op.effect() || n.op == Op.GET && n.global().slot() == slot) {
                return;
            }
            if (reads(n.a, slot) || reads(n.b, slot) || reads(n.c, slot)) {
                return;
            }
        }
        target[value.mark] = slot;
    }

    private static boolean reads(@Nullable Node operand, int slot) {
        if (operand == null || operand.isConst()) {
            return false;
        }
        Node root = root(operand);
        return root.op == Op.GET && ((Global) Objects.requireNonNull(root.ref)).slot() == slot;
    }
}
