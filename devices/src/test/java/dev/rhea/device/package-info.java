/**
 * What tests of devices stand on.
 */
@NullMarked
package dev.rhea.device;

import org.jspecify.annotations.NullMarked;
