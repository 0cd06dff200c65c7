/**
 * Serial peripheral interface: controllers, and what they expect of the chips on the bus.
 */
@NullMarked
package dev.rhea.device.spi;

import org.jspecify.annotations.NullMarked;
