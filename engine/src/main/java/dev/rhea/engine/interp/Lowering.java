package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.util.List;

/**
 * Turns the nodes of one instruction into micro-operations. Not shared between threads. {@link Operands} says where values
 * are meanwhile.
 */
final class Lowering {
    private final boolean narrow;
    private final HelperTable helpers;
    private final Operands operands = new Operands();
    private final Fusion fusion = operands.fusion;
    private final ValueLowering values = new ValueLowering(operands);
    private final MemoryLowering memory;

    /** @param addressType the architecture's */
    Lowering(Type addressType, HelperTable helpers) {
        narrow = addressType == Type.I32;
        this.helpers = helpers;
        memory = new MemoryLowering(operands, narrow);
    }

    /**
     * Lowers an instruction of {@code length} bytes.
     *
     * @return how many words {@link #words} has; they make a sequence (to be ended by the caller) unless it is one word that
     *     {@link #standsAlone}
     */
    int lower(List<Node> nodes, int length) {
        operands.begin(nodes, length);
        for (int i = 0; i < nodes.size(); i++) {
            if (!fusion.fused(i)) {
                node(i, nodes.get(i));
            }
            operands.done(i);
        }
        if (operands.count() == 0) {
            operands.emit(MicroOp.word(MicroOp.NOP, 0, 0));
        }
        return operands.count();
    }

    long[] words() {
        return operands.words();
    }

    /** Whether the only word can be the instruction's own. */
    boolean standsAlone() {
        int op = MicroOp.op(operands.words()[0]);
        return operands.count() == 1 && (op < MicroOp.FIRST_SEQUENCE_ONLY || op > MicroOp.LAST_SEQUENCE_ONLY);
    }

    // ---- nodes

    private void node(int i, Node n) {
        switch (n.op) {
            case CONST -> {}
            case GET -> {
                if (fusion.mustCopy(i)) {
                    operands.emit(MicroOp.word(
                            MicroOp.MOV, operands.destination(i), n.global().slot(), 0));
                }
            }
            case PC -> {
                if (fusion.lastUse(i) >= 0) {
                    pc(i, n);
                }
            }
            case SET -> set(n);
            case LOAD, STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE -> memory.access(i, n);
            case FENCE -> {
                if (n.imm == 0 || !MemoryLowering.HOST_KEEPS_ORDER) {
                    operands.emit(MicroOp.word(MicroOp.FENCE, 0, 0));
                }
            }
            case CALL -> call(i, n);
            case JUMP -> {
                int link = fusion.link();
                operands.emit(
                        MicroOp.word(link >= 0 ? MicroOp.LINK_OUT : MicroOp.JUMP_OUT, Math.max(link, 0), 0, n.imm));
            }
            case JUMP_IF -> jumpIf(n);
            case JUMP_TO -> jumpTo(n);
            case TRAP -> {
                if (n.a == null || n.a.isConst(0)) {
                    operands.emit(MicroOp.word(MicroOp.TRAP, 0, 0, n.imm));
                } else {
                    operands.emit(MicroOp.word(MicroOp.TRAP_VALUE, 0, operands.canonical(n.a), 0, n.imm));
                }
            }
            case TRAP_IF ->
                operands.emit(MicroOp.word(
                        MicroOp.TRAP_IF,
                        0,
                        n.a == null ? MicroOp.ZERO : operands.canonical(n.a),
                        operands.canonical(Operands.operand(n.b)),
                        n.imm));
            case LEAVE -> operands.emit(MicroOp.word(MicroOp.LEAVE, 0, 0));
            default -> {
                if (n.op.effect() || fusion.lastUse(i) >= 0) {
                    values.value(i, n);
                }
            }
        }
    }

    private void pc(int i, Node n) {
        if (MicroOp.fits(n.imm, 36)) {
            int d = operands.destination(i);
            operands.emit(MicroOp.word(MicroOp.PC, d, 0, n.imm));
            if (n.type == Type.I32 && !narrow) {
                operands.emit(MicroOp.word(MicroOp.SEXTW, d, d, 0));
            }
        } else {
            int offset = operands.constant(n.imm);
            int d = operands.destination(i);
            operands.emit(MicroOp.word(MicroOp.PC, d, 0, 0));
            operands.emit(MicroOp.word(n.type == Type.I32 ? MicroOp.ADDW : MicroOp.ADD, d, d, offset, 0));
        }
    }

    private void set(Node n) {
        Node value = Operands.operand(n.a);
        int d = n.global().slot();
        if (value.isConst()) {
            operands.constant(d, value.imm);
        } else if (fusion.isTargeted(value)) {
            return;
        } else if (!Fusion.isCanonical(value)) {
            operands.extend(d, value);
        } else if (operands.raw(value) != d) {
            operands.emit(MicroOp.word(MicroOp.MOV, d, operands.raw(value), 0));
        }
    }

    // ---- calls, jumps

    private void call(int i, Node n) {
        int a = n.a == null ? MicroOp.ZERO : operands.canonical(n.a);
        int b = n.b == null ? MicroOp.ZERO : operands.canonical(n.b);
        int c = n.c == null ? MicroOp.ZERO : operands.canonical(n.c);
        int d = n.type == null ? operands.scratch() : operands.destination(i);
        int op = n.helper().has(Helper.Effect.ENDS_BLOCK) ? MicroOp.CALL_AND_LEAVE : MicroOp.CALL;
        operands.emit(MicroOp.word(op, d, a, b, c | (long) helpers.number(n.helper()) << 8));
    }

    private void jumpIf(Node n) {
        Node condition = Operands.operand(n.a);
        int x;
        int y = MicroOp.ZERO;
        int op = MicroOp.BRANCH_OUT + 1;
        if (fusion.isFused(condition)) {
            x = operands.canonical(Operands.operand(condition.a));
            y = operands.canonical(Operands.operand(condition.b));
            op = MicroOp.BRANCH_OUT + condition.op.ordinal() - Op.EQ.ordinal();
        } else {
            x = operands.canonical(condition);
        }
        operands.emit(MicroOp.word(op, 0, x, y, n.imm));
    }

    private void jumpTo(Node n) {
        Node address = Operands.operand(n.a);
        long imm = 0;
        boolean even = false;
        if (fusion.isFused(address) && address.op == Op.AND) {
            even = true;
            address = Operands.operand(address.a);
        }
        if (fusion.isFused(address)) {
            imm = Operands.operand(address.b).imm;
            address = Operands.operand(address.a);
        }
        int link = fusion.link();
        int x = operands.raw(address);
        if (address.type == Type.I32 && !narrow) {
            int target = operands.scratch();
            operands.emit(MicroOp.word(MicroOp.ADDIW, target, x, imm));
            operands.emit(MicroOp.word(MicroOp.ZEXTW, target, target, 0));
            x = target;
            imm = 0;
        }
        int op = link >= 0
                ? even ? MicroOp.INDIRECT_EVEN_LINK : MicroOp.INDIRECT_LINK
                : even ? MicroOp.INDIRECT_EVEN : MicroOp.INDIRECT;
        operands.emit(MicroOp.word(op, Math.max(link, 0), x, imm));
    }
}
