/**
 * Floating point with exact flags, every rounding mode and each architecture's NaN rules.
 */
@NullMarked
package dev.rhea.engine.fp;

import org.jspecify.annotations.NullMarked;
