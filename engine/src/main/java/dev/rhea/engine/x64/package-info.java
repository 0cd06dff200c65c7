/**
 * An assembler for x86-64 hosts: encodings of the Intel 64 Software Developer's Manual, volume 2, as far as translated code
 * needs them. Knows nothing of guests.
 */
@NullMarked
package dev.rhea.engine.x64;

import org.jspecify.annotations.NullMarked;
