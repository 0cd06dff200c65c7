/**
 * Real guests from end to end, through the launcher that users have: every test starts {@code ./rhea} as a process of its
 * own, so that a crash, a hang or a wrong exit status of the JVM is seen as what it is.
 */
@NullMarked
package dev.rhea.it;

import org.jspecify.annotations.NullMarked;
