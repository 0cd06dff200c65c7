/**
 * The educational PCI device that driver writers learn on, as its specification describes it (docs/specs/edu).
 */
@NullMarked
package dev.rhea.device.edu;

import org.jspecify.annotations.NullMarked;
