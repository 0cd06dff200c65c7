package dev.rhea.arch.riscv.vector;

/** What an instruction does to one element. */
@FunctionalInterface
interface Element {
    /**
     * The destination's new value.
     *
     * @param v for SEW, rounding modes and flags
     * @param d the destination's old value; where the shape has a carry, v0's bit instead
     * @param b the element of vs2
     * @param a the element of vs1, or the scalar or immediate cut to its width
     */
    long of(VectorState v, long d, long b, long a);
}
