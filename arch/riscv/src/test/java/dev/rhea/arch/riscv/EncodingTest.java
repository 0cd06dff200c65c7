package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.engine.decode.Completeness;
import dev.rhea.engine.decode.Disassembler;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Overlaps;
import dev.rhea.engine.decode.Row;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void noInstructionBelongsToTwoRows(int xlen) {
        assertThat(Overlaps.in(RandomWords.everything(xlen).table())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void everyRowHasAnInstructionOfItsOwn(int xlen) {
        Riscv isa = RandomWords.everything(xlen);
        var random = new SplittableRandom(2);
        for (Row<RiscvBuilder> row : isa.table().rows()) {
            assertThat(RandomWords.of(isa, row, 1, random)).as(row.syntax()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void whatTheDisassemblerWritesTheAssemblerReads(int xlen) throws AssemblyException {
        Riscv isa = RandomWords.everything(xlen);
        var assembler = new Assembler(isa.table(), isa.operands());
        var disassembler = new Disassembler(isa.operands());
        var random = new SplittableRandom(3);
        long pc = 0x12340;
        for (Row<RiscvBuilder> row : isa.table().rows()) {
            for (Insn insn : RandomWords.of(isa, row, 20, random)) {
                String text = disassembler.print(insn, pc);
                Insn again = assembler.instruction(text, pc);
                long ignored = RandomWords.unwrittenBits(row);
                assertThat(again.bits()).as("%s from 0x%x", text, insn.bits()).isEqualTo(insn.bits() & ~ignored);
                assertThat(again.row()).as(text).isSameAs(row);
            }
        }
    }

    @Test
    void theTreeFindsWhatASearchOfAllRowsFinds() {
        Riscv isa = RandomWords.everything(64);
        List<Row<RiscvBuilder>> rows = isa.table().rows();
        var random = new SplittableRandom(4);
        for (int n = 0; n < 20_000; n++) {
            // mostly words near an instruction
            Row<RiscvBuilder> near = rows.get(random.nextInt(rows.size()));
            int bits = near.encoding().bits();
            long all = (1L << bits) - 1;
            long word = (near.encoding().match()
                            | random.nextLong() & ~near.encoding().mask())
                    & all;
            if (random.nextBoolean()) {
                word ^= 1L << random.nextInt(bits);
            }
            Row<RiscvBuilder> best = null;
            for (Row<RiscvBuilder> row : rows) {
                if (row.encoding().bits() == bits
                        && row.encoding().matches(word)
                        && (best == null || row.encoding().within(best.encoding()))
                        && row.legal().test(new Insn(row, word))) {
                    best = row;
                }
            }
            Insn found = isa.table().decode(word, bits);
            assertThat(found == null ? null : found.row()).as("0x%x", word).isSameAs(best);
        }
    }

    @Test
    void onlyReservedCompressedInstructionsHaveNoRow() {
        Riscv isa = Riscv.of(64, Extensions.GC);
        // what is missing in quadrants 0 and 1 is reserved, or Zcb's; quadrant 3 is that of longer instructions
        assertThat(Completeness.of(isa.table(), 16, "--------------00").holes()).containsExactly("100-----------00");
        assertThat(Completeness.of(isa.table(), 16, "--------------01").holes())
                .containsExactly("100111---10---01", "100111---11---01");
        assertThat(Completeness.of(isa.table(), 16, "--------------10").holes()).isEmpty();
        assertThat(Completeness.of(isa.table(), 16, "--------------11").taken()).isZero();
    }

    @Test
    void labelsAndDirectivesAssemble() throws AssemblyException {
        Riscv isa = Riscv.of(64, Extensions.GC);
        var assembler = new Assembler(isa.table(), isa.operands());
        var program = assembler.assemble("""
                start:
                    addi a0, zero, 3   # three turns
                loop:  addi a0, a0, -1
                    bne a0, zero, loop
                    c.j end
                    .balign 8
                    .dword loop, 0xffffffffffffffff
                end: ecall
                """, 0x1000);
        assertThat(program.labels()).containsEntry("loop", 0x1004L).containsEntry("end", 0x1020L);
        assertThat(program.code()).hasSize(0x24);
        assertThat(program.code()[0x10]).isEqualTo((byte) 4);
        assertThat(isa.disassemble(0xfe051ee3L, 0, 4, 0, 0x1008)).isEqualTo("bne a0, zero, 0x1004");
    }

    @Test
    void whatCannotBeReadIsSaidWithItsLine() {
        Riscv isa = Riscv.of(64, Extensions.GC);
        var assembler = new Assembler(isa.table(), isa.operands());
        assertThat(error(assembler, "addi a0, a1, 2048"))
                .contains("2048 does not fit")
                .contains("addi a0, a1, 2048");
        assertThat(error(assembler, "addi a0, q1, 0")).contains("'q1' is no x register");
        assertThat(error(assembler, "beq a0, a1, nowhere")).contains("there is no label 'nowhere'");
        assertThat(error(assembler, "frobnicate a0")).contains("there is no instruction 'frobnicate'");
        assertThat(error(assembler, "c.addi4spn a0, sp, 0")).contains("reserved");
    }

    private static String error(Assembler assembler, String line) {
        try {
            assembler.assemble(line, 0);
            return "";
        } catch (AssemblyException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
