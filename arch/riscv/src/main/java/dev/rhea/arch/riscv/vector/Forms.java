package dev.rhea.arch.riscv.vector;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import org.jspecify.annotations.Nullable;

/** The shapes in which the manual's tables list instructions: OPIVV, OPIVX, OPIVI, OPMVV, OPMVX, OPFVV, OPFVF. */
final class Forms {
    private final Table<RiscvBuilder> table;

    Forms(Table<RiscvBuilder> table) {
        this.table = table;
    }

    /** What a helper does: the instruction's bits and its scalar operand. */
    @FunctionalInterface
    interface Action {
        void run(RiscvCpu cpu, long bits, long scalar);
    }

    /** The same, with a value for an x or f register. */
    @FunctionalInterface
    interface Question {
        long run(RiscvCpu cpu, long bits, long scalar);
    }

    static Helper helper(String name, Action action) {
        return Helper.of(
                name,
                null,
                (cpu, a, b, c) -> {
                    action.run((RiscvCpu) cpu, a, b);
                    return 0;
                },
                Effect.MAY_FAULT,
                Effect.IMPURE);
    }

    static Helper question(String name, Type result, Question question) {
        return Helper.of(
                name, result, (cpu, a, b, c) -> question.run((RiscvCpu) cpu, a, b), Effect.MAY_FAULT, Effect.IMPURE);
    }

    /** The scalar operand of an instruction as 64 bits, or null for none. */
    @FunctionalInterface
    interface Scalar {
        @Nullable
        Node emit(RiscvBuilder t, Insn i);
    }

    static final Scalar NONE = (t, i) -> null;
    static final Scalar X = (t, i) -> t.sextTo(Type.I64, t.x(i.rs1()));
    static final Scalar F = (t, i) -> t.fbits(i.rs1());
    static final Scalar IMMEDIATE = (t, i) -> t.i64(i.imm());

    /** A row that is one call. */
    void row(String pattern, String syntax, Helper helper, Scalar scalar) {
        table.insn(pattern, syntax, (t, i) -> {
            Node operand = scalar.emit(t, i);
            if (operand == null) {
                t.call(helper, t.i64(i.bits()));
            } else {
                t.call(helper, t.i64(i.bits()), operand);
            }
        });
    }

    /** Integer arithmetic of the OPI space. {@code forms}: v, x, i (signed immediate), u (unsigned). */
    void opi(String funct6, String name, String forms, Shape shape, Element op) {
        elementwise(funct6, "000", "100", name, forms, shape, op, "vm:1", "{vm}");
    }

    /** Of the OPM space. */
    void opm(String funct6, String name, String forms, Shape shape, Element op) {
        elementwise(funct6, "010", "110", name, forms, shape, op, "vm:1", "{vm}");
    }

    /** Of the OPI space, with vm fixed: 0 for what takes a carry (written as {@code v0}), 1 for what takes none. */
    void carry(String funct6, String name, String forms, boolean carry, Shape shape, Element op) {
        elementwise(funct6, "000", "100", name, forms, shape, op, carry ? "0" : "1", carry ? ", v0" : "");
    }

    private void elementwise(
            String funct6,
            String vFunct3,
            String xFunct3,
            String name,
            String forms,
            Shape shape,
            Element op,
            String vm,
            String tail) {
        boolean wide = name.endsWith(".w");
        String w = wide || shape == Shape.NARROW || shape == Shape.NARROW_UNSIGNED ? ".w" : ".v";
        String base = wide ? name.substring(0, name.length() - 2) : name;
        String m = shape.carry() && vm.equals("0") ? "m" : "";
        Action vector = (cpu, bits, scalar) -> Elementwise.vector(cpu, bits, shape, op);
        Action scalarAction = (cpu, bits, scalar) -> Elementwise.scalar(cpu, bits, scalar, shape, op);
        for (int n = 0; n < forms.length(); n++) {
            char form = forms.charAt(n);
            switch (form) {
                case 'v' ->
                    row(
                            funct6 + " " + vm + " vs2:5 vs1:5 " + vFunct3 + " vd:5 1010111",
                            base + w + "v" + m + " {vd:v}, {vs2:v}, {vs1:v}" + tail,
                            helper(base + w + "v", vector),
                            NONE);
                case 'x' ->
                    row(
                            funct6 + " " + vm + " vs2:5 rs1:5 " + xFunct3 + " vd:5 1010111",
                            base + w + "x" + m + " {vd:v}, {vs2:v}, {rs1}" + tail,
                            helper(base + w + "x", scalarAction),
                            X);
                case 'i' ->
                    row(
                            funct6 + " " + vm + " vs2:5 imm:5s 011 vd:5 1010111",
                            base + w + "i" + m + " {vd:v}, {vs2:v}, {imm}" + tail,
                            helper(base + w + "i", scalarAction),
                            IMMEDIATE);
                case 'u' ->
                    row(
                            funct6 + " " + vm + " vs2:5 imm:5 011 vd:5 1010111",
                            base + w + "i" + m + " {vd:v}, {vs2:v}, {imm}" + tail,
                            helper(base + w + "i", scalarAction),
                            IMMEDIATE);
                default -> throw new IllegalArgumentException("no form " + form);
            }
        }
    }

    /** Multiply-add of the OPM space: the manual writes vs1 before vs2. */
    void accumulate(String funct6, String name, String forms, Shape operands, Element op) {
        Shape shape = operands.accumulating();
        if (forms.contains("v")) {
            row(
                    funct6 + " vm:1 vs2:5 vs1:5 010 vd:5 1010111",
                    name + ".vv {vd:v}, {vs1:v}, {vs2:v}{vm}",
                    helper(name + ".vv", (cpu, bits, scalar) -> Elementwise.vector(cpu, bits, shape, op)),
                    NONE);
        }
        row(
                funct6 + " vm:1 vs2:5 rs1:5 110 vd:5 1010111",
                name + ".vx {vd:v}, {rs1}, {vs2:v}{vm}",
                helper(name + ".vx", (cpu, bits, scalar) -> Elementwise.scalar(cpu, bits, scalar, shape, op)),
                X);
    }

    /** An operation on vs2 alone, told by the vs1 field. {@code syntax} is the whole mnemonic. */
    void unary(String funct6, String selector, String funct3, String mnemonic, Shape shape, Element op) {
        row(
                funct6 + " vm:1 vs2:5 " + selector + " " + funct3 + " vd:5 1010111",
                mnemonic + " {vd:v}, {vs2:v}{vm}",
                helper(mnemonic, (cpu, bits, scalar) -> Elementwise.vector(cpu, bits, shape, op)),
                NONE);
    }

    /** A row whose helper gives an x register's value. */
    void toX(String pattern, String syntax, Question question) {
        Helper helper = question(syntax.substring(0, syntax.indexOf(' ')), Type.I64, question);
        table.insn(pattern, syntax, (t, i) -> t.x(i.rd(), t.value(helper, t.i64(i.bits()))));
    }

    Table<RiscvBuilder> table() {
        return table;
    }
}
