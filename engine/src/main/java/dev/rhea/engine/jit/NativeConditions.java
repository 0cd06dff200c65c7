package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Mem;
import java.util.Objects;

/** Machine code for comparisons, and for what depends on them. */
final class NativeConditions {
    private final NativeValues values;
    private final Assembler asm;

    NativeConditions(NativeValues values) {
        this.values = values;
        this.asm = values.asm;
    }

    /** One of two values. */
    void select(Node n, int d, boolean wide) {
        int t = values.take();
        values.eval(NativeValues.b(n), t);
        values.eval(Objects.requireNonNull(n.c), d);
        int condition = condition(NativeValues.a(n));
        asm.cmov(condition, d, t, wide);
        values.give(t);
    }

    /** Sets the flags for an I32 condition; the condition code under which it is not 0. */
    int condition(Node n) {
        if (n.isConst() || !values.isKept(n)) {
            switch (n.op) {
                case EQ, NE, LTS, GES, LTU, GEU -> {
                    return compare(n);
                }
                case FEQ, FLT, FLE -> {
                    return values.floats.compare(n);
                }
                default -> {}
            }
        }
        int t = values.use(n);
        asm.test(t, t, false);
        values.give(t);
        return NOT_EQUAL;
    }

    /** Sets the flags for a comparison of integers; the condition code under which it holds. */
    int compare(Node n) {
        Node a = NativeValues.a(n);
        Node b = NativeValues.b(n);
        boolean wide = a.type == Type.I64;
        if (NativeValues.isImmediate(b)) {
            int p = a.isConst() ? NativeValues.NONE : values.place(a, !wide);
            if (p == NativeValues.MEMORY) {
                asm.aluImm(CMP, values.found(), (int) b.imm, wide);
            } else {
                int t = values.use(a);
                if (b.imm == 0) {
                    asm.test(t, t, wide);
                } else {
                    asm.aluImm(CMP, t, (int) b.imm, wide);
                }
                values.give(t);
            }
        } else {
            int q = b.isConst() ? NativeValues.NONE : values.place(b, !wide);
            if (q == NativeValues.MEMORY) {
                Mem m = values.found();
                int t = values.use(a);
                asm.alu(CMP, t, m, wide);
                values.give(t);
            } else {
                int u = values.use(b);
                int t = values.use(a);
                asm.alu(CMP, t, u, wide);
                values.give(t);
                values.give(u);
            }
        }
        return switch (n.op) {
            case EQ -> EQUAL;
            case NE -> NOT_EQUAL;
            case LTS -> LESS;
            case GES -> NOT_LESS;
            case LTU -> BELOW;
            default -> NOT_BELOW;
        };
    }
}
