/**
 * The personality's own part of {@code /proc}: what a guest sees of guest processes, where the host's files would show the
 * JVM. Everything else under {@code /proc} is the host's.
 */
@NullMarked
package dev.rhea.user.file.proc;

import org.jspecify.annotations.NullMarked;
