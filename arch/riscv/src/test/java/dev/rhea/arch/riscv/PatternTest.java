package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Row;
import dev.rhea.engine.interp.PatternCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTest {
    /** Registers and immediates of 0, of only ones, and equal ones are rare among random bits: one field in two is such. */
    private static List<Insn> instructions(Riscv isa, Row<?> row, SplittableRandom random) {
        List<Insn> found = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            long bits = row.encoding().match();
            long last = random.nextLong();
            for (var field : row.encoding().fields()) {
                last = switch (random.nextInt(6)) {
                    case 0 -> 0;
                    case 1 -> -1;
                    case 2 -> last;
                    default -> random.nextLong();
                };
                bits |= field.insert(last);
            }
            Insn insn = isa.table().decode(bits, row.encoding().bits());
            if (insn != null) {
                found.add(insn);
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({"64, true", "32, true", "64, false", "32, false"})
    void whatTheInterpreterConcludesFromOtherInstructionsOfARowIsWhatTheyComeTo(int xlen, boolean compressed) {
        Riscv all = RandomWords.everything(xlen);
        Riscv isa = compressed ? all : Riscv.of(xlen, Extensions.of(Extension.M, Extension.ZBA));
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        List<Insn> instructions = new ArrayList<>();
        for (Row<?> row : isa.table().rows()) {
            instructions.addAll(instructions(isa, row, random));
        }
        for (int mode : new int[] {0, RiscvCpu.RESERVED_ROUNDING}) {
            PatternCheck check = PatternCheck.of(isa, instructions, mode);
            assertThat(check.wrong()).as("seed %d", seed).isEmpty();
            assertThat(check.concluded()).as("seed %d", seed).isGreaterThan(4_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void soItIsForInstructionsThatAccessMemoryManyTimes(int xlen) {
        Riscv isa = RandomWords.codeSize(xlen);
        var random = new SplittableRandom(9);
        List<Insn> instructions = new ArrayList<>();
        for (Row<?> row : isa.table().rows()) {
            if (row.group().startsWith("Zc")) {
                instructions.addAll(instructions(isa, row, random));
            }
        }
        PatternCheck check = PatternCheck.of(isa, instructions, 0);
        assertThat(check.wrong()).isEmpty();
        assertThat(check.concluded()).isPositive();
    }
}
