package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where each node of an instruction is computed: in its place, kept in a JVM local; or as part of the one expression that
 * uses it, on the operand stack. Nodes carry their index in {@link Node#mark} above the {@link Narrow#MARK} bit.
 */
final class Schedule {
    private final Node[] nodes;
    private final int[] uses;
    /** Index of the node in whose place the node is computed; -1 for those that nobody needs. */
    private final int[] at;

    private Schedule(Node[] nodes) {
        this.nodes = nodes;
        this.uses = new int[nodes.length];
        this.at = new int[nodes.length];
    }

    static int index(Node node) {
        return node.mark >>> 1;
    }

    static Schedule of(Instruction instruction) {
        Node[] nodes = instruction.nodes;
        var schedule = new Schedule(nodes);
        for (int i = 0; i < nodes.length; i++) {
            nodes[i].mark = nodes[i].mark & Narrow.MARK | i << 1;
        }
        schedule.place();
        return schedule;
    }

    /** Whether the node is computed within the expression of its user. */
    boolean inline(Node node) {
        return at[index(node)] != index(node);
    }

    boolean needed(Node node) {
        return at[index(node)] >= 0;
    }

    /** How many needed nodes use its value. */
    int uses(Node node) {
        return uses[index(node)];
    }

    private void place() {
        int count = nodes.length;
        int[] user = new int[count];
        int[] last = new int[count];
        Arrays.fill(user, -1);
        for (int i = count - 1; i >= 0; i--) {
            Node n = nodes[i];
            if (uses[i] == 0 && (!n.op.effect() || n.op == Op.CALL && n.helper().isPure())) {
                at[i] = -1;
                continue;
            }
            at[i] = place(i, n, user[i], last[i]);
            operand(n.a, i, user, last);
            operand(n.b, i, user, last);
            operand(n.c, i, user, last);
        }
    }

    private void operand(@Nullable Node operand, int user, int[] users, int[] last) {
        if (operand != null && !operand.isConst()) {
            int o = index(operand);
            uses[o]++;
            users[o] = user;
            // The operands of a load are wanted where its page is checked, all others where the user is computed.
            int where = nodes[user].op == Op.LOAD ? user : at[user];
            last[o] = Math.max(last[o], where);
        }
    }

    private int place(int i, Node n, int user, int last) {
        if (uses[i] == 0) {
            return i;
        }
        if (n.op == Op.GET) {
            // Reading a JVM local again costs nothing, so it may have many users.
            return unchanged(n.global().slot(), i, last) ? last : i;
        }
        if (uses[i] > 1) {
            return i;
        }
        int where = nodes[user].op == Op.LOAD ? user : at[user];
        return switch (n.op) {
            case LOAD -> n.type == null || !only(i, where, true) ? i : where;
            case FADD, FSUB, FMUL, FDIV, FSQRT, FMA, FEQ, FLT, FLE, FCVT, FROM_S, FROM_U, TO_S, TO_U ->
                only(i, where, false) ? where : i;
            default -> n.op.effect() ? i : where;
        };
    }

    private boolean unchanged(int slot, int from, int to) {
        for (int k = from + 1; k < to; k++) {
            Node n = nodes[k];
            if (n.op == Op.SET && n.global().slot() == slot
                    || n.op == Op.CALL && n.helper().has(Helper.Effect.WRITES_STATE)) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing between the two places must not be overtaken by a load (or by a float operation's flags). */
    private boolean only(int from, int to, boolean load) {
        for (int k = from + 1; k <= to; k++) {
            switch (nodes[k].op) {
                case STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE, FENCE -> {
                    if (load && k < to) {
                        return false;
                    }
                }
                case CALL -> {
                    if (k < to && !nodes[k].helper().isPure()) {
                        return false;
                    }
                }
                default -> {}
            }
        }
        return true;
    }
}
