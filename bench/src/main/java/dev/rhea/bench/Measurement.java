package dev.rhea.bench;

/**
 * One run of a process, seen from outside.
 *
 * @param wall seconds from start to end
 * @param cpu seconds of user and system time, of all its threads and awaited children
 * @param peak the largest resident set seen among its processes, in bytes; sampled, so short runs may show less
 * @param output standard output
 * @param status exit status
 */
record Measurement(double wall, double cpu, long peak, String output, int status) {}
