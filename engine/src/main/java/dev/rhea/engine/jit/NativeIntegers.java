package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Mem;

/** Machine code for the operations that give integers. */
final class NativeIntegers {
    private final NativeValues values;
    private final Assembler asm;
    private final NativeDivision division;

    NativeIntegers(NativeValues values) {
        this.values = values;
        this.asm = values.asm;
        this.division = new NativeDivision(values);
    }

    /** Computes into a register what is neither a constant nor in some place already. */
    void compute(Node n, int d, boolean wide) {
        switch (n.op) {
            case PC -> asm.movImm(d, wide ? values.pc() + n.imm : values.pc() + n.imm & 0xffffffffL);
            case ADD -> add(n, d, wide);
            case SUB -> binary(SUB, n, d, wide);
            case AND -> binary(AND, n, d, wide);
            case OR -> binary(OR, n, d, wide);
            case XOR -> binary(XOR, n, d, wide);
            case MUL -> multiply(n, d, wide);
            case SHL -> shift(SHL, n, d, wide);
            case SHR -> shift(SHR, n, d, wide);
            case SAR -> shift(SAR, n, d, wide);
            case ROTL -> shift(ROL, n, d, wide);
            case ROTR -> shift(ROR, n, d, wide);
            case MULHS -> division.highProduct(IMUL, n, d, wide);
            case MULHU -> division.highProduct(MUL, n, d, wide);
            case DIVS, DIVU, REMS, REMU -> division.divide(n, d, wide);
            case MINS -> choose(LESS, n, d, wide);
            case MAXS -> choose(NOT_LESS, n, d, wide);
            case MINU -> choose(BELOW, n, d, wide);
            case MAXU -> choose(NOT_BELOW, n, d, wide);
            case NEG -> {
                values.eval(NativeValues.a(n), d);
                asm.unary(NEG, d, wide);
            }
            case NOT -> {
                values.eval(NativeValues.a(n), d);
                asm.unary(NOT, d, wide);
            }
            case CLZ -> count(0xbd, n, d, wide);
            case CTZ -> count(0xbc, n, d, wide);
            case POPCNT -> count(0xb8, n, d, wide);
            case BSWAP -> {
                values.eval(NativeValues.a(n), d);
                asm.bswap(d, wide);
            }
            case SEXT8 -> narrow(n, d, 0, true, wide);
            case SEXT16 -> narrow(n, d, 1, true, wide);
            case ZEXT8 -> narrow(n, d, 0, false, wide);
            case ZEXT16 -> narrow(n, d, 1, false, wide);
            case SEXT32 -> {
                Node a = NativeValues.a(n);
                int q = values.place(a, true);
                if (q >= 0) {
                    asm.movsxd(d, q);
                } else if (q == NativeValues.MEMORY) {
                    asm.load(d, values.found(), 2, true, true);
                } else {
                    values.eval(a, d);
                    asm.movsxd(d, d);
                }
            }
            case ZEXT32 -> {
                Node a = NativeValues.a(n);
                int q = values.place(a, true);
                if (q >= 0) {
                    asm.mov(d, q, false);
                } else if (q == NativeValues.MEMORY) {
                    asm.load(d, values.found(), 2, false, false);
                } else {
                    values.eval(a, d);
                    asm.mov(d, d, false);
                }
            }
            case TRUNC -> values.eval(NativeValues.a(n), d);
            case EQ, NE, LTS, GES, LTU, GEU -> {
                int condition = values.conditions.compare(n);
                asm.setcc(condition, RCX);
                asm.extend(d, RCX, 0, false, false);
            }
            case FEQ, FLT, FLE -> {
                int condition = values.floats.compare(n);
                asm.setcc(condition, RCX);
                asm.extend(d, RCX, 0, false, false);
            }
            case TO_S -> values.floats.toInteger(n, d);
            case SELECT -> values.conditions.select(n, d, wide);
            case LOAD -> values.memory.loaded(n, d, wide);
            case BITCAST, BOX -> values.floats.bits(n.op == Op.BOX ? n : NativeValues.a(n), d);
            default -> throw new NativeValues.TooComplex();
        }
    }

    private void add(Node n, int d, boolean wide) {
        Node a = NativeValues.a(n);
        Node b = NativeValues.b(n);
        int p = a.isConst() ? NativeValues.NONE : values.place(a, !wide);
        if (p >= 0 && p != d) {
            if (NativeValues.isImmediate(b)) {
                asm.lea(d, Mem.at(p, (int) b.imm), wide);
                return;
            }
            int q = b.isConst() ? NativeValues.NONE : values.place(b, !wide);
            if (q >= 0) {
                asm.lea(d, new Mem(p, q, 0), wide);
                return;
            }
        }
        binary(ADD, n, d, wide);
    }

    private void binary(int op, Node n, int d, boolean wide) {
        Node b = NativeValues.b(n);
        if (NativeValues.isImmediate(b)) {
            values.eval(NativeValues.a(n), d);
            asm.aluImm(op, d, (int) b.imm, wide);
            return;
        }
        if (b.isConst()) {
            values.eval(NativeValues.a(n), d);
            values.eval(b, RCX);
            asm.alu(op, d, RCX, wide);
            return;
        }
        int q = values.place(b, !wide);
        if (q == NativeValues.MEMORY) {
            Mem m = values.found();
            values.eval(NativeValues.a(n), d);
            asm.alu(op, d, m, wide);
        } else {
            int t = values.use(b);
            values.eval(NativeValues.a(n), d);
            asm.alu(op, d, t, wide);
            values.give(t);
        }
    }

    private void multiply(Node n, int d, boolean wide) {
        Node b = NativeValues.b(n);
        if (b.isConst()) {
            values.eval(NativeValues.a(n), d);
            values.eval(b, RCX);
            asm.imul(d, RCX, wide);
        } else if (values.place(b, !wide) == NativeValues.MEMORY) {
            Mem m = values.found();
            values.eval(NativeValues.a(n), d);
            asm.imul(d, m, wide);
        } else {
            int t = values.use(b);
            values.eval(NativeValues.a(n), d);
            asm.imul(d, t, wide);
            values.give(t);
        }
    }

    private void shift(int op, Node n, int d, boolean wide) {
        Node b = NativeValues.b(n);
        if (b.isConst()) {
            values.eval(NativeValues.a(n), d);
            int amount = (int) b.imm & (wide ? 63 : 31);
            if (amount != 0) {
                asm.shift(op, d, amount, wide);
            }
            return;
        }
        int t = values.use(b);
        values.eval(NativeValues.a(n), d);
        asm.mov(RCX, t, false);
        asm.shiftCl(op, d, wide);
        values.give(t);
    }

    private void narrow(Node n, int d, int log2, boolean signed, boolean wide) {
        int t = values.use(NativeValues.a(n));
        asm.extend(d, t, log2, signed, wide);
        values.give(t);
    }

    private void count(int opcode, Node n, int d, boolean wide) {
        int t = values.use(NativeValues.a(n));
        asm.count(opcode, d, t, wide);
        values.give(t);
    }

    private void choose(int condition, Node n, int d, boolean wide) {
        int t = values.use(NativeValues.b(n));
        values.eval(NativeValues.a(n), d);
        asm.alu(CMP, t, d, wide);
        asm.cmov(condition, d, t, wide);
        values.give(t);
    }
}
