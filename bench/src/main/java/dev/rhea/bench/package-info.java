/** Rhea and the reference side by side, in turn, on the same programs: what docs/BENCHMARKS.md is made by. */
@NullMarked
package dev.rhea.bench;

import org.jspecify.annotations.NullMarked;
