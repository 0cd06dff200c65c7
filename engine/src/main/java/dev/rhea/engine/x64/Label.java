package dev.rhea.engine.x64;

/** A place in the code of one {@link Assembler}, bound once, named by jumps before or after that. */
public final class Label {
    /** Offset in the code, -1 while it is not bound. */
    int at = -1;

    /** Offsets of the 32-bit displacements to fill in. */
    int[] uses = new int[2];

    int count;

    /** Whether its place is known. */
    public boolean isBound() {
        return at >= 0;
    }

    /** Whether a jump names it. */
    public boolean isUsed() {
        return count > 0;
    }

    /** Offset in the code. @throws IllegalStateException while it is not bound */
    public int offset() {
        if (at < 0) {
            throw new IllegalStateException("the label is not bound yet");
        }
        return at;
    }

    void use(int offset) {
        if (count == uses.length) {
            uses = java.util.Arrays.copyOf(uses, count * 2);
        }
        uses[count++] = offset;
    }
}
