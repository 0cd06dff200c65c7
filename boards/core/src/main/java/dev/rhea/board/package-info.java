/**
 * Machines as users ask for them: {@link dev.rhea.board.Machine} and its builder, what a {@link dev.rhea.board.Board} is told,
 * and where devices of the command line are plugged in.
 */
@NullMarked
package dev.rhea.board;

import org.jspecify.annotations.NullMarked;
