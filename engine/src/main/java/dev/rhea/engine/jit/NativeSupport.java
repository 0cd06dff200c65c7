package dev.rhea.engine.jit;

import dev.rhea.engine.fp.FpFlags;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;
import java.util.List;

/** Which instructions machine code is made of; the interpreter executes the others. */
final class NativeSupport {
    private NativeSupport() {}

    static boolean supported(List<Node> nodes) {
        for (Node n : nodes) {
            if (!supported(n)) {
                return false;
            }
        }
        return true;
    }

    private static boolean supported(Node n) {
        if (n.type == Type.V128) {
            return false;
        }
        return switch (n.op) {
            // Helpers are Java, but for two.
            case CALL -> n.helper() == FpFlags.READ_FLAGS || n.helper() == FpFlags.WRITE_FLAGS;
            case BITREV, TO_U -> false;
            case FROM_U -> n.a != null && n.a.type == Type.I32 && rounding(n);
            case SELECT -> n.type == Type.I32 || n.type == Type.I64;
            case RMW ->
                n.mem().size() >= 4 && !n.mem().bigEndian() && atomic(n.mem().atomic());
            case CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE ->
                n.mem().size() >= 4 && !n.mem().bigEndian();
            case FADD, FSUB, FMUL, FDIV, FSQRT, FMA, FCVT, FROM_S -> rounding(n);
            case TO_S -> n.imm == Rounding.TO_ZERO;
            case GET, SET -> n.global().type() != Type.V128 && n.global().type() != Type.F32;
            case TRAP, TRAP_IF -> n.op == Op.TRAP_IF;
            default -> true;
        };
    }

    private static boolean rounding(Node n) {
        return n.imm == Rounding.NEAREST_EVEN || n.imm == Rounding.DYNAMIC;
    }

    private static boolean atomic(MemOp.Atomic kind) {
        return kind != MemOp.Atomic.NONE;
    }
}
