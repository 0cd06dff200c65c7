package dev.rhea.engine.ir;

import org.jspecify.annotations.Nullable;

/**
 * Collects the meaning of one guest instruction. The rows of an architecture call it; both tiers read the nodes.
 *
 * <p>Constants fold as they are built. Nodes with an effect are kept in the order of the calls, and a {@link Op#GET} reads
 * what the global holds at its place in that order, whatever is written later.
 *
 * <p>The interpreter translates an instruction without knowing where it stands (its words are shared by every mapping of
 * the page), the translator with the address known; {@link #pc} hides the difference.
 */
public non-sealed class Builder extends NodeList {
    private boolean placed;
    private boolean canGiveUp;
    private long pc;

    @Override
    public void begin() {
        super.begin();
        placed = false;
        canGiveUp = false;
    }

    /** Starts an instruction at {@code pc}. */
    public void begin(long pc) {
        begin();
        placed = true;
        this.pc = pc;
    }

    /** Starts an instruction at {@code pc} for code that has the interpreter behind it. */
    public void beginBeforeInterpreter(long pc) {
        begin(pc);
        canGiveUp = true;
    }

    /** Whether {@link #giveUpIf} may be called: the row can then say what usually happens, with less than the whole meaning. */
    public boolean canGiveUp() {
        return canGiveUp;
    }

    // ---- leaves

    public Node i32(long value) {
        return node(Op.CONST, Type.I32, null, null, null, (int) value, null);
    }

    public Node i64(long value) {
        return node(Op.CONST, Type.I64, null, null, null, value, null);
    }

    /** A constant of the integer type given. */
    public Node integer(Type type, long value) {
        return type == Type.I32 ? i32(value) : i64(value);
    }

    /** The address of this instruction plus {@code offset}, in the type of an address. */
    public Node pc(Type type, long offset) {
        return placed ? integer(type, pc + offset) : node(Op.PC, type, null, null, null, offset, null);
    }

    public Node get(Global global) {
        return node(Op.GET, global.type(), null, null, null, 0, global);
    }

    public void set(Global global, Node value) {
        check(value.type == global.type(), Op.SET, value);
        node(Op.SET, null, value, null, null, 0, global);
    }

    // ---- integers

    public Node add(Node a, Node b) {
        return a.isConst() && !b.isConst() ? binary(Op.ADD, b, a) : binary(Op.ADD, a, b);
    }

    public Node sub(Node a, Node b) {
        return binary(Op.SUB, a, b);
    }

    public Node mul(Node a, Node b) {
        return binary(Op.MUL, a, b);
    }

    public Node and(Node a, Node b) {
        return a.isConst() && !b.isConst() ? binary(Op.AND, b, a) : binary(Op.AND, a, b);
    }

    public Node or(Node a, Node b) {
        return a.isConst() && !b.isConst() ? binary(Op.OR, b, a) : binary(Op.OR, a, b);
    }

    public Node xor(Node a, Node b) {
        return a.isConst() && !b.isConst() ? binary(Op.XOR, b, a) : binary(Op.XOR, a, b);
    }

    public Node shl(Node a, Node amount) {
        return binary(Op.SHL, a, amount);
    }

    public Node shr(Node a, Node amount) {
        return binary(Op.SHR, a, amount);
    }

    public Node sar(Node a, Node amount) {
        return binary(Op.SAR, a, amount);
    }

    /** Any two-operand integer operation by name: ADD to MAXU. */
    public Node binary(Op op, Node a, Node b) {
        check(a.type == b.type && (a.type == Type.I32 || a.type == Type.I64), op, a);
        if (b.isConst()) {
            if (a.isConst()) {
                long value = Fold.binary(op, typeOf(a), a.imm, b.imm);
                if (value != a.imm && value != b.imm) {
                    markComputed();
                }
                return integer(typeOf(a), value);
            }
            Node simpler = Fold.identity(op, a, b, this);
            if (simpler != null) {
                return simpler;
            }
        }
        return node(op, a.type, a, b, null, 0, null);
    }

    public Node neg(Node a) {
        return unary(Op.NEG, a);
    }

    public Node not(Node a) {
        return unary(Op.NOT, a);
    }

    /** Any one-operand integer operation of equal type: NEG to ZEXT16. */
    public Node unary(Op op, Node a) {
        check(a.type == Type.I32 || a.type == Type.I64, op, a);
        if (a.isConst()) {
            markComputed();
            return integer(typeOf(a), Fold.unary(op, typeOf(a), a.imm));
        }
        return node(op, a.type, a, null, null, 0, null);
    }

    /** The low 32 bits; an I32 stays as it is. */
    public Node trunc(Node a) {
        if (a.type == Type.I32) {
            return a;
        }
        if (a.isConst()) {
            return i32(a.imm);
        }
        if (a.op == Op.SEXT32 || a.op == Op.ZEXT32) {
            return java.util.Objects.requireNonNull(a.a);
        }
        return node(Op.TRUNC, Type.I32, a, null, null, 0, null);
    }

    /** I64 from I32 with sign; an I64 stays as it is. */
    public Node sext32(Node a) {
        if (a.type == Type.I64) {
            return a;
        }
        return a.isConst() ? i64(a.imm) : node(Op.SEXT32, Type.I64, a, null, null, 0, null);
    }

    /** I64 from I32 with zeros; an I64 stays as it is. */
    public Node zext32(Node a) {
        if (a.type == Type.I64) {
            return a;
        }
        return a.isConst() ? i64(a.imm & 0xffffffffL) : node(Op.ZEXT32, Type.I64, a, null, null, 0, null);
    }

    /** An I32 or I64 as the type asked for, signed. */
    public Node sextTo(Type type, Node a) {
        return type == Type.I32 ? trunc(a) : sext32(a);
    }

    /** An I32 or I64 as the type asked for, unsigned. */
    public Node zextTo(Type type, Node a) {
        return type == Type.I32 ? trunc(a) : zext32(a);
    }

    /** I32 0 or 1: EQ, NE, LTS, GES, LTU, GEU. */
    public Node compare(Op op, Node a, Node b) {
        check(a.type == b.type, op, a);
        if (a.isConst() && b.isConst()) {
            markComputed();
            return i32(Fold.compare(op, a.imm, b.imm) ? 1 : 0);
        }
        return node(op, Type.I32, a, b, null, 0, null);
    }

    /** {@code condition != 0 ? yes : no}; the condition is I32. Both are computed. */
    public Node select(Node condition, Node yes, Node no) {
        check(condition.type == Type.I32 && yes.type == no.type, Op.SELECT, yes);
        if (condition.isConst()) {
            return condition.imm != 0 ? yes : no;
        }
        return node(Op.SELECT, yes.type, condition, yes, no, 0, null);
    }

    // ---- memory

    /** Loads from {@code address + displacement}. */
    public Node load(Type type, Node address, long displacement, MemOp mem) {
        check(type == Type.I64 || type == Type.I32 && mem.size() <= 4, Op.LOAD, address);
        return node(Op.LOAD, type, address, null, null, displacement, mem);
    }

    /** Stores the low bytes of {@code value} (I32 or I64) to {@code address + displacement}. */
    public void store(Node address, long displacement, Node value, MemOp mem) {
        node(Op.STORE, null, address, value, null, displacement, mem);
    }

    public Node rmw(Type type, Node address, Node value, MemOp mem) {
        return node(Op.RMW, type, address, value, null, 0, mem);
    }

    public Node cas(Type type, Node address, Node expected, Node value, MemOp mem) {
        return node(Op.CAS, type, address, expected, value, 0, mem);
    }

    public Node loadExclusive(Type type, Node address, MemOp mem) {
        return node(Op.LOAD_EXCLUSIVE, type, address, null, null, 0, mem);
    }

    public Node storeExclusive(Node address, Node value, MemOp mem) {
        return node(Op.STORE_EXCLUSIVE, Type.I32, address, value, null, 0, mem);
    }

    /** All accesses before it come before all behind it. */
    public void fence() {
        node(Op.FENCE, null, null, null, null, 0, null);
    }

    /** The same, but that a read behind it may come before a write before it: on many hosts that costs nothing. */
    public void orderFence() {
        node(Op.FENCE, null, null, null, null, 1, null);
    }

    // ---- floating point

    /** FADD, FSUB, FMUL, FDIV with a {@link Rounding} mode. */
    public Node fbinary(Op op, Node a, Node b, int rounding) {
        check(a.type == b.type && (a.type == Type.F32 || a.type == Type.F64), op, a);
        return node(op, a.type, a, b, null, rounding, null);
    }

    public Node fsqrt(Node a, int rounding) {
        return node(Op.FSQRT, a.type, a, null, null, rounding, null);
    }

    /** {@code a * b + c} rounded once. */
    public Node fma(Node a, Node b, Node c, int rounding) {
        check(a.type == b.type && b.type == c.type, Op.FMA, a);
        return node(Op.FMA, a.type, a, b, c, rounding, null);
    }

    /** FNEG or FABS. */
    public Node fsign(Op op, Node a) {
        return node(op, a.type, a, null, null, 0, null);
    }

    /** FEQ, FLT, FLE. */
    public Node fcompare(Op op, Node a, Node b) {
        check(a.type == b.type, op, a);
        return node(op, Type.I32, a, b, null, 0, null);
    }

    /** F32 to F64 or back. */
    public Node fconvert(Type to, Node a, int rounding) {
        return node(Op.FCVT, to, a, null, null, rounding, null);
    }

    public Node fromInteger(Type to, Node a, boolean signed, int rounding) {
        return node(signed ? Op.FROM_S : Op.FROM_U, to, a, null, null, rounding, null);
    }

    public Node toInteger(Type to, Node a, boolean signed, int rounding) {
        return node(signed ? Op.TO_S : Op.TO_U, to, a, null, null, rounding, null);
    }

    public Node bitcast(Type to, Node a) {
        return node(Op.BITCAST, to, a, null, null, 0, null);
    }

    /** F32 out of a 64-bit register (I64 or F64). */
    public Node unbox(Node a) {
        return node(Op.UNBOX, Type.F32, a, null, null, 0, null);
    }

    /** F32 into a 64-bit register of type {@code to} (I64 or F64), upper half all ones. */
    public Node box(Type to, Node a) {
        return node(Op.BOX, to, a, null, null, 0, null);
    }

    // ---- calls

    /** Calls a helper; returns its value, or null if it has none. */
    public @Nullable Node call(Helper helper, Node... arguments) {
        check(arguments.length <= 3, Op.CALL, arguments.length > 0 ? arguments[0] : null);
        return node(
                Op.CALL,
                helper.result(),
                argument(arguments, 0),
                argument(arguments, 1),
                argument(arguments, 2),
                0,
                helper);
    }

    /** Calls a helper that has a value. */
    public Node value(Helper helper, Node... arguments) {
        return java.util.Objects.requireNonNull(call(helper, arguments));
    }

    private static @Nullable Node argument(Node[] arguments, int i) {
        return i < arguments.length ? arguments[i] : null;
    }

    // ---- ends

    /** To this instruction's address + {@code offset}. */
    public void jump(long offset, Flow flow) {
        end(Op.JUMP, null, offset, flow);
    }

    /** To this instruction's address + {@code offset} if the I32 is not 0. */
    public void jumpIf(Node condition, long offset) {
        end(Op.JUMP_IF, condition, offset, Flow.JUMP);
    }

    /** To a computed address. */
    public void jumpTo(Node address, Flow flow) {
        end(Op.JUMP_TO, address, 0, flow);
    }

    /** A guest exception; {@code value} goes with it (an address, the instruction's bits) or null for 0. */
    public void trap(int code, @Nullable Node value) {
        end(Op.TRAP, value, code, null);
    }

    /** A guest exception if the I32 {@code condition} is not 0. */
    public void trapIf(Node condition, int code, @Nullable Node value) {
        node(Op.TRAP_IF, null, value, condition, null, code, null);
    }

    /**
     * Has the interpreter do this instruction, by the whole meaning that the same row gives it, if the I32 {@code condition} is
     * not 0. Only where {@link #canGiveUp}, and before anything but writes of globals.
     */
    public void giveUpIf(Node condition) {
        check(canGiveUp && condition.type == Type.I32, Op.GIVE_UP_IF, condition);
        if (!condition.isConst() || condition.imm != 0) {
            node(Op.GIVE_UP_IF, null, condition, null, null, 0, null);
        }
    }

    /** Goes on at the next instruction through the execution loop. */
    public void leave() {
        end(Op.LEAVE, null, 0, null);
    }

    // ---- 128 bits, as two lanes

    /**
     * A 128-bit value: two 64-bit lanes. It is a pair of values, not a node, so folding, dead writes and both tiers treat
     * its lanes like any other integer.
     *
     * @param lo bits 0 to 63
     * @param hi bits 64 to 127
     */
    public record V128(Node lo, Node hi) {}

    public V128 getV(Global global) {
        check(global.type() == Type.V128, Op.GET, null);
        return new V128(
                node(Op.GET, Type.I64, null, null, null, 0, lane(global, 0)),
                node(Op.GET, Type.I64, null, null, null, 0, lane(global, 1)));
    }

    public void setV(Global global, V128 value) {
        check(global.type() == Type.V128, Op.SET, null);
        node(Op.SET, null, value.lo, null, null, 0, lane(global, 0));
        node(Op.SET, null, value.hi, null, null, 0, lane(global, 1));
    }

    /** A bitwise or 64-bit-lane operation on both lanes. */
    public V128 lanes(Op op, V128 a, V128 b) {
        return new V128(binary(op, a.lo, b.lo), binary(op, a.hi, b.hi));
    }

    private static Global lane(Global global, int lane) {
        return new Global(global.name() + (lane == 0 ? ".lo" : ".hi"), Type.I64, global.slot() + lane);
    }
}
