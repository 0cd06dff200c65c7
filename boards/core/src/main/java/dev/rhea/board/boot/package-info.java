/**
 * What is in guest memory before the first instruction: firmware, kernels, initial file systems, device trees.
 */
@NullMarked
package dev.rhea.board.boot;

import org.jspecify.annotations.NullMarked;
