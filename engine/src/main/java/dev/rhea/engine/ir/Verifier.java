package dev.rhea.engine.ir;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what the tiers rely on. On in tests and where assertions are on. */
public final class Verifier {
    private Verifier() {}

    /**
     * Checks the nodes of one instruction: operands come before their users, ends come last, types fit.
     *
     * @throws IllegalStateException naming the first node that is wrong
     */
    public static void verify(List<Node> nodes) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < nodes.size(); i++) {
            Node n = nodes.get(i);
            operand(seen, n, n.a);
            operand(seen, n, n.b);
            operand(seen, n, n.c);
            require(!n.op.ends() || i == nodes.size() - 1, n, "ends the instruction but is not its last node");
            switch (n.op) {
                case GET -> require(n.type == n.global().type(), n, "reads a global of another type");
                case SET -> require(n.a != null && n.a.type == n.global().type(), n, "writes a value of another type");
                case LOAD, STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE ->
                    require(
                            n.a != null && (n.a.type == Type.I64 || n.a.type == Type.I32) && n.ref instanceof MemOp,
                            n,
                            "has no address");
                case CALL -> require(n.type == n.helper().result(), n, "has another type than its helper");
                case JUMP_IF -> require(n.a != null && n.a.type == Type.I32, n, "wants an I32 condition");
                default -> {}
            }
            seen.add(n);
        }
    }

    private static void operand(Set<Node> seen, Node user, @Nullable Node operand) {
        require(
                operand == null || operand.isConst() || seen.contains(operand),
                user,
                "uses a value that does not come before it");
        require(operand == null || operand.type != null, user, "uses a node that has no value");
    }

    private static void require(boolean ok, Node node, String what) {
        if (!ok) {
            throw new IllegalStateException("wrong instruction meaning: '" + node + "' " + what);
        }
    }
}
