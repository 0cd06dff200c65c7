package dev.rhea.engine.jit;

import static dev.rhea.engine.jit.NativeValues.a;
import static dev.rhea.engine.jit.NativeValues.b;
import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;
import java.util.Objects;

/**
 * Machine code for floating-point values. The host's SSE does IEEE 754 arithmetic with exact sticky flags in MXCSR, which are
 * added to the guest's when Java is entered again ({@link NativeUnit}): so what is neither a NaN nor rounded otherwise than
 * to nearest even needs no check at all. A NaN, whose payload depends on the architecture, leaves the region: the interpreter
 * executes the instruction again and finds the same flags.
 */
final class NativeFloats {
    /** XMM0 to XMM5 are scratch; values are computed in these only. */
    private static final int SCRATCH = 63;

    private static final long BOX = 0xffffffff_00000000L;
    private static final int DEFAULT_NAN32 = 0x7fc00000;

    private final NativeValues values;
    private final Assembler asm;
    private int free = SCRATCH;
    private Label leave = new Label();

    NativeFloats(NativeValues values) {
        this.values = values;
        this.asm = values.asm;
    }

    /** @param leave where to go with what only the interpreter can do */
    void begin(Label leave) {
        this.leave = leave;
        free = SCRATCH;
    }

    int take() {
        int x = Integer.numberOfTrailingZeros(free);
        if (x >= 32) {
            throw new NativeValues.TooComplex();
        }
        free &= ~(1 << x);
        return x;
    }

    void give(int x) {
        free |= 1 << x & SCRATCH;
    }

    /** A register with the value, to be read only and given back. */
    private int use(Node n) {
        if (n.op == Op.GET && !values.isKept(n) && values.pending(n) == null) {
            int r = values.registers.of(n.global().slot());
            if (r >= 0 && n.global().type() == Type.F64) {
                return r;
            }
        }
        int x = take();
        eval(n, x);
        return x;
    }

    /** A value of any type as the bits of an F64 global, in an XMM register. */
    void evalBits(Node n, int x) {
        if (n.type == Type.F64) {
            int t = take(); // the target may be an operand, too
            eval(n, t);
            asm.movaps(x, t);
            give(t);
        } else {
            int t = values.take();
            values.bits(n, t, Type.I64);
            asm.movToXmm(x, t, true);
            values.give(t);
        }
    }

    /** Computes an F32 or F64. */
    void eval(Node n, int x) {
        boolean wide = n.type == Type.F64;
        if (values.isKept(n)) {
            asm.loadScalar(x, values.keptAt(n), wide);
            return;
        }
        switch (n.op) {
            case GET -> {
                Mem pending = values.pending(n);
                int r = values.registers.of(n.global().slot());
                if (pending != null) {
                    asm.loadScalar(x, pending, true);
                } else if (r >= 0) {
                    asm.movaps(x, r);
                } else {
                    asm.loadScalar(x, NativeState.at(n.global().slot()), true);
                }
            }
            case FADD -> binary(0x58, n, x, wide);
            case FMUL -> binary(0x59, n, x, wide);
            case FSUB -> binary(0x5c, n, x, wide);
            case FDIV -> binary(0x5e, n, x, wide);
            case FSQRT -> {
                rounding(n);
                int s = use(a(n));
                asm.scalar(0x51, x, s, wide);
                give(s);
                leaveIfNan(x, wide);
            }
            case FMA -> {
                rounding(n);
                int p = use(a(n));
                int q = use(b(n));
                eval(Objects.requireNonNull(n.c), x);
                asm.fma231(x, p, q, wide);
                leaveIfNan(x, wide);
                give(q);
                give(p);
            }
            case FNEG, FABS -> sign(n, x, wide);
            case FCVT -> {
                rounding(n);
                int s = use(a(n));
                asm.convertFloat(x, s, !wide);
                give(s);
                leaveIfNan(x, wide);
            }
            case FROM_S, FROM_U -> {
                boolean from64 = a(n).type == Type.I64;
                if (from64 || !wide) {
                    rounding(n);
                }
                int t = values.use(a(n));
                // The conversion writes a part of the register only: without this it waits for the other.
                asm.xorps(x, x);
                if (n.op == Op.FROM_U) {
                    asm.mov(RCX, t, false);
                    asm.convertFromInt(x, RCX, true, wide);
                } else {
                    asm.convertFromInt(x, t, from64, wide);
                }
                values.give(t);
            }
            case BITCAST -> {
                Node a = a(n);
                int t = values.use(a);
                asm.movToXmm(x, t, wide);
                values.give(t);
            }
            case UNBOX -> unbox(a(n), x);
            case BOX -> {
                int t = values.take();
                bits(n, t);
                asm.movToXmm(x, t, true);
                values.give(t);
            }
            default -> throw new NativeValues.TooComplex();
        }
    }

    private void binary(int opcode, Node n, int x, boolean wide) {
        rounding(n);
        int s = use(b(n));
        eval(a(n), x);
        asm.scalar(opcode, x, s, wide);
        give(s);
        leaveIfNan(x, wide);
    }

    private void leaveIfNan(int x, boolean wide) {
        asm.ucomis(x, x, wide);
        asm.jcc(PARITY, leave);
    }

    private void rounding(Node n) {
        if (n.imm == Rounding.DYNAMIC) {
            asm.aluImm(CMP, NativeState.at(NativeState.FLOAT_MODE), 0, false);
            asm.jcc(NOT_EQUAL, leave);
        }
    }

    private void sign(Node n, int x, boolean wide) {
        int s = use(a(n));
        asm.movFromXmm(RCX, s, wide);
        give(s);
        if (n.op == Op.FABS) {
            asm.shift(SHL, RCX, 1, wide);
            asm.shift(SHR, RCX, 1, wide);
        } else {
            asm.shift(ROL, RCX, 1, wide);
            asm.aluImm(XOR, RCX, 1, wide);
            asm.shift(ROR, RCX, 1, wide);
        }
        asm.movToXmm(x, RCX, wide);
    }

    private void unbox(Node a, int x) {
        int t = values.take();
        values.bits(a, t, Type.I64);
        var boxed = new Label();
        asm.mov(RCX, t, true);
        asm.shift(SAR, RCX, 32, true);
        asm.aluImm(CMP, RCX, -1, false);
        asm.jcc(EQUAL, boxed);
        asm.movImm(t, DEFAULT_NAN32);
        asm.bind(boxed);
        asm.movToXmm(x, t, false);
        values.give(t);
    }

    /** The 64 bits of a float: an F32 boxed. Of a BOX or an F32, both halves. */
    void bits(Node n, int d) {
        Node value = n.op == Op.BOX && !values.isKept(n) ? a(n) : n;
        if (n.op == Op.BOX && values.isKept(n)) {
            asm.load(d, values.keptAt(n), 3, false, true);
            return;
        }
        int x = use(value);
        if (value.type == Type.F64) {
            asm.movFromXmm(d, x, true);
        } else {
            asm.movFromXmm(d, x, false);
            asm.movImm(RCX, BOX);
            asm.alu(OR, d, RCX, true);
        }
        give(x);
    }

    /** Sets the flags for a comparison; the condition code under which it holds. Unordered operands leave. */
    int compare(Node n) {
        boolean wide = a(n).type == Type.F64;
        int p = use(a(n));
        int q = use(b(n));
        int condition = switch (n.op) {
            case FLT -> ABOVE;
            case FLE -> NOT_BELOW;
            default -> EQUAL;
        };
        asm.ucomis(q, p, wide);
        asm.jcc(PARITY, leave);
        give(q);
        give(p);
        return condition;
    }

    /** {@link dev.rhea.engine.fp.FpFlags}: the flags that are in memory, and those in MXCSR. */
    void readFlags(Node n) {
        int d = values.take();
        int t = values.take();
        Mem mxcsr = NativeState.at(NativeState.MXCSR);
        asm.stmxcsr(mxcsr);
        asm.load(RCX, mxcsr, 2, false, false);
        asm.load(d, NativeState.at(NativeState.FP_FLAGS), 2, false, false);
        // IE, ZE, OE, UE and PE are bits 0, 2, 3, 4 and 5; there they are 16, 8, 4, 2 and 1.
        int[] shifts = {-4, -1, 1, 3, 5};
        for (int i = 0; i < shifts.length; i++) {
            asm.mov(t, RCX, false);
            asm.shift(shifts[i] < 0 ? SHL : SHR, t, Math.abs(shifts[i]), false);
            asm.aluImm(AND, t, 16 >> i, false);
            asm.alu(OR, d, t, false);
        }
        values.keepIn(n, d);
        values.give(t);
        values.give(d);
    }

    void writeFlags(Node n) {
        int t = values.take();
        values.eval(a(n), t);
        asm.aluImm(AND, t, 31, false);
        asm.store(t, NativeState.at(NativeState.FP_FLAGS), 3);
        asm.ldmxcsr(NativeState.at(NativeState.MXCSR_CLEAR));
        values.give(t);
    }

    /** Toward zero; what does not fit leaves. */
    void toInteger(Node n, int d) {
        boolean to64 = n.type == Type.I64;
        int s = use(a(n));
        asm.convertToInt(d, s, to64, a(n).type == Type.F64);
        give(s);
        if (to64) {
            asm.movImm(RCX, Long.MIN_VALUE);
            asm.alu(CMP, d, RCX, true);
        } else {
            asm.aluImm(CMP, d, Integer.MIN_VALUE, false);
        }
        asm.jcc(EQUAL, leave);
    }
}
