package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.decode.Insn;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what the interpreter concludes from some instructions of a row on others of it with what these really come to:
 * for the tests of an architecture that implements {@link Isa#decode}.
 *
 * @param concluded how many instructions were not lowered
 * @param wrong those of them that should have been, as row and bits
 */
public record PatternCheck(int concluded, List<String> wrong) {
    /** Decodes the instructions one after the other, of at most 8 bytes each. */
    public static PatternCheck of(Isa isa, Iterable<Insn> instructions, int mode) {
        var decoder = new Decoder(isa);
        var patterns = new Patterns();
        int concluded = 0;
        List<String> wrong = new ArrayList<>();
        for (Insn insn : instructions) {
            long lowered = decoder.lower(insn.bits(), 0, insn.length(), mode);
            long found = patterns.find(insn, mode);
            if (found == 0) {
                patterns.learn(insn, mode, lowered, decoder.computed());
                continue;
            }
            concluded++;
            if (found != lowered) {
                wrong.add(insn.row().syntax() + " 0x" + Long.toHexString(insn.bits()));
            }
        }
        return new PatternCheck(concluded, wrong);
    }
}
