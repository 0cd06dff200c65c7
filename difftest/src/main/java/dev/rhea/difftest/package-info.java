/**
 * Finds where we differ from the reference. Random sequences of every implemented instruction go into one ELF program with a
 * harness that loads all registers, runs a sequence, stores all registers and a window of memory in a record, and writes
 * the records to standard output. The reference runs it, our two tiers run it, the records are compared, and a
 * sequence that differs is shrunk to the instructions it takes.
 *
 * <p>Everything follows from a seed and a sequence's number, so that one line repeats any finding.
 */
@NullMarked
package dev.rhea.difftest;

import org.jspecify.annotations.NullMarked;
