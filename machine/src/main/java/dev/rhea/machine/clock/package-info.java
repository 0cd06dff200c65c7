/**
 * The machine's own time: it stands still while the machine does, and devices know no other.
 */
@NullMarked
package dev.rhea.machine.clock;

import org.jspecify.annotations.NullMarked;
