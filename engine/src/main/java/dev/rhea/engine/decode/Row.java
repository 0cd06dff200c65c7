package dev.rhea.engine.decode;

import dev.rhea.engine.ir.Builder;
import java.util.function.Predicate;

/**
 * One instruction of an architecture: encoding, assembly syntax and meaning, written once.
 *
 * @param <B> the architecture's builder
 * @param group what it belongs to, an extension's name
 * @param encoding its bits
 * @param syntax how it is written: {@code add {rd}, {rs1}, {rs2}}; what stands in braces is an operand whose printing the
 *     architecture's {@link Operands} know
 * @param legal which of the instructions that fit the encoding it is; most rows take all
 * @param meaning emits what it does
 */
public record Row<B extends Builder>(
        String group, Encoding encoding, String syntax, Predicate<Insn> legal, Meaning<B> meaning) {
    /** What an instruction does. */
    @FunctionalInterface
    public interface Meaning<B extends Builder> {
        void emit(B t, Insn i);
    }

    /** The first word of the syntax, without the operands that stand in it. */
    public String mnemonic() {
        int end = 0;
        while (end < syntax.length() && syntax.charAt(end) != ' ' && syntax.charAt(end) != '{') {
            end++;
        }
        return syntax.substring(0, end);
    }

    /** Length in bytes. */
    public int length() {
        return encoding.bits() / 8;
    }
}
