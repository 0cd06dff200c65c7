package dev.rhea.engine.x64;

/**
 * A memory operand: {@code base + (index << scale) + displacement}.
 *
 * @param base a general register
 * @param index a general register other than {@link Assembler#RSP}, or -1
 * @param scale 0 to 3
 * @param displacement added to it
 */
public record Mem(int base, int index, int scale, int displacement) {
    /** {@code base + index + displacement}. */
    public Mem(int base, int index, int displacement) {
        this(base, index, 0, displacement);
    }

    /** {@code base + displacement}. */
    public static Mem at(int base, int displacement) {
        return new Mem(base, -1, displacement);
    }

    /** An element of an array of 8 bytes each. */
    public static Mem element(int base, int index) {
        return new Mem(base, index, 3, 0);
    }

    /** The same place, some bytes on. */
    public Mem plus(int bytes) {
        return new Mem(base, index, scale, displacement + bytes);
    }
}
