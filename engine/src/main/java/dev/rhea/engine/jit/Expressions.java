package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.MethodTypeDesc;
import java.util.Objects;

/**
 * Bytecode for the values of one instruction at a time. On the operand stack I32 is an int, I64 a long, F32 a float, F64 a
 * double.
 */
final class Expressions {
    private static final MethodTypeDesc I_I = MethodTypeDesc.of(CD_int, CD_int);
    private static final MethodTypeDesc I_L = MethodTypeDesc.of(CD_int, CD_long);
    private static final MethodTypeDesc L_L = MethodTypeDesc.of(CD_long, CD_long);
    private static final MethodTypeDesc I_II = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final MethodTypeDesc L_LI = MethodTypeDesc.of(CD_long, CD_long, CD_int);

    private final CodeBuilder c;
    private final Locals locals;
    private final FloatEmitter floats;
    private final MemoryEmitter memory;
    private final IntegerEmitter integers;
    final ConditionEmitter conditions;

    private Schedule schedule = Schedule.of(new Instruction(0, 0, java.util.List.of()));
    private long pc;
    /** JVM local of each node that was kept, by index; 0 for none. */
    private int[] kept = new int[16];
    /** Writes put off: for each slot that has one, the index of the SET + 1 and the local with the value. */
    private final int[] pendingSet = new int[256];

    private final int[] pendingLocal = new int[256];

    Expressions(CodeBuilder c, Locals locals, MemoryEmitter memory) {
        this.c = c;
        this.locals = locals;
        this.memory = memory;
        this.floats = new FloatEmitter(c, this);
        this.integers = new IntegerEmitter(c);
        this.conditions = new ConditionEmitter(c, this);
    }

    void begin(Instruction instruction, Schedule schedule) {
        this.schedule = schedule;
        this.pc = instruction.pc;
        if (kept.length < instruction.nodes.length) {
            kept = new int[instruction.nodes.length * 2];
        }
        java.util.Arrays.fill(kept, 0);
        locals.beginInstruction();
    }

    // ---- statements

    /** Computes a value in its place and keeps it, or drops it where nobody uses it. */
    void keep(Node n) {
        compute(n);
        keepTop(n);
    }

    /** Keeps the value of {@code n}, which is on top of the stack. */
    void keepTop(Node n) {
        Type type = Objects.requireNonNull(n.type);
        if (schedule.uses(n) == 0) {
            if (type == Type.I64 || type == Type.F64) {
                c.pop2();
            } else {
                c.pop();
            }
            return;
        }
        int local = locals.temporary(Locals.kind(type));
        c.storeLocal(Locals.kind(type), local);
        kept[Schedule.index(n)] = local;
    }

    /** Writes a global; with {@code putOff} only {@link #commit} does. */
    void set(Node n, boolean putOff) {
        int slot = n.global().slot();
        Node value = Objects.requireNonNull(n.a);
        push(value);
        Conversions.convert(c, Objects.requireNonNull(value.type), locals.type(slot));
        var kind = Locals.kind(locals.type(slot));
        if (putOff) {
            int local = locals.temporary(kind);
            c.storeLocal(kind, local);
            pendingSet[slot] = Schedule.index(n) + 1;
            pendingLocal[slot] = local;
        } else {
            pendingSet[slot] = 0;
            c.storeLocal(kind, locals.of(slot));
        }
    }

    /** Does the writes that were put off. */
    void commit() {
        for (int slot = locals.used().next(0); slot >= 0; slot = locals.used().next(slot + 1)) {
            if (pendingSet[slot] != 0) {
                var kind = Locals.kind(locals.type(slot));
                c.loadLocal(kind, pendingLocal[slot]).storeLocal(kind, locals.of(slot));
                pendingSet[slot] = 0;
            }
        }
    }

    // ---- values

    /** Pushes a value: a constant, a kept value, or the expression. */
    void push(Node n) {
        if (n.op == Op.CONST) {
            constant(n);
            return;
        }
        int local = kept[Schedule.index(n)];
        if (local != 0) {
            c.loadLocal(Locals.kind(Objects.requireNonNull(n.type)), local);
        } else {
            compute(n);
        }
    }

    private void constant(Node n) {
        if (n.type == Type.I32) {
            c.loadConstant((int) n.imm);
        } else {
            c.loadConstant(n.imm);
        }
    }

    /** Pushes an I64 or I32 as a guest address: an I32 zero-extended. */
    void pushAddress(Node n, long displacement) {
        if (n.type == Type.I32) {
            pushInt(n);
            if (displacement != 0) {
                c.loadConstant((int) displacement).iadd();
            }
            c.i2l().loadConstant(0xffffffffL).land();
        } else if (n.isConst()) {
            c.loadConstant(n.imm + displacement);
        } else {
            push(n);
            if (displacement != 0) {
                c.loadConstant(displacement).ladd();
            }
        }
    }

    /** Pushes the low 32 bits of an integer as an int. */
    void pushInt(Node n) {
        if (n.type == Type.I32) {
            push(n);
        } else if (n.isConst()) {
            c.loadConstant((int) n.imm);
        } else if (kept[Schedule.index(n)] != 0) {
            push(n);
            c.l2i();
        } else {
            switch (n.op) {
                case SEXT32, ZEXT32 -> push(a(n));
                case LOAD -> {
                    memory.value(n, Type.I32);
                }
                case AND, OR, XOR, NOT -> {
                    if (!Narrow.worksOnInts(n)) {
                        push(n);
                        c.l2i();
                    } else {
                        onInts(n);
                    }
                }
                case SAR, SELECT -> {
                    if (Narrow.worksOnInts(n)) {
                        onInts(n);
                    } else {
                        push(n);
                        c.l2i();
                    }
                }
                default -> {
                    push(n);
                    c.l2i();
                }
            }
        }
    }

    /** The low 32 bits of a narrow I64 operation, computed on ints. */
    private void onInts(Node n) {
        switch (n.op) {
            case AND, OR, XOR -> {
                pushInt(a(n));
                pushInt(b(n));
                integers.arithmetic(n.op, Type.I32);
            }
            case NOT -> {
                pushInt(a(n));
                c.iconst_m1().ixor();
            }
            case SAR -> {
                pushInt(a(n));
                c.loadConstant((int) Math.min(b(n).imm & 63, 31)).ishr();
            }
            default -> select(n, Type.I32);
        }
    }

    private void compute(Node n) {
        Type type = Objects.requireNonNull(n.type);
        if (type == Type.I64 && Narrow.worksOnInts(n)) {
            onInts(n);
            c.i2l();
            return;
        }
        boolean wide = type == Type.I64;
        switch (n.op) {
            case CONST -> constant(n);
            case PC -> {
                if (wide) {
                    c.loadConstant(pc + n.imm);
                } else {
                    c.loadConstant((int) (pc + n.imm));
                }
            }
            case GET -> get(n);
            case ADD, SUB, MUL, AND, OR, XOR -> {
                push(a(n));
                push(b(n));
                integers.arithmetic(n.op, type);
            }
            case SHL, SHR, SAR -> {
                push(a(n));
                pushInt(b(n));
                switch (n.op) {
                    case SHL -> integers.operate(wide, Opcode.LSHL, Opcode.ISHL);
                    case SHR -> integers.operate(wide, Opcode.LUSHR, Opcode.IUSHR);
                    default -> integers.operate(wide, Opcode.LSHR, Opcode.ISHR);
                }
            }
            case ROTL, ROTR -> {
                push(a(n));
                pushInt(b(n));
                c.invokestatic(
                        wide ? CD_Long : CD_Integer,
                        n.op == Op.ROTL ? "rotateLeft" : "rotateRight",
                        wide ? L_LI : I_II);
            }
            case MULHS, MULHU, DIVS, DIVU, REMS, REMU, MINS, MAXS, MINU, MAXU -> {
                push(a(n));
                push(b(n));
                integers.method(n.op, wide);
            }
            case NEG -> {
                push(a(n));
                integers.operate(wide, Opcode.LNEG, Opcode.INEG);
            }
            case NOT -> {
                push(a(n));
                if (wide) {
                    c.loadConstant(-1L).lxor();
                } else {
                    c.iconst_m1().ixor();
                }
            }
            case CLZ, CTZ, POPCNT -> {
                push(a(n));
                c.invokestatic(
                        wide ? CD_Long : CD_Integer,
                        n.op == Op.CLZ ? "numberOfLeadingZeros" : n.op == Op.CTZ ? "numberOfTrailingZeros" : "bitCount",
                        wide ? I_L : I_I);
                integers.extend(wide);
            }
            case BSWAP, BITREV -> {
                push(a(n));
                c.invokestatic(
                        wide ? CD_Long : CD_Integer, n.op == Op.BSWAP ? "reverseBytes" : "reverse", wide ? L_L : I_I);
            }
            case SEXT8, SEXT16 -> {
                pushInt(a(n));
                if (n.op == Op.SEXT8) {
                    c.i2b();
                } else {
                    c.i2s();
                }
                integers.extend(wide);
            }
            case ZEXT8, ZEXT16 -> {
                pushInt(a(n));
                if (n.op == Op.ZEXT8) {
                    c.loadConstant(255).iand();
                } else {
                    c.i2c();
                }
                integers.extend(wide);
            }
            case SEXT32 -> {
                push(a(n));
                c.i2l();
            }
            case ZEXT32 -> {
                push(a(n));
                c.i2l().loadConstant(0xffffffffL).land();
            }
            case TRUNC -> pushInt(a(n));
            case EQ, NE, LTS, GES, LTU, GEU -> {
                Label yes = c.newLabel();
                Label end = c.newLabel();
                conditions.branch(n, true, yes);
                c.iconst_0().goto_(end).labelBinding(yes).iconst_1().labelBinding(end);
            }
            case SELECT -> select(n, type);
            case LOAD -> memory.value(n, type);
            default -> {
                if (!FloatEmitter.isFloat(n.op)) {
                    throw new IllegalStateException(
                            "no bytecode for '" + n + "'; an operation was added without the translator");
                }
                floats.compute(n);
            }
        }
    }

    private void get(Node n) {
        int slot = n.global().slot();
        boolean pending = pendingSet[slot] != 0 && pendingSet[slot] - 1 < Schedule.index(n);
        c.loadLocal(Locals.kind(locals.type(slot)), pending ? pendingLocal[slot] : locals.of(slot));
        Conversions.convert(c, locals.type(slot), Objects.requireNonNull(n.type));
    }

    private void select(Node n, Type type) {
        Label no = c.newLabel();
        Label end = c.newLabel();
        conditions.branch(a(n), false, no);
        operand(b(n), type);
        c.goto_(end).labelBinding(no);
        operand(Objects.requireNonNull(n.c), type);
        c.labelBinding(end);
    }

    private void operand(Node n, Type type) {
        if (type == Type.I32) {
            pushInt(n);
        } else {
            push(n);
        }
    }

    boolean isKept(Node n) {
        return kept[Schedule.index(n)] != 0;
    }

    static Node a(Node n) {
        return Objects.requireNonNull(n.a);
    }

    static Node b(Node n) {
        return Objects.requireNonNull(n.b);
    }
}
