package dev.rhea.engine.interp;

/**
 * What decoding did.
 *
 * @param instructions decoded, each time they were
 * @param lowered those of them that were not remembered from elsewhere
 * @param nanoseconds that took
 * @param pages that hold or held decoded code
 * @param invalidations how often a page's decoded code was dropped because it was written to or went away
 */
public record DecodeStats(long instructions, long lowered, long nanoseconds, long pages, long invalidations) {}
