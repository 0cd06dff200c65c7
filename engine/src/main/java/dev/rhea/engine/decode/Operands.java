package dev.rhea.engine.decode;

/**
 * How an architecture writes and reads what stands in the braces of a {@link Row}'s syntax. An operand is the name of a
 * field, or of something made of several, and may have a style after a colon: {@code {rd}}, {@code {rd:f}}, {@code {imm:pc}}.
 */
public interface Operands {
    /**
     * Appends an operand's text.
     *
     * @param operand what stands in the braces
     * @param pc the instruction's address
     */
    void print(StringBuilder out, String operand, Insn insn, long pc);

    /**
     * Reads an operand off the text: the inverse of {@link #print}.
     *
     * @return the instruction's bits that hold it
     * @throws AssemblyException if the text is not such an operand, or its value does not fit
     */
    long parse(AssemblyText text, String operand, Encoding encoding) throws AssemblyException;
}
