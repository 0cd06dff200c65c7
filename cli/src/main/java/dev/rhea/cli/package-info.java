/** Options in, a description of what to run out. */
@NullMarked
package dev.rhea.cli;

import org.jspecify.annotations.NullMarked;
