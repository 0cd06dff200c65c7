/**
 * Serial ports, and what they expect of whatever is at the other end of the wire.
 */
@NullMarked
package dev.rhea.device.serial;

import org.jspecify.annotations.NullMarked;
