/**
 * What a processor or a device sees at an address: RAM blocks, registers of devices, and the tree of regions that they form, flattened to ranges.
 */
@NullMarked
package dev.rhea.machine.memory;

import org.jspecify.annotations.NullMarked;
