package dev.rhea.engine.jit;

/** What the translator did. Written by its thread, read by whoever prints it. */
public final class TranslatorStatistics {
    /** Units made. */
    public volatile long units;

    /** Guest instructions in them. */
    public volatile long instructions;

    /** Bytes of bytecode in them. */
    public volatile long bytes;

    /** Units dropped because their code changed or went away. */
    public volatile long dropped;

    /** Units dropped to stay within the code budget. */
    public volatile long evicted;

    /** Requests whose first instruction is one that only the interpreter executes. */
    public volatile long impossible;

    /** Time that making units took, in nanoseconds. */
    public volatile long nanoseconds;

    TranslatorStatistics() {}
}
