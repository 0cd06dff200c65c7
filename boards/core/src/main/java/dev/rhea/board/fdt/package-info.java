/**
 * Flattened device trees: what tells a guest which devices there are.
 */
@NullMarked
package dev.rhea.board.fdt;

import org.jspecify.annotations.NullMarked;
