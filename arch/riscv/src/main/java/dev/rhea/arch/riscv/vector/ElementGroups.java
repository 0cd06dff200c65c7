package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.aligned;

/** Instructions that take several elements as one operand: manual, section "Element Groups" of the vector cryptography. */
final class ElementGroups {
    private ElementGroups() {}

    /** Elements of 32 bits, the width of most. */
    static final int WORD = 2;

    /** Elements of 64 bits. */
    static final int DOUBLEWORD = 3;

    /**
     * Whether vl and vstart are whole element groups, LMUL registers hold one at least, and vd begins a register group. The
     * width of the elements is the caller's to check.
     *
     * @param size elements in an element group (EGS)
     */
    static boolean legal(VectorState v, long bits, int size) {
        return !v.vill
                && v.vlmax() >= size
                && v.vl % size == 0
                && v.vstart % size == 0
                && aligned(VectorState.vd(bits), v.lmul);
    }

    /** The same, of elements of 32 bits. */
    static boolean legalWords(VectorState v, long bits, int size) {
        return v.sew == WORD && legal(v, bits, size);
    }

    /** Whether a source begins a register group that shares no register with vd's. */
    static boolean apart(VectorState v, long bits, int source) {
        return aligned(source, v.lmul) && !VectorState.overlap(VectorState.vd(bits), v.lmul, source, v.lmul);
    }

    /** Whether vs2 may be a scalar element group, which is one register, or begins a register group if it is none. */
    static boolean legalKey(VectorState v, long bits, boolean scalar) {
        int vs2 = VectorState.vs2(bits);
        return scalar ? !VectorState.overlap(VectorState.vd(bits), v.lmul, vs2, 0) : aligned(vs2, v.lmul);
    }

    /** Reads consecutive words of a register group to the front of an array. @param at the first element */
    static void load(VectorState v, int register, int at, int[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (int) v.get(register, at + i, WORD);
        }
    }

    /** Writes consecutive words. @param first the first of the array that is written */
    static void store(VectorState v, int register, int at, int[] from, int first, int count) {
        for (int i = 0; i < count; i++) {
            v.put(register, at + i, WORD, from[first + i]);
        }
    }
}
