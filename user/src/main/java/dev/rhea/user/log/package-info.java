/** What {@code -d} prints of Linux programs alone: calls and maps. */
@NullMarked
package dev.rhea.user.log;

import org.jspecify.annotations.NullMarked;
