package dev.rhea.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.engine.ir.Builder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directives and expressions; no architecture has a part in them. */
class ExpressionTest {
    private static final Operands NONE = new Operands() {
        @Override
        public void print(StringBuilder out, String operand, Insn insn, long pc) {
            throw new AssertionError("there are no instructions");
        }

        @Override
        public long parse(AssemblyText text, String operand, Encoding encoding) {
            throw new AssertionError("there are no instructions");
        }
    };

    private static Assembler.Program assemble(String text) throws AssemblyException {
        return new Assembler(new Table<Builder>(), NONE).assemble(text, 0x1000);
    }

    private static long value(String expression) throws AssemblyException {
        return ByteBuffer.wrap(
                        assemble("start: .dword " + expression + "\nafter:").code())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                "1 + 2 * 3 @ 7",
                "(1 + 2) * 3 @ 9",
                "1 << 3 + 1 @ 9",
                "1 | 2 + 4 @ 7",
                "6 & 3 * 1 @ 2",
                "-7 / 2 @ -3",
                "-7 % 3 @ -1",
                "-1 >> 60 @ 15",
                "1 << 64 @ 0",
                "~0x0f & 0xff @ 240",
                "0b101 + 017 @ 20",
                "0xffffffffffffffff @ -1",
                "'a' + '\\n' @ 107",
                "after - start @ 8",
                ". - start @ 0",
            })
    void expressionsAreComputedInTheOrderOfGnuAs(String expression, long expected) throws AssemblyException {
        assertThat(value(expression)).isEqualTo(expected);
    }

    @Test
    void numberedLabelsAreTheNearestOnes() throws AssemblyException {
        byte[] code = assemble("1: .byte 1f - .\n1: .byte 1b - . , 1f - 1b\n1:").code();
        assertThat(code).containsExactly(1, 0, 2);
    }

    @Test
    void stringsHaveEscapesAndMayHoldWhatElsewhereEndsALine() throws AssemblyException {
        byte[] code = assemble(".ascii \"a#b: \\\"\", \"\\t\\101\" # not this\n.asciz \"é\"")
                .code();
        assertThat(code).containsExactly('a', '#', 'b', ':', ' ', '"', '\t', 'A', 0xc3, 0xa9, 0);
    }

    @Test
    void symbolsSpaceAndAlignmentAreKept() throws AssemblyException {
        Assembler.Program program = assemble(".equ SIZE, 3\n.byte 1\n.zero SIZE\n.balign 8\nend: .half SIZE * 2");
        assertThat(program.code()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 6, 0);
        assertThat(program.labels()).containsEntry("SIZE", 3L).containsEntry("end", 0x1008L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            value = {
                ".byte 256 @ 256 does not fit 1 byte",
                ".byte 1 / 0 @ division by zero",
                ".byte (1 @ ')' is missing",
                ".word nowhere @ there is no label 'nowhere'",
                ".word 1f @ is no number, and no label",
                ".zero later ^ later: @ must be known here",
                ".balign 0 @ an alignment is a positive number",
                ".zero -1 @ there is no room for -1 bytes",
                ".ascii \"open @ does not end with a quote",
                ".ascii \"\\q\" @ there is no character '\\q'",
                ".byte 1 2 @ goes on where its operands end",
                ".equ x, 1 ^ .equ x, 1 @ 'x' is there twice",
                ".bite 1 @ there is no directive '.bite'",
                ".byte %hi(1) @ there is no '%hi' here",
            })
    void whatIsWrongIsSaidWithItsLine(String text, String message) {
        assertThatThrownBy(() -> assemble("\n" + text.replace(" ^ ", "\n")))
                .isInstanceOf(AssemblyException.class)
                .hasMessageMatching("(?s)line [23]: .*")
                .hasMessageContaining(message);
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> value("(".repeat(10_000) + "1" + ")".repeat(10_000)))
                .hasMessageContaining("nested too deep");
    }
}
