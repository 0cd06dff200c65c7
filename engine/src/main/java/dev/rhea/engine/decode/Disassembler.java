package dev.rhea.engine.decode;

/** Writes instructions in the syntax of their rows. */
public final class Disassembler {
    private final Operands operands;

    public Disassembler(Operands operands) {
        this.operands = operands;
    }

    /** An instruction at {@code pc} as assembly. */
    public String print(Insn insn, long pc) {
        return Syntax.print(insn, operands, pc);
    }
}
