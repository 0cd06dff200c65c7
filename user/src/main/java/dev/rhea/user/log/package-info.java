/** What {@code -d} prints: calls, code, registers, maps, faults; one stream for all of it. */
@NullMarked
package dev.rhea.user.log;

import org.jspecify.annotations.NullMarked;
