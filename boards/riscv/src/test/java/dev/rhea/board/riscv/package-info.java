/** Boards as their guests and users see them. */
@NullMarked
package dev.rhea.board.riscv;

import org.jspecify.annotations.NullMarked;
