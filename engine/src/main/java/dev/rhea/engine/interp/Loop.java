package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;

/**
 * Executes micro-operations, word by word, until one comes that somebody else has to do. State is exact then: nothing of that
 * word was done, and {@link InterpreterState#left} counts all before it.
 */
interface Loop {
    /** The slice is over at a jump to {@link InterpreterState#target}. */
    int SLICE = 0;
    /** A jump to {@link InterpreterState#target}, whose page is not in the cache. */
    int ELSEWHERE = 1;
    /** The word at {@link InterpreterState#cp} is to be executed by somebody else. */
    int RARE = 2;
    /** A region was left for {@link InterpreterState#target}: the budget is used up, or that code is to be sampled. */
    int OUT = 3;
    /** The same, and the region there gets nowhere or is not in the table. */
    int STUCK = 4;

    /**
     * Runs from {@link InterpreterState#cp} on, at least up to the first taken branch after {@link InterpreterState#left}
     * instructions if nothing else ends it.
     *
     * @param stop a jump out of the page to there ends it too
     * @return {@link #SLICE} to {@link #STUCK}
     */
    int run(Cpu cpu, InterpreterState s, long stop);
}
