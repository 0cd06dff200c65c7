package dev.rhea.engine.cpu;

/** Why the execution loop came back. */
public enum Exit {
    /** A guest exception: {@link Cpu#trap}, with {@link Cpu#pc} at the instruction that raised it. */
    TRAP,
    /** {@link Cpu#requestPoll} was called; the state is exact, the next instruction is at {@link Cpu#pc}. */
    POLL,
    /**
     * A {@link dev.rhea.engine.debug.Watcher} wanted to stop here: {@link dev.rhea.engine.debug.StopPoints#hit}. The state is exact,
     * the instruction at {@link Cpu#pc} was not done.
     */
    STOP
}
