/**
 * Pins that software drives and reads.
 */
@NullMarked
package dev.rhea.device.gpio;

import org.jspecify.annotations.NullMarked;
