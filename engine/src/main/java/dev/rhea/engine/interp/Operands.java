package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The slots that the values of one instruction are in, and the words that make it.
 *
 * <p>Values live in slots of {@link dev.rhea.engine.cpu.Cpu#r}. {@code TRUNC} and {@code UNBOX} cost nothing: their value
 * is a <em>raw</em> slot, whose upper half the 32-bit operations ignore and whose box the F32 operations check themselves;
 * whoever needs the upper half right asks for it with {@link #canonical}. {@link Fusion} has found out which nodes become
 * part of their user.
 */
final class Operands {
    final Fusion fusion = new Fusion();

    private long[] out = new long[16];
    private int count;

    /** Slot of each node's value. */
    private int[] slots = new int[32];

    /** A bit for each temporary that nothing is in. */
    private int freeTemporaries;
    /** Temporaries to free when the present node is done. */
    private int scratch;

    void begin(List<Node> nodes, int length) {
        count = 0;
        freeTemporaries = (1 << MicroOp.ZERO - Globals.FIRST_TEMPORARY) - 1;
        if (slots.length < nodes.size()) {
            slots = new int[nodes.size() * 2];
        }
        Arrays.fill(slots, -1);
        fusion.analyse(nodes, length);
        scratch = 0;
    }

    /** Node i is done: frees what was needed for it, and what it was the last to use. */
    void done(int i) {
        freeTemporaries |= scratch;
        scratch = 0;
        for (int j = fusion.firstEndingAt(i); j >= 0; j = fusion.nextEnding(j)) {
            release(slots[j]);
        }
    }

    /** The words that were emitted, {@link #count} of them. */
    long[] words() {
        return out;
    }

    int count() {
        return count;
    }

    static Node operand(@Nullable Node node) {
        return Objects.requireNonNull(node);
    }

    private void release(int slot) {
        if (slot >= Globals.FIRST_TEMPORARY && slot < MicroOp.ZERO) {
            freeTemporaries |= 1 << slot - Globals.FIRST_TEMPORARY;
        }
    }

    private int temporary() {
        if (freeTemporaries == 0) {
            throw new IllegalStateException(
                    "an instruction keeps more than 15 values at a time; its row should use a helper");
        }
        int bit = Integer.lowestOneBit(freeTemporaries);
        freeTemporaries &= ~bit;
        return Globals.FIRST_TEMPORARY + Integer.numberOfTrailingZeros(bit);
    }

    /** A temporary until the present node is done. */
    int scratch() {
        int slot = temporary();
        scratch |= 1 << slot - Globals.FIRST_TEMPORARY;
        return slot;
    }

    /** The slot of a value whose upper half may be anything. */
    int raw(Node value) {
        if (value.isConst()) {
            return constant(value.imm);
        }
        Node root = Fusion.root(value);
        int slot = slots[root.mark];
        return slot >= 0 ? slot : root.global().slot();
    }

    /** The slot of a value as its type wants it in a 64-bit place. */
    int canonical(Node value) {
        if (Fusion.isCanonical(value)) {
            return raw(value);
        }
        int slot = scratch();
        extend(slot, value);
        return slot;
    }

    /** Puts a raw value into a slot as its type wants it. */
    void extend(int d, Node value) {
        emit(MicroOp.word(value.op == Op.UNBOX ? MicroOp.UNBOX : MicroOp.SEXTW, d, raw(value), 0));
    }

    /** The slot of a constant. */
    int constant(long value) {
        if (value == 0) {
            return MicroOp.ZERO;
        }
        int slot = scratch();
        constant(slot, value);
        return slot;
    }

    /** Puts a constant into a slot. */
    void constant(int d, long value) {
        if (MicroOp.fits(value, 44)) {
            emit(MicroOp.word(MicroOp.LI, d, value));
        } else {
            emit(MicroOp.word(MicroOp.LI64, d, 0));
            emit(value);
        }
    }

    /** Where the value of node i goes. */
    int destination(int i) {
        int slot = fusion.target(i);
        if (slot < 0) {
            slot = temporary();
        }
        slots[i] = slot;
        if (fusion.lastUse(i) < 0) {
            release(slot);
        }
        return slot;
    }

    /** Adds a word. */
    void emit(long word) {
        if (count == out.length) {
            out = Arrays.copyOf(out, count * 2);
        }
        out[count++] = word;
    }
}
