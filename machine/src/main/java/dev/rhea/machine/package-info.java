/**
 * A machine without its devices: the {@link dev.rhea.machine.Chassis} that a board screws everything into, the run state,
 * and the processors as the rest of the machine sees them.
 */
@NullMarked
package dev.rhea.machine;

import org.jspecify.annotations.NullMarked;
