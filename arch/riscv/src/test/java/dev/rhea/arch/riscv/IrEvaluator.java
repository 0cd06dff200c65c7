package dev.rhea.arch.riscv;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.Fold;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

/** Evaluates the integer meaning of an instruction by the IR's own definition, with neither tier. */
final class IrEvaluator {
    private final Map<Node, Long> values = new IdentityHashMap<>();
    private final Cpu cpu;

    private IrEvaluator(Cpu cpu) {
        this.cpu = cpu;
    }

    static void run(Iterable<Node> nodes, Cpu cpu) {
        var evaluator = new IrEvaluator(cpu);
        for (Node node : nodes) {
            evaluator.values.put(node, evaluator.evaluate(node));
        }
    }

    private long value(Node node) {
        return node == null ? 0 : node.isConst() ? node.imm : Objects.requireNonNull(values.get(node));
    }

    private long evaluate(Node n) {
        long a = value(n.a);
        long b = value(n.b);
        return switch (n.op) {
            case GET -> cpu.r[n.global().slot()];
            case SET -> cpu.r[n.global().slot()] = a;
            case CALL -> {
                long result = n.helper().code().call(cpu, a, b, value(n.c));
                yield n.type == Type.I32 ? (int) result : result;
            }
            case EQ, NE, LTS, GES, LTU, GEU -> Fold.compare(n.op, a, b) ? 1 : 0;
            case FENCE -> 0; // there is one thread
            case SELECT -> a != 0 ? b : value(n.c);
            case TRUNC, SEXT32 -> (int) a;
            case ZEXT32 -> a & 0xffffffffL;
            case NEG, NOT, CLZ, CTZ, POPCNT, BSWAP, BITREV, SEXT8, SEXT16, ZEXT8, ZEXT16 ->
                Fold.unary(n.op, Objects.requireNonNull(n.type), a);
            default -> Fold.binary(n.op, Objects.requireNonNull(n.type), a, b);
        };
    }
}
