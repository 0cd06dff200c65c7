/**
 * Ethernet controllers of systems on chip: Cadence GEM with its PHY.
 */
@NullMarked
package dev.rhea.device.net;

import org.jspecify.annotations.NullMarked;
