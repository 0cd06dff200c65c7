package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the nodes of one instruction into micro-operations. Not shared between threads.
 *
 * <p>Values live in slots of {@link dev.rhea.engine.cpu.Cpu#r}. {@code TRUNC} and {@code UNBOX} cost nothing: their value
 * is a <em>raw</em> slot, whose upper half the 32-bit operations ignore and whose box the F32 operations check themselves;
 * whoever needs the upper half right asks for it with {@link #canonical}. {@link Fusion} has found out which nodes become
 * part of their user.
 */
final class Lowering {
    private final boolean narrow;
    private final HelperTable helpers;
    private final Fusion fusion = new Fusion();

    private long[] out = new long[16];
    private int count;

    /** Slot of each node's value, and the first free temporary's bits. */
    private int[] slots = new int[32];

    private int freeTemporaries;
    /** Temporaries to free when the present node is done. */
    private int scratch;

    /** @param addressType the architecture's */
    Lowering(Type addressType, HelperTable helpers) {
        narrow = addressType == Type.I32;
        this.helpers = helpers;
    }

    /**
     * Lowers an instruction of {@code length} bytes.
     *
     * @return how many words {@link #words} has; they make a sequence (to be ended by the caller) unless it is one word that
     *     {@link #standsAlone}
     */
    int lower(List<Node> nodes, int length) {
        count = 0;
        freeTemporaries = (1 << MicroOp.ZERO - Globals.FIRST_TEMPORARY) - 1;
        if (slots.length < nodes.size()) {
            slots = new int[nodes.size() * 2];
        }
        Arrays.fill(slots, -1);
        fusion.analyse(nodes, length);
        for (int i = 0; i < nodes.size(); i++) {
            Node n = nodes.get(i);
            scratch = 0;
            if (!fusion.fused(i)) {
                node(i, n);
            }
            freeTemporaries |= scratch;
            for (int j = fusion.firstEndingAt(i); j >= 0; j = fusion.nextEnding(j)) {
                release(slots[j]);
            }
        }
        if (count == 0) {
            emit(MicroOp.word(MicroOp.NOP, 0, 0));
        }
        return count;
    }

    long[] words() {
        return out;
    }

    /** Whether the only word can be the instruction's own. */
    boolean standsAlone() {
        int op = MicroOp.op(out[0]);
        return count == 1 && (op < MicroOp.FIRST_SEQUENCE_ONLY || op > MicroOp.LAST_SEQUENCE_ONLY);
    }

    // ---- slots

    private void release(int slot) {
        if (slot >= Globals.FIRST_TEMPORARY && slot < MicroOp.ZERO) {
            freeTemporaries |= 1 << slot - Globals.FIRST_TEMPORARY;
        }
    }

    private int temporary() {
        if (freeTemporaries == 0) {
            throw new IllegalStateException(
                    "an instruction keeps more than 15 values at a time; its row should use a helper");
        }
        int bit = Integer.lowestOneBit(freeTemporaries);
        freeTemporaries &= ~bit;
        return Globals.FIRST_TEMPORARY + Integer.numberOfTrailingZeros(bit);
    }

    /** A temporary until the present node is done. */
    private int scratch() {
        int slot = temporary();
        scratch |= 1 << slot - Globals.FIRST_TEMPORARY;
        return slot;
    }

    /** The slot of a value whose upper half may be anything. */
    private int raw(Node value) {
        if (value.isConst()) {
            return constant(value.imm);
        }
        Node root = Fusion.root(value);
        int slot = slots[root.mark];
        return slot >= 0 ? slot : root.global().slot();
    }

    /** The slot of a value as its type wants it in a 64-bit place. */
    private int canonical(Node value) {
        if (Fusion.isCanonical(value)) {
            return raw(value);
        }
        int slot = scratch();
        extend(slot, value);
        return slot;
    }

    private void extend(int d, Node value) {
        emit(MicroOp.word(value.op == Op.UNBOX ? MicroOp.UNBOX : MicroOp.SEXTW, d, raw(value), 0));
    }

    private int constant(long value) {
        if (value == 0) {
            return MicroOp.ZERO;
        }
        int slot = scratch();
        constant(slot, value);
        return slot;
    }

    private void constant(int d, long value) {
        if (MicroOp.fits(value, 44)) {
            emit(MicroOp.word(MicroOp.LI, d, value));
        } else {
            emit(MicroOp.word(MicroOp.LI64, d, 0));
            emit(value);
        }
    }

    /** Where the value of node i goes. */
    private int destination(int i) {
        int slot = fusion.target(i);
        if (slot < 0) {
            slot = temporary();
        }
        slots[i] = slot;
        if (fusion.lastUse(i) < 0) {
            release(slot);
        }
        return slot;
    }

    private void emit(long word) {
        if (count == out.length) {
            out = Arrays.copyOf(out, count * 2);
        }
        out[count++] = word;
    }

    // ---- nodes

    private void node(int i, Node n) {
        switch (n.op) {
            case CONST -> {}
            case GET -> {
                if (fusion.mustCopy(i)) {
                    emit(MicroOp.word(MicroOp.MOV, destination(i), n.global().slot(), 0));
                }
            }
            case PC -> {
                if (fusion.lastUse(i) >= 0) {
                    pc(i, n);
                }
            }
            case SET -> set(n);
            case LOAD, STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE -> memory(i, n);
            case FENCE -> emit(MicroOp.word(MicroOp.FENCE, 0, 0));
            case CALL -> call(i, n);
            case JUMP -> {
                int link = fusion.link();
                emit(MicroOp.word(link >= 0 ? MicroOp.LINK_OUT : MicroOp.JUMP_OUT, Math.max(link, 0), 0, n.imm));
            }
            case JUMP_IF -> jumpIf(n);
            case JUMP_TO -> jumpTo(n);
            case TRAP -> {
                if (n.a == null || n.a.isConst(0)) {
                    emit(MicroOp.word(MicroOp.TRAP, 0, 0, n.imm));
                } else {
                    emit(MicroOp.word(MicroOp.TRAP_VALUE, 0, canonical(n.a), 0, n.imm));
                }
            }
            case TRAP_IF ->
                emit(MicroOp.word(
                        MicroOp.TRAP_IF,
                        0,
                        n.a == null ? MicroOp.ZERO : canonical(n.a),
                        canonical(operand(n.b)),
                        n.imm));
            case LEAVE -> emit(MicroOp.word(MicroOp.LEAVE, 0, 0));
            default -> {
                if (n.op.effect() || fusion.lastUse(i) >= 0) {
                    value(i, n);
                }
            }
        }
    }

    private void pc(int i, Node n) {
        if (MicroOp.fits(n.imm, 36)) {
            int d = destination(i);
            emit(MicroOp.word(MicroOp.PC, d, 0, n.imm));
            if (n.type == Type.I32 && !narrow) {
                emit(MicroOp.word(MicroOp.SEXTW, d, d, 0));
            }
        } else {
            int offset = constant(n.imm);
            int d = destination(i);
            emit(MicroOp.word(MicroOp.PC, d, 0, 0));
            emit(MicroOp.word(n.type == Type.I32 ? MicroOp.ADDW : MicroOp.ADD, d, d, offset, 0));
        }
    }

    private void set(Node n) {
        Node value = operand(n.a);
        int d = n.global().slot();
        if (value.isConst()) {
            constant(d, value.imm);
        } else if (fusion.isTargeted(value)) {
            return;
        } else if (!Fusion.isCanonical(value)) {
            extend(d, value);
        } else if (raw(value) != d) {
            emit(MicroOp.word(MicroOp.MOV, d, raw(value), 0));
        }
    }

    private void value(int i, Node n) {
        Node a = operand(n.a);
        switch (n.op) {
            case TRUNC -> {}
            case SEXT32, BOX -> {
                if (!Fusion.isAlias(n)) {
                    int source = raw(a);
                    emit(MicroOp.word(n.op == Op.BOX ? MicroOp.UNBOX : MicroOp.SEXTW, destination(i), source, 0));
                }
            }
            case UNBOX -> {}
            case ZEXT32 -> {
                int source = raw(a);
                emit(MicroOp.word(MicroOp.ZEXTW, destination(i), source, 0));
            }
            case NEG, NOT, CLZ, CTZ, POPCNT, BSWAP, BITREV, SEXT8, SEXT16, ZEXT8, ZEXT16 -> {
                int source = raw(a);
                int base = n.type == Type.I64 ? MicroOp.UNARY : MicroOp.UNARYW;
                emit(MicroOp.word(base + n.op.ordinal() - Op.NEG.ordinal(), destination(i), source, 0));
            }
            case EQ, NE, LTS, GES, LTU, GEU -> compare(i, n, a, operand(n.b));
            case SELECT -> {
                int condition = canonical(a);
                int yes = canonical(operand(n.b));
                int no = canonical(operand(n.c));
                emit(MicroOp.word(MicroOp.SELECT, destination(i), condition, yes, no));
            }
            case FADD,
                    FSUB,
                    FMUL,
                    FDIV,
                    FSQRT,
                    FMA,
                    FNEG,
                    FABS,
                    FEQ,
                    FLT,
                    FLE,
                    FCVT,
                    FROM_S,
                    FROM_U,
                    TO_S,
                    TO_U,
                    BITCAST -> floating(i, n, a);
            default -> binary(i, n, a, operand(n.b));
        }
    }

    private void compare(int i, Node n, Node a, Node b) {
        int x = canonical(a);
        if (b.isConst() && MicroOp.fits(b.imm, 36) && (n.op == Op.LTS || n.op == Op.LTU)) {
            emit(MicroOp.word(n.op == Op.LTS ? MicroOp.LTSI : MicroOp.LTUI, destination(i), x, b.imm));
            return;
        }
        int y = canonical(b);
        int op = n.op == Op.LTS
                ? MicroOp.LTS
                : n.op == Op.LTU ? MicroOp.LTU : MicroOp.COMPARE + n.op.ordinal() - Op.EQ.ordinal();
        emit(MicroOp.word(op, destination(i), x, y, 0));
    }

    private void binary(int i, Node n, Node a, Node b) {
        boolean wide = n.type == Type.I64;
        // Bitwise operations on canonical values give canonical ones, whatever the width.
        boolean bitwise = n.op == Op.AND || n.op == Op.OR || n.op == Op.XOR;
        boolean as64 = wide || bitwise && Fusion.isCanonical(a) && Fusion.isCanonical(b);
        if (b.isConst()) {
            long imm = n.op == Op.SUB ? -b.imm : b.imm;
            int op = immediate(n.op, as64);
            if (op != 0 && MicroOp.fits(imm, 36)) {
                int x = raw(a);
                emit(MicroOp.word(op, destination(i), x, imm));
                return;
            }
        }
        if (fusion.isFused(a) && a.op == Op.SHL) {
            int x = raw(operand(a.a));
            int y = raw(b);
            emit(MicroOp.word(MicroOp.SHADD, destination(i), x, y, operand(a.b).imm));
            return;
        }
        if (fusion.isFused(b) && b.op == Op.NOT) {
            int op = n.op == Op.AND ? MicroOp.ANDN : n.op == Op.OR ? MicroOp.ORN : MicroOp.XORN;
            int x = raw(a);
            int y = raw(operand(b.a));
            emit(MicroOp.word(op, destination(i), x, y, 0));
            return;
        }
        int x = raw(a);
        int y = raw(b);
        emit(MicroOp.word(registers(n.op, as64), destination(i), x, y, 0));
    }

    /** The operation with an immediate, or 0 if there is none. */
    private static int immediate(Op op, boolean wide) {
        return switch (op) {
            case ADD, SUB -> wide ? MicroOp.ADDI : MicroOp.ADDIW;
            case AND -> wide ? MicroOp.ANDI : 0;
            case OR -> wide ? MicroOp.ORI : 0;
            case XOR -> wide ? MicroOp.XORI : 0;
            case SHL -> wide ? MicroOp.SHLI : MicroOp.SHLIW;
            case SHR -> wide ? MicroOp.SHRI : MicroOp.SHRIW;
            case SAR -> wide ? MicroOp.SARI : MicroOp.SARIW;
            case ROTR -> wide ? MicroOp.ROTRI : MicroOp.ROTRIW;
            default -> 0;
        };
    }

    private static int registers(Op op, boolean wide) {
        return switch (op) {
            case ADD -> wide ? MicroOp.ADD : MicroOp.ADDW;
            case SUB -> wide ? MicroOp.SUB : MicroOp.SUBW;
            case MUL -> wide ? MicroOp.MUL : MicroOp.MULW;
            case AND -> wide ? MicroOp.AND : MicroOp.BINARYW + 3;
            case OR -> wide ? MicroOp.OR : MicroOp.BINARYW + 4;
            case XOR -> wide ? MicroOp.XOR : MicroOp.BINARYW + 5;
            case SHL -> wide ? MicroOp.SHL : MicroOp.SHLW;
            case SHR -> wide ? MicroOp.SHR : MicroOp.SHRW;
            case SAR -> wide ? MicroOp.SAR : MicroOp.SARW;
            default -> (wide ? MicroOp.BINARY : MicroOp.BINARYW) + op.ordinal() - Op.ADD.ordinal();
        };
    }

    // ---- floating point

    private void floating(int i, Node n, Node a) {
        boolean wide = n.type == Type.F64;
        boolean wideSource = a.type == Type.F64;
        long rounding = n.imm << 8;
        switch (n.op) {
            case FADD, FSUB, FMUL, FDIV -> {
                int op = MicroOp.FADD + 2 * (n.op.ordinal() - Op.FADD.ordinal()) + (wide ? 1 : 0);
                int x = raw(a);
                int y = raw(operand(n.b));
                emit(MicroOp.word(op, destination(i), x, y, rounding));
            }
            case FMA -> {
                int x = raw(a);
                int y = raw(operand(n.b));
                int z = raw(operand(n.c));
                emit(MicroOp.word(MicroOp.FMA + (wide ? 1 : 0), destination(i), x, y, z | rounding));
            }
            case FEQ, FLT, FLE -> {
                int op = MicroOp.FEQ + 2 * (n.op.ordinal() - Op.FEQ.ordinal()) + (wideSource ? 1 : 0);
                int x = raw(a);
                int y = raw(operand(n.b));
                emit(MicroOp.word(op, destination(i), x, y, 0));
            }
            case FSQRT -> unaryFloat(i, MicroOp.FSQRT + (wide ? 1 : 0), a, rounding);
            case FNEG -> unaryFloat(i, MicroOp.FNEG + (wide ? 1 : 0), a, 0);
            case FABS -> unaryFloat(i, MicroOp.FABS + (wide ? 1 : 0), a, 0);
            case FCVT -> unaryFloat(i, MicroOp.FCVT + (wide ? 1 : 0), a, rounding);
            case FROM_S, FROM_U ->
                unaryFloat(
                        i,
                        MicroOp.FROM_INT + (wide ? 1 : 0),
                        a,
                        rounding | (a.type == Type.I64 ? 1L << 11 : 0) | (n.op == Op.FROM_S ? 1L << 12 : 0));
            case TO_S, TO_U ->
                unaryFloat(
                        i,
                        MicroOp.TO_INT + (wideSource ? 1 : 0),
                        a,
                        rounding | (n.type == Type.I64 ? 1L << 11 : 0) | (n.op == Op.TO_S ? 1L << 12 : 0));
            default -> {
                int x = raw(a);
                int op = n.type == Type.F32
                        ? MicroOp.FLOAT_FROM_BITS
                        : a.type == Type.F32 ? MicroOp.FLOAT_TO_BITS : MicroOp.MOV;
                emit(MicroOp.word(op, destination(i), x, 0, 0));
            }
        }
    }

    private void unaryFloat(int i, int op, Node a, long flags) {
        int x = raw(a);
        emit(MicroOp.word(op, destination(i), x, 0, flags));
    }

    // ---- memory, calls, jumps

    private void memory(int i, Node n) {
        MemOp mem = n.mem();
        Node address = operand(n.a);
        boolean ordered = mem.order() != MemOp.Order.PLAIN && (n.op == Op.LOAD || n.op == Op.STORE);
        if (ordered && (n.op == Op.STORE || mem.order() == MemOp.Order.SEQ_CST)) {
            emit(MicroOp.word(MicroOp.FENCE, 0, 0));
        }
        long displacement = n.imm;
        if (fusion.isFused(address)) {
            displacement += operand(address.b).imm;
            address = operand(address.a);
        }
        boolean plain = !mem.bigEndian()
                && !mem.aligned()
                && (address.type == Type.I32) == narrow
                && (n.op == Op.LOAD || n.op == Op.STORE);
        int at = raw(address);
        if (!MicroOp.fits(displacement, plain ? 33 : 28)) {
            int sum = scratch();
            emit(MicroOp.word(MicroOp.ADD, sum, at, constant(displacement), 0));
            at = sum;
            displacement = 0;
        }
        long flags = mem.sizeLog2()
                | (address.type == Type.I32 ? MicroOp.ADDRESS_32 : 0)
                | (mem.aligned() ? MicroOp.ALIGNED : 0)
                | (mem.bigEndian() ? MicroOp.BIG_ENDIAN : 0);
        boolean signed = mem.signed() || n.type == Type.I32 && mem.size() == 4;
        switch (n.op) {
            case LOAD -> {
                int d = destination(i);
                emit(
                        plain
                                ? plain(
                                        MicroOp.LOAD
                                                | (mem.size() == 8
                                                        ? MicroOp.KIND_64
                                                        : mem.sizeLog2() | (signed ? 0 : 4)),
                                        d,
                                        at,
                                        mem,
                                        displacement)
                                : MicroOp.word(
                                        MicroOp.LOADX,
                                        d,
                                        at,
                                        (int) flags | (signed ? MicroOp.SIGNED : 0),
                                        displacement));
            }
            case STORE -> {
                int value = raw(operand(n.b));
                emit(
                        plain
                                ? plain(MicroOp.STORE | mem.sizeLog2(), value, at, mem, displacement)
                                : MicroOp.word(MicroOp.STOREX, value, at, (int) flags, displacement));
            }
            case LOAD_EXCLUSIVE -> emit(MicroOp.word(MicroOp.LOAD_EXCLUSIVE, destination(i), at, 0, flags << 8));
            case RMW -> {
                int value = raw(operand(n.b));
                emit(MicroOp.word(
                        MicroOp.RMW,
                        destination(i),
                        at,
                        value,
                        flags << 8 | (long) mem.atomic().ordinal() << 16));
            }
            case STORE_EXCLUSIVE -> {
                int value = raw(operand(n.b));
                emit(MicroOp.word(MicroOp.STORE_EXCLUSIVE, destination(i), at, value, flags << 8));
            }
            default -> {
                int expected = raw(operand(n.b));
                int value = raw(operand(n.c));
                emit(MicroOp.word(MicroOp.CAS, destination(i), at, expected, value | flags << 8));
            }
        }
        if (ordered && (n.op == Op.LOAD || mem.order() == MemOp.Order.SEQ_CST)) {
            emit(MicroOp.word(MicroOp.FENCE, 0, 0));
        }
    }

    private static long plain(int op, int d, int a, MemOp mem, long displacement) {
        return MicroOp.memory(op, d, a, mem.size(), displacement);
    }

    private void call(int i, Node n) {
        int a = n.a == null ? MicroOp.ZERO : canonical(n.a);
        int b = n.b == null ? MicroOp.ZERO : canonical(n.b);
        int c = n.c == null ? MicroOp.ZERO : canonical(n.c);
        int d = n.type == null ? scratch() : destination(i);
        int op = n.helper().has(Helper.Effect.ENDS_BLOCK) ? MicroOp.CALL_AND_LEAVE : MicroOp.CALL;
        emit(MicroOp.word(op, d, a, b, c | (long) helpers.number(n.helper()) << 8));
    }

    private void jumpIf(Node n) {
        Node condition = operand(n.a);
        int x;
        int y = MicroOp.ZERO;
        int op = MicroOp.BRANCH_OUT + 1;
        if (fusion.isFused(condition)) {
            x = canonical(operand(condition.a));
            y = canonical(operand(condition.b));
            op = MicroOp.BRANCH_OUT + condition.op.ordinal() - Op.EQ.ordinal();
        } else {
            x = canonical(condition);
        }
        emit(MicroOp.word(op, 0, x, y, n.imm));
    }

    private void jumpTo(Node n) {
        Node address = operand(n.a);
        long imm = 0;
        boolean even = false;
        if (fusion.isFused(address) && address.op == Op.AND) {
            even = true;
            address = operand(address.a);
        }
        if (fusion.isFused(address)) {
            imm = operand(address.b).imm;
            address = operand(address.a);
        }
        int link = fusion.link();
        int x = raw(address);
        if (address.type == Type.I32 && !narrow) {
            int target = scratch();
            emit(MicroOp.word(MicroOp.ADDIW, target, x, imm));
            emit(MicroOp.word(MicroOp.ZEXTW, target, target, 0));
            x = target;
            imm = 0;
        }
        int op = link >= 0
                ? even ? MicroOp.INDIRECT_EVEN_LINK : MicroOp.INDIRECT_LINK
                : even ? MicroOp.INDIRECT_EVEN : MicroOp.INDIRECT;
        emit(MicroOp.word(op, Math.max(link, 0), x, imm));
    }

    private static Node operand(@Nullable Node node) {
        return Objects.requireNonNull(node);
    }
}
