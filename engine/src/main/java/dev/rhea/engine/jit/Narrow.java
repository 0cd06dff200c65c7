package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.util.Objects;

/**
 * Which I64 values are sign-extended 32-bit ones. Logic on such values is done on JVM ints, since only there does C2 see
 * rotates and byte swaps.
 */
final class Narrow {
    private Narrow() {}

    /** Set in {@link Node#mark} of a GET whose global holds such a value at that place. */
    static final int MARK = 1;

    /** Marks a GET. */
    static void mark(Node get, SlotSet narrow) {
        get.mark = narrow.contains(get.global().slot()) ? get.mark | MARK : get.mark & ~MARK;
    }

    /**
     * Whether {@code n} is such a value; its {@link Op#GET}s have been marked by {@link #mark}.
     */
    static boolean isNarrow(Node n) {
        if (n.type != Type.I64) {
            return false;
        }
        return switch (n.op) {
            case CONST -> n.imm == (int) n.imm;
            case GET -> (n.mark & MARK) != 0;
            case SEXT32, SEXT8, SEXT16, ZEXT8, ZEXT16, CLZ, CTZ, POPCNT -> true;
            case ZEXT32 -> isBit(Objects.requireNonNull(n.a));
            case LOAD -> n.mem().size() < 4 || n.mem().size() == 4 && n.mem().signed();
            case AND -> isNarrow(a(n)) && isNarrow(b(n)) || isPositiveInt(b(n));
            case OR, XOR, MINS, MAXS, MINU, MAXU -> isNarrow(a(n)) && isNarrow(b(n));
            case NOT -> isNarrow(a(n));
            case SAR -> isNarrow(a(n)) && b(n).isConst();
            case SELECT -> isNarrow(b(n)) && isNarrow(Objects.requireNonNull(n.c));
            default -> false;
        };
    }

    /** Whether the I64 operation gives the same when done on ints, given that its value is narrow. */
    static boolean worksOnInts(Node n) {
        return switch (n.op) {
            case AND, OR, XOR, NOT, SAR, SELECT -> isNarrow(n);
            default -> false;
        };
    }

    private static boolean isPositiveInt(Node n) {
        return n.op == Op.CONST && n.imm >= 0 && n.imm <= Integer.MAX_VALUE;
    }

    /** Whether an I32 value is 0 or 1. */
    private static boolean isBit(Node n) {
        return switch (n.op) {
            case EQ, NE, LTS, GES, LTU, GEU, FEQ, FLT, FLE, STORE_EXCLUSIVE -> true;
            case CONST -> n.imm == 0 || n.imm == 1;
            default -> false;
        };
    }

    private static Node a(Node n) {
        return Objects.requireNonNull(n.a);
    }

    private static Node b(Node n) {
        return Objects.requireNonNull(n.b);
    }
}
