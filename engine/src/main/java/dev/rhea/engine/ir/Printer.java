package dev.rhea.engine.ir;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints nodes as a reader wants them: {@code v2:i64 = add v0, v1}. */
public final class Printer {
    private final Map<Node, Integer> numbers = new IdentityHashMap<>();

    private Printer() {}

    /** All nodes of an instruction, a line each, numbered in order. */
    public static String print(List<Node> nodes) {
        var printer = new Printer();
        var out = new StringBuilder();
        for (Node node : nodes) {
            out.append(printer.text(node)).append('\n');
        }
        return out.toString();
    }

    static String line(Node node) {
        return new Printer().text(node);
    }

    private String text(Node n) {
        var out = new StringBuilder();
        if (n.type != null) {
            out.append('v')
                    .append(number(n))
                    .append(':')
                    .append(n.type.name().toLowerCase(Locale.ROOT))
                    .append(" = ");
        }
        out.append(n.op.name().toLowerCase(Locale.ROOT));
        switch (n.ref) {
            case Global g -> out.append(' ').append(g.name());
            case Helper h -> out.append(' ').append(h.name());
            case MemOp m ->
                out.append('.')
                        .append(m.size())
                        .append(m.signed() ? "s" : "u")
                        .append(m.bigEndian() ? "be" : "")
                        .append(
                                m.atomic() == MemOp.Atomic.NONE
                                        ? ""
                                        : "." + m.atomic().name().toLowerCase(Locale.ROOT));
            case Flow f -> out.append('.').append(f.name().toLowerCase(Locale.ROOT));
            case null, default -> {}
        }
        operand(out, n.a);
        operand(out, n.b);
        operand(out, n.c);
        if (n.imm != 0 || n.op == Op.CONST || n.op == Op.JUMP) {
            out.append(n.a == null && n.ref == null ? " " : ", ").append(Long.toHexString(n.imm));
        }
        return out.toString();
    }

    private void operand(StringBuilder out, @Nullable Node operand) {
        if (operand != null) {
            out.append(out.charAt(out.length() - 1) == ' ' ? "" : " ");
            if (operand.op == Op.CONST) {
                out.append("#").append(Long.toHexString(operand.imm));
            } else {
                out.append('v').append(number(operand));
            }
        }
    }

    private int number(Node node) {
        return numbers.computeIfAbsent(node, k -> numbers.size());
    }
}
