/** Programs to copy from. */
@NullMarked
package dev.rhea.examples;

import org.jspecify.annotations.NullMarked;
