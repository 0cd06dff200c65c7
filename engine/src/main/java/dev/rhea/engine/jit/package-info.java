/**
 * Tier 2: regions of hot guest code as JVM methods.
 */
@NullMarked
package dev.rhea.engine.jit;

import org.jspecify.annotations.NullMarked;
