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
 * {@link Encoding#special}: rows take other forms for register 0, equal registers, and an immediate of 0 or only ones. What
 * a bit changes is the same in all forms that have the same micro-operation.
 *
 * <p>It does not hold for a row that computes with a field's value, as RISC-V's bclri does, which wants
 * {@code ~(1 << shamt)}. The builder notices ({@link dev.rhea.engine.ir.Builder#computed}) unless the row does it in Java;
 * an architecture's tests compare all its rows with what they come to ({@link PatternCheck}).
 *
 * <p>Of the 51,000 different instructions of a Python interpreter's start, 2,000 are lowered.
 */
final class Patterns {
    private final Map<Encoding, Form> forms = new HashMap<>();

    /** The instructions of a row with the same special fields, in one mode. */
    private static final class Form {
        final int special;
        final int mode;
        /** Another form of the row. */
        final @Nullable Form next;

        final Changes changes;

        /** The first instruction that was seen; its word, or 0 if the words follow no pattern. */
        final long bits;

        long word;

        Form(int special, int mode, @Nullable Form next, Changes changes, long bits, long word) {
            this.special = special;
            this.mode = mode;
            this.next = next;
            this.changes = changes;
            this.bits = bits;
            this.word = word;
        }
    }

    /** At i, a difference of instructions whose lowest one is bit i, and that of their words. */
    private record Changes(long[] bits, long[] words) {}

    private @Nullable Form form(Insn insn, int mode) {
        Encoding encoding = insn.row().encoding();
        int special = encoding.special(insn.bits());
        Form form = forms.get(encoding);
        while (form != null && (form.special != special || form.mode != mode)) {
            form = form.next;
        }
        return form;
    }

    /** The word of an instruction, or 0 if it cannot be told. */
    long find(Insn insn, int mode) {
        Form form = form(insn, mode);
        if (form == null || form.word == 0) {
            return 0;
        }
        long[] bits = form.changes.bits;
        long word = form.word;
        for (long left = insn.bits() ^ form.bits; left != 0; ) {
            int i = Long.numberOfTrailingZeros(left);
            if (bits[i] == 0) {
                return 0;
            }
            left ^= bits[i];
            word ^= form.changes.words[i];
        }
        return word;
    }

    /**
     * Learns what an instruction that {@link #find} did not know was lowered to.
     *
     * @param computed whether its row computes with its fields
     */
    void learn(Insn insn, int mode, long word, boolean computed) {
        boolean linear = !computed && isLinear(word);
        Form form = form(insn, mode);
        if (form == null) {
            add(insn, mode, linear ? word : 0);
            return;
        }
        long change = word ^ form.word;
        if (!linear || MicroOp.op(change) != 0 || MicroOp.granules(change) != 0) {
            form.word = 0;
            return;
        }
        long[] bits = form.changes.bits;
        for (long left = insn.bits() ^ form.bits; left != 0; ) {
            int i = Long.numberOfTrailingZeros(left);
            if (bits[i] == 0) {
                bits[i] = left;
                form.changes.words[i] = change;
                return;
            }
            left ^= bits[i];
            change ^= form.changes.words[i];
        }
    }

    private void add(Insn insn, int mode, long word) {
        Encoding encoding = insn.row().encoding();
        int special = encoding.special(insn.bits());
        if (special < 0) {
            return;
        }
        Form first = forms.get(encoding);
        Form alike = first;
        while (alike != null && (alike.word == 0 || MicroOp.op(alike.word) != MicroOp.op(word))) {
            alike = alike.next;
        }
        Changes changes = alike != null ? alike.changes : new Changes(new long[Long.SIZE], new long[Long.SIZE]);
        forms.put(encoding, new Form(special, mode, first, changes, insn.bits(), word));
    }

    /** Whether the word takes nothing but slots and an immediate: no address, number of a helper or rounding mode. */
    private static boolean isLinear(long word) {
        int op = MicroOp.op(word);
        return op >= MicroOp.NOP && op < MicroOp.CALL || op >= MicroOp.LOAD;
    }
}
