/**
 * What user mode has to know of an architecture to play Linux for it. Facts only; the calls themselves are the
 * personality's.
 */
@NullMarked
package dev.rhea.engine.abi;

import org.jspecify.annotations.NullMarked;
