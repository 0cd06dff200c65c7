/**
 * Clocks and timers that guests read and are woken by.
 */
@NullMarked
package dev.rhea.device.timer;

import org.jspecify.annotations.NullMarked;
