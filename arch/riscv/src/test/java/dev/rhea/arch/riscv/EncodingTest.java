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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void noInstructionBelongsToTwoRows(int xlen) {
        assertThat(Overlaps.in(RandomWords.everything(xlen).table())).isEmpty();
        assertThat(Overlaps.in(RandomWords.codeSize(xlen).table())).isEmpty();
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
        whatTheDisassemblerWritesTheAssemblerReads(RandomWords.everything(xlen));
        whatTheDisassemblerWritesTheAssemblerReads(RandomWords.codeSize(xlen));
    }

    private static void whatTheDisassemblerWritesTheAssemblerReads(Riscv isa) throws AssemblyException {
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            64 | b842 | cm.push {ra}, -16
            64 | b84e | cm.push {ra}, -64
            64 | b852 | cm.push {ra, s0}, -16
            64 | b862 | cm.push {ra, s0-s1}, -32
            64 | b8fe | cm.push {ra, s0-s11}, -160
            32 | b8f2 | cm.push {ra, s0-s11}, -64
            32 | b8e2 | cm.push {ra, s0-s9}, -48
            64 | bae2 | cm.pop {ra, s0-s9}, 96
            64 | bef6 | cm.popret {ra, s0-s11}, 128
            64 | bc52 | cm.popretz {ra, s0}, 16
            64 | aca2 | cm.mvsa01 s1, s0
            64 | ace2 | cm.mva01s s1, s0
            64 | a002 | cm.jt 0
            64 | a07e | cm.jt 31
            64 | a082 | cm.jalt 32
            64 | a3fe | cm.jalt 255
            64 | b832 | .2byte 0xb832
            64 | ac22 | .2byte 0xac22
            64 | 8188 | c.lbu a0, 0(a1)
            64 | 81e8 | c.lbu a0, 3(a1)
            64 | 85c8 | c.lh a0, 0(a1)
            64 | 85a8 | c.lhu a0, 2(a1)
            64 | 89a8 | c.sb a0, 2(a1)
            64 | 8da8 | c.sh a0, 2(a1)
            64 | 9d4d | c.mul a0, a1
            64 | 9d61 | c.zext.b a0
            64 | 9d65 | c.sext.b a0
            64 | 9d69 | c.zext.h a0
            64 | 9d6d | c.sext.h a0
            64 | 9d71 | c.zext.w a0
            32 | 9d71 | .2byte 0x9d71
            64 | 9d75 | c.not a0
            """)
    void codeSizeInstructionsAreWrittenAsTheManualWritesThem(int xlen, String bits, String text) {
        assertThat(RandomWords.codeSize(xlen).disassemble(Long.parseLong(bits, 16), 0, 2, 0, 0))
                .isEqualTo(text);
    }

    @Test
    void listsOfRegistersThatThereAreNotAreRefused() {
        Riscv isa = RandomWords.codeSize(64);
        var assembler = new Assembler(isa.table(), isa.operands());
        assertThat(error(assembler, "cm.push {ra, s0-s10}, -112")).contains("to s9, or to s11");
        assertThat(error(assembler, "cm.push {s0}, -16")).contains("a list of registers");
        assertThat(error(assembler, "cm.push {ra}, -80")).contains("16 bytes, or by 16, 32 or 48 more");
        assertThat(error(assembler, "cm.push {ra}, 16")).contains("16 bytes");
        assertThat(error(assembler, "cm.mvsa01 a0, s0")).contains("only s0 to s7");
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
