package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Encoding;
import dev.rhea.engine.decode.Field;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Row;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Random instructions of every row of a model. */
final class RandomWords {
    private RandomWords() {}

    /** All rows that can be there together, whether a CPU model has them or not. */
    static Riscv everything(int xlen) {
        EnumSet<Extension> all = EnumSet.allOf(Extension.class);
        all.removeAll(INSTEAD_OF_DOUBLES);
        return Riscv.of(xlen, Extensions.of(all));
    }

    /** Those that take the encodings of compressed loads and stores of doubles, and what else is compressed. */
    static Riscv codeSize(int xlen) {
        EnumSet<Extension> some = EnumSet.copyOf(INSTEAD_OF_DOUBLES);
        some.addAll(Set.of(
                Extension.M,
                Extension.ZCA,
                Extension.ZCB,
                Extension.ZBA,
                Extension.ZBB,
                Extension.ZICSR,
                Extension.ZTSO));
        return Riscv.of(xlen, Extensions.exactly(some));
    }

    private static final Set<Extension> INSTEAD_OF_DOUBLES = Set.of(Extension.ZCE, Extension.ZCMP, Extension.ZCMT);

    /** Up to {@code count} different instructions that decode to this row. */
    static List<Insn> of(Riscv isa, Row<?> row, int count, SplittableRandom random) {
        Encoding e = row.encoding();
        long all = (1L << e.bits()) - 1;
        List<Insn> found = new ArrayList<>();
        for (int tries = 0; tries < 50 * count && found.size() < count; tries++) {
            long bits = e.match() | random.nextLong() & all & ~e.mask();
            Insn insn = isa.table().decode(bits, e.bits());
            if (insn != null && insn.row() == row && found.stream().noneMatch(i -> i.bits() == bits)) {
                found.add(insn);
            }
        }
        return found;
    }

    /** Bits of fields that the syntax does not show: fences have some that mean nothing. */
    static long unwrittenBits(Row<?> row) {
        long bits = 0;
        for (Field field : row.encoding().fields()) {
            if (!row.syntax().contains("{" + field.name() + "}")
                    && !row.syntax().contains("{" + field.name() + ":")) {
                bits |= field.insert(-1);
            }
        }
        return bits;
    }
}
