package dev.rhea.it;

/**
 * What a process did.
 *
 * @param status its exit status; 128 + n if signal n ended it
 * @param output standard output, one character per byte
 * @param error standard error, likewise
 */
record Outcome(int status, String output, String error) {}
