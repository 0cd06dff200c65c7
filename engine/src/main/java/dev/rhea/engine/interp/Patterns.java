package dev.rhea.engine.interp;

import dev.rhea.engine.decode.Encoding;
import dev.rhea.engine.decode.Insn;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What instructions come to that were never lowered, told from others of the same row that were.
 *
 * <p>A micro-operation takes its slots and its immediate from fields of the instruction, so its word is a linear function of
 * the instruction's bits over GF(2): a bit that a field has more flips certain bits of the word, whatever the others are. A
 * few instructions span all the others. This holds among instructions of one row and mode with equal
 * {@link Encoding#special}: rows take other forms for register 0, equal registers, and an immediate of 0 or only ones. It
 * does not hold for a row that computes with a field's value (RISC-V's bclri wants {@code ~(1 << shamt)}) or picks an
 * operation by it. So the first conclusions of a pattern are compared with what the instructions come to, a row that is
 * seen to be of this kind has no pattern, and the architecture's tests do the same for all rows ({@link PatternCheck}).
 *
 * <p>Of the 51,000 different instructions of a Python interpreter's start, 4,000 are lowered.
 */
final class Patterns {
    /** Conclusions that have to be right before one is believed. */
    private static final int TRIALS = 3;

    private final Map<Encoding, Pattern> patterns = new HashMap<>();

    /** One of the forms of a row. */
    private static final class Pattern {
        final int special;
        final int mode;
        final @Nullable Pattern next;

        /** The first instruction that was seen; its word, or 0 if the words follow no pattern. */
        final long bits;

        long word;

        /** How many conclusions were right. */
        int trials;

        /** At i, a difference of instructions whose lowest one is bit i, and that of their words. */
        final long[] differences = new long[Long.SIZE];

        final long[] words = new long[Long.SIZE];

        Pattern(int special, int mode, @Nullable Pattern next, long bits, long word) {
            this.special = special;
            this.mode = mode;
            this.next = next;
            this.bits = bits;
            this.word = word;
        }
    }

    private @Nullable Pattern pattern(Insn insn, int mode) {
        Encoding encoding = insn.row().encoding();
        int special = encoding.special(insn.bits());
        Pattern p = patterns.get(encoding);
        while (p != null && (p.special != special || p.mode != mode)) {
            p = p.next;
        }
        return p;
    }

    /** The word of an instruction, or 0 if it cannot be told. */
    long find(Insn insn, int mode) {
        Pattern p = pattern(insn, mode);
        if (p == null || p.trials < TRIALS || p.word == 0) {
            return 0;
        }
        long word = p.word;
        long left = insn.bits() ^ p.bits;
        while (left != 0) {
            int i = Long.numberOfTrailingZeros(left);
            if (p.differences[i] == 0) {
                return 0;
            }
            left ^= p.differences[i];
            word ^= p.words[i];
        }
        return word;
    }

    /** Learns what an instruction that {@link #find} did not know was lowered to. */
    void learn(Insn insn, int mode, long word) {
        Encoding encoding = insn.row().encoding();
        int special = encoding.special(insn.bits());
        if (special < 0) {
            return;
        }
        Pattern p = pattern(insn, mode);
        if (p == null) {
            patterns.put(
                    encoding,
                    new Pattern(special, mode, patterns.get(encoding), insn.bits(), isLinear(word) ? word : 0));
            return;
        }
        long left = insn.bits() ^ p.bits;
        long change = word ^ p.word;
        if (p.word == 0 || !isLinear(word) || MicroOp.op(change) != 0 || MicroOp.granules(change) != 0) {
            p.word = 0;
            return;
        }
        while (left != 0) {
            int i = Long.numberOfTrailingZeros(left);
            if (p.differences[i] == 0) {
                p.differences[i] = left;
                p.words[i] = change;
                return;
            }
            left ^= p.differences[i];
            change ^= p.words[i];
        }
        if (change == 0) {
            p.trials++;
        } else {
            p.word = 0;
        }
    }

    /** Whether the word takes nothing but slots and an immediate: no address, number of a helper or rounding mode. */
    private static boolean isLinear(long word) {
        int op = MicroOp.op(word);
        return op >= MicroOp.NOP && op < MicroOp.CALL || op >= MicroOp.LOAD;
    }
}
