/**
 * The processor's state and the loop that runs it: what both tiers, the MMU and the architecture share.
 */
@NullMarked
package dev.rhea.engine.cpu;

import org.jspecify.annotations.NullMarked;
