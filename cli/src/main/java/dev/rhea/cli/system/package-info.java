/**
 * {@code rhea system}: the reference's options for whole machines, and what they become.
 */
@NullMarked
package dev.rhea.cli.system;

import org.jspecify.annotations.NullMarked;
