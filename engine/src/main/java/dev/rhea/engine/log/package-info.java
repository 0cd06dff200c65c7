/** What {@code -d} prints, of programs and of machines: code, registers, traps; one stream for all of it. */
@NullMarked
package dev.rhea.engine.log;

import org.jspecify.annotations.NullMarked;
