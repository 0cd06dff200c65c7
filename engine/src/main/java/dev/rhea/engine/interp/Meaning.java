package dev.rhea.engine.interp;

import static dev.rhea.engine.jit.NativeTemplate.A;
import static dev.rhea.engine.jit.NativeTemplate.B;
import static dev.rhea.engine.jit.NativeTemplate.C;
import static dev.rhea.engine.jit.NativeTemplate.D;

import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;

/**
 * What micro-operations compute, said in the IR they were lowered from, so that machine code is made of them by the emitters
 * that translate instructions.
 */
final class Meaning {
    /** Where an operand comes from. */
    enum Source {
        NONE,
        SLOT_A,
        SLOT_B,
        /** The slot in the low bits of the immediate. */
        SLOT_C,
        /** The slot that others write. */
        SLOT_D,
        IMM28,
        IMM36,
        IMM44,
        DISPLACEMENT
    }

    private static final Op[] OPS = Op.values();

    private final Builder t = new Builder();
    private final Type address;

    Source a = Source.NONE;
    Source b = Source.NONE;
    Source c = Source.NONE;
    /** Whether slot d is written. */
    boolean result;
    /** Whether it holds only where the word says {@link Rounding#DYNAMIC}. */
    boolean dynamicRounding;

    /** @param address the type of the architecture's addresses */
    Meaning(Type address) {
        this.address = address;
    }

    java.util.List<Node> nodes() {
        return t.nodes();
    }

    /** Says what an operation does that goes on with the next word; false for those that need Java. */
    boolean say(int op) {
        begin(Source.SLOT_A, Source.NONE, Source.NONE);
        Node v = op >= MicroOp.LOAD ? memory(op) : op >= MicroOp.FIRST_FLOAT ? floating(op) : integer(op);
        if (v != null) {
            t.set(D, v.type == Type.I32 ? t.sext32(v) : v);
            result = true;
        }
        return !t.nodes().isEmpty();
    }

    /** Says which comparison decides a branch. */
    void sayCondition(int condition) {
        begin(Source.SLOT_A, Source.SLOT_B, Source.NONE);
        t.compare(OPS[Op.EQ.ordinal() + condition], a(), b());
    }

    private void begin(Source a, Source b, Source c) {
        t.begin();
        this.a = a;
        this.b = b;
        this.c = c;
        result = false;
        dynamicRounding = false;
    }

    // ---- operands

    private Node a() {
        return t.get(A);
    }

    private Node b() {
        return t.get(B);
    }

    private Node slotB() {
        b = Source.SLOT_B;
        return b();
    }

    private Node immediate() {
        b = Source.IMM36;
        return b();
    }

    // ---- integers

    private @org.jspecify.annotations.Nullable Node integer(int op) {
        if (op >= MicroOp.BINARY && op < MicroOp.BINARYW) {
            return t.binary(OPS[Op.ADD.ordinal() + op - MicroOp.BINARY], a(), slotB());
        }
        if (op >= MicroOp.BINARYW && op < MicroOp.UNARY) {
            return word(OPS[Op.ADD.ordinal() + op - MicroOp.BINARYW], slotB());
        }
        if (op >= MicroOp.UNARY && op < MicroOp.UNARYW) {
            return t.unary(OPS[Op.NEG.ordinal() + op - MicroOp.UNARY], a());
        }
        if (op >= MicroOp.UNARYW && op < MicroOp.COMPARE) {
            return t.unary(OPS[Op.NEG.ordinal() + op - MicroOp.UNARYW], t.trunc(a()));
        }
        if (op >= MicroOp.COMPARE && op < MicroOp.SELECT) {
            return t.zext32(t.compare(OPS[Op.EQ.ordinal() + op - MicroOp.COMPARE], a(), slotB()));
        }
        return switch (op) {
            case MicroOp.LI -> {
                a = Source.NONE;
                b = Source.IMM44;
                yield b();
            }
            case MicroOp.MOV -> a();
            case MicroOp.ADDI -> t.add(a(), immediate());
            case MicroOp.ANDI -> t.and(a(), immediate());
            case MicroOp.ORI -> t.or(a(), immediate());
            case MicroOp.XORI -> t.xor(a(), immediate());
            case MicroOp.SHLI -> t.shl(a(), immediate());
            case MicroOp.SHRI -> t.shr(a(), immediate());
            case MicroOp.SARI -> t.sar(a(), immediate());
            case MicroOp.ADD -> t.add(a(), slotB());
            case MicroOp.SUB -> t.sub(a(), slotB());
            case MicroOp.AND -> t.and(a(), slotB());
            case MicroOp.OR -> t.or(a(), slotB());
            case MicroOp.XOR -> t.xor(a(), slotB());
            case MicroOp.SHL -> t.shl(a(), slotB());
            case MicroOp.SHR -> t.shr(a(), slotB());
            case MicroOp.SAR -> t.sar(a(), slotB());
            case MicroOp.MUL -> t.mul(a(), slotB());
            case MicroOp.ADDIW -> word(Op.ADD, immediate());
            case MicroOp.SHLIW -> word(Op.SHL, immediate());
            case MicroOp.SHRIW -> word(Op.SHR, immediate());
            case MicroOp.SARIW -> word(Op.SAR, immediate());
            case MicroOp.ADDW -> word(Op.ADD, slotB());
            case MicroOp.SUBW -> word(Op.SUB, slotB());
            case MicroOp.SHLW -> word(Op.SHL, slotB());
            case MicroOp.SHRW -> word(Op.SHR, slotB());
            case MicroOp.SARW -> word(Op.SAR, slotB());
            case MicroOp.MULW -> word(Op.MUL, slotB());
            case MicroOp.LTS -> t.zext32(t.compare(Op.LTS, a(), slotB()));
            case MicroOp.LTU -> t.zext32(t.compare(Op.LTU, a(), slotB()));
            case MicroOp.LTSI -> t.zext32(t.compare(Op.LTS, a(), immediate()));
            case MicroOp.LTUI -> t.zext32(t.compare(Op.LTU, a(), immediate()));
            case MicroOp.SEXTW -> t.sext32(t.trunc(a()));
            case MicroOp.ZEXTW -> t.zext32(t.trunc(a()));
            case MicroOp.SHADD -> {
                c = Source.IMM28;
                yield t.add(t.shl(a(), t.get(C)), slotB());
            }
            case MicroOp.SELECT -> {
                c = Source.SLOT_C;
                yield t.select(t.compare(Op.NE, a(), t.i64(0)), slotB(), t.get(C));
            }
            case MicroOp.ANDN -> t.and(a(), t.not(slotB()));
            case MicroOp.ORN -> t.or(a(), t.not(slotB()));
            case MicroOp.XORN -> t.xor(a(), t.not(slotB()));
            case MicroOp.ROTRI -> t.binary(Op.ROTR, a(), immediate());
            case MicroOp.ROTRIW -> word(Op.ROTR, immediate());
            case MicroOp.FENCE -> {
                a = Source.NONE;
                t.fence();
                yield null;
            }
            default -> null;
        };
    }

    /** An operation on the low halves. */
    private Node word(Op op, Node b) {
        return t.binary(op, t.trunc(a()), t.trunc(b));
    }

    // ---- floating point

    private @org.jspecify.annotations.Nullable Node floating(int op) {
        Type type = (op & 1) == 0 ? Type.F32 : Type.F64;
        return switch (op & ~1) {
            case MicroOp.FADD, MicroOp.FSUB, MicroOp.FMUL, MicroOp.FDIV -> {
                dynamicRounding = true;
                Op binary = OPS[Op.FADD.ordinal() + (op - MicroOp.FADD) / 2];
                yield bits(t.fbinary(binary, number(type, a()), number(type, slotB()), Rounding.DYNAMIC));
            }
            case MicroOp.FSQRT -> {
                dynamicRounding = true;
                yield bits(t.fsqrt(number(type, a()), Rounding.DYNAMIC));
            }
            case MicroOp.FMA -> {
                dynamicRounding = true;
                c = Source.SLOT_C;
                yield bits(t.fma(number(type, a()), number(type, slotB()), number(type, t.get(C)), Rounding.DYNAMIC));
            }
            case MicroOp.FNEG -> bits(t.fsign(Op.FNEG, number(type, a())));
            case MicroOp.FABS -> bits(t.fsign(Op.FABS, number(type, a())));
            case MicroOp.FEQ -> t.fcompare(Op.FEQ, number(type, a()), number(type, slotB()));
            case MicroOp.FLT -> t.fcompare(Op.FLT, number(type, a()), number(type, slotB()));
            case MicroOp.FLE -> t.fcompare(Op.FLE, number(type, a()), number(type, slotB()));
            case MicroOp.FCVT -> {
                dynamicRounding = type == Type.F32; // the other way is exact
                yield bits(t.fconvert(
                        type,
                        number(type == Type.F32 ? Type.F64 : Type.F32, a()),
                        dynamicRounding ? Rounding.DYNAMIC : Rounding.NEAREST_EVEN));
            }
            case MicroOp.UNBOX ->
                op == MicroOp.UNBOX
                        ? bits(number(Type.F32, a()))
                        : t.bitcast(Type.I32, number(Type.F32, a())); // FLOAT_TO_BITS
            case MicroOp.FLOAT_FROM_BITS ->
                op == MicroOp.FLOAT_FROM_BITS ? bits(t.bitcast(Type.F32, t.trunc(a()))) : null;
            default -> null;
        };
    }

    /** The number whose bits are in a slot. */
    private Node number(Type type, Node slot) {
        return type == Type.F64 ? t.bitcast(Type.F64, slot) : t.unbox(slot);
    }

    /** The bits of a number as a slot has them. */
    private Node bits(Node number) {
        return number.type == Type.F64 ? t.bitcast(Type.I64, number) : t.box(Type.I64, number);
    }

    // ---- memory

    private @org.jspecify.annotations.Nullable Node memory(int op) {
        if (op > MicroOp.STORE + 3) {
            return null;
        }
        b = Source.DISPLACEMENT;
        Node at = t.add(t.zextTo(address, a()), t.zextTo(address, b()));
        MemOp mem = MemOp.little(1 << (op & 3), (op & 4) == 0);
        if (op < MicroOp.STORE) {
            return t.load(Type.I64, at, 0, mem);
        }
        c = Source.SLOT_D;
        t.store(at, 0, t.get(C), mem);
        return null;
    }
}
