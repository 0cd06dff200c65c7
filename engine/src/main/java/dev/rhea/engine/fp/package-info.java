/**
 * Floating point with exact flags, every rounding mode and each architecture's NaN rules.
 *
 * <p>{@link dev.rhea.engine.fp.F64}, {@link dev.rhea.engine.fp.F32} and their siblings are what both tiers and the
 * architectures' helpers call: static methods over encodings, an {@link dev.rhea.engine.fp.FpState} and a rounding mode.
 * The JVM's own arithmetic serves them where it can be shown to be enough. Behind them stands one soft-float for all
 * formats, written from IEEE 754-2019: {@code Num} is a number taken apart, {@code Arithmetic}, {@code Integers},
 * {@code Compare} and {@code Nans} work on it, {@code Round} rounds and encodes, {@code Soft} strings them together.
 */
@NullMarked
package dev.rhea.engine.fp;

import org.jspecify.annotations.NullMarked;
