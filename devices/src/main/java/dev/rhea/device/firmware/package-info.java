/**
 * How firmware learns what machine it is on.
 */
@NullMarked
package dev.rhea.device.firmware;

import org.jspecify.annotations.NullMarked;
