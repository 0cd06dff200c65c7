/**
 * The process tree of one run: kernel, processes, tasks (guest threads), signals, futexes, timers.
 */
@NullMarked
package dev.rhea.user.process;

import org.jspecify.annotations.NullMarked;
