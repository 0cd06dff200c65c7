/**
 * Registers that are declared, for devices whose register space is a list of 32-bit words.
 */
@NullMarked
package dev.rhea.device.register;

import org.jspecify.annotations.NullMarked;
