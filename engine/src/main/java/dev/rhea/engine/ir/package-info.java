/**
 * What a guest instruction means, as typed operations that no architecture and no tier owns.
 *
 * <p>A {@link dev.rhea.engine.ir.Builder} collects the {@link dev.rhea.engine.ir.Node}s of one guest instruction. Values
 * never outlive their instruction: what one instruction hands to the next goes through {@link dev.rhea.engine.ir.Global}s,
 * the named, typed guest registers. That keeps the meaning of an instruction closed in itself, so the interpreter lowers it
 * alone, and the translator strings many together and lets the JVM's locals carry the globals between them.
 *
 * <p>Two numbers that recur: an {@code I32} value lives in a 64-bit place sign-extended; a global's slot is its index in
 * {@link dev.rhea.engine.cpu.Cpu#r}.
 */
@NullMarked
package dev.rhea.engine.ir;

import org.jspecify.annotations.NullMarked;
