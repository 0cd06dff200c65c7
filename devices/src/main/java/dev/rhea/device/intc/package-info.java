/**
 * Interrupt controllers: between the lines of devices and the pins of processors.
 */
@NullMarked
package dev.rhea.device.intc;

import org.jspecify.annotations.NullMarked;
