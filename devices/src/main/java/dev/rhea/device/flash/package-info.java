/**
 * Flash memory on a processor's bus.
 */
@NullMarked
package dev.rhea.device.flash;

import org.jspecify.annotations.NullMarked;
