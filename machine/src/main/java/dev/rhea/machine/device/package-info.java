/**
 * What all devices have in common: a type with declared properties, a place in the object tree, reset and state.
 */
@NullMarked
package dev.rhea.machine.device;

import org.jspecify.annotations.NullMarked;
