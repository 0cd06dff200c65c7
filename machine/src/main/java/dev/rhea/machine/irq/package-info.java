/**
 * Interrupt wires.
 */
@NullMarked
package dev.rhea.machine.irq;

import org.jspecify.annotations.NullMarked;
