package dev.rhea.engine.x64;

/**
 * A memory operand: {@code base + index + displacement}.
 *
 * @param base a general register
 * @param index a general register other than {@link Assembler#RSP}, or -1
 * @param displacement added to it
 */
public record Mem(int base, int index, int displacement) {
    /** {@code base + displacement}. */
    public static Mem at(int base, int displacement) {
        return new Mem(base, -1, displacement);
    }

    /** The same place, some bytes on. */
    public Mem plus(int bytes) {
        return new Mem(base, index, displacement + bytes);
    }
}
