/**
 * The vector extension: unprivileged manual, chapter "V". A file of rows for each of its sections.
 *
 * <p>An instruction is one call of a helper with its bits and its scalar operand; vtype and vl are looked up when it runs.
 * {@link dev.rhea.arch.riscv.vector.VectorState} holds the registers as bytes, elements in memory order, so that a register
 * group is one range of bytes. What happens element by element is an {@link dev.rhea.arch.riscv.vector.Element}, run by
 * {@link dev.rhea.arch.riscv.vector.Elementwise}, whose {@link dev.rhea.arch.riscv.vector.Shape} says how wide each operand
 * is; alignment and overlap rules follow from the shape. Tail and masked-off elements stay undisturbed, which both policies
 * allow.
 */
@NullMarked
package dev.rhea.arch.riscv.vector;

import org.jspecify.annotations.NullMarked;
