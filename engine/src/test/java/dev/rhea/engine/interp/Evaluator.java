package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Fold;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What integer nodes mean, said as plainly as possible: the tiers are compared with it. */
final class Evaluator {
    private final Map<Node, Long> values = new HashMap<>();
    private final long[] r;
    private final long pc;

    private Evaluator(long[] r, long pc) {
        this.r = r;
        this.pc = pc;
    }

    /** Executes nodes on registers. */
    static void run(List<Node> nodes, long[] r, long pc) {
        var evaluator = new Evaluator(r, pc);
        for (Node node : nodes) {
            evaluator.execute(node);
        }
    }

    private long value(Node node) {
        return node.isConst() ? node.imm : values.get(Objects.requireNonNull(node));
    }

    private void execute(Node n) {
        switch (n.op) {
            case GET -> values.put(n, r[n.global().slot()]);
            case SET -> r[n.global().slot()] = value(n.a);
            default -> values.put(n, compute(n));
        }
    }

    private long compute(Node n) {
        return switch (n.op) {
            case PC -> n.type == Type.I32 ? (int) (pc + n.imm) : pc + n.imm;
            case NEG, NOT, CLZ, CTZ, POPCNT, BSWAP, BITREV, SEXT8, SEXT16, ZEXT8, ZEXT16 ->
                Fold.unary(n.op, n.type, value(n.a));
            case SEXT32, TRUNC -> (int) value(n.a);
            case ZEXT32 -> value(n.a) & 0xffffffffL;
            case EQ, NE, LTS, GES, LTU, GEU -> Fold.compare(n.op, value(n.a), value(n.b)) ? 1 : 0;
            case SELECT -> value(n.a) != 0 ? value(n.b) : value(n.c);
            default -> Fold.binary(n.op, n.type, value(n.a), value(n.b));
        };
    }
}
