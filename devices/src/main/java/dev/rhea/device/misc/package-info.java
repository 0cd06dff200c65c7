/**
 * Small devices that belong to no family: how a test ends the machine, and placeholders.
 */
@NullMarked
package dev.rhea.device.misc;

import org.jspecify.annotations.NullMarked;
