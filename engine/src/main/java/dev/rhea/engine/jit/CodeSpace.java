package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;

/** What the translator needs of those who keep decoded code: the other half of {@link Translator}. Any thread may call it. */
public interface CodeSpace {
    /**
     * Whether code was decoded from this host page and stores to it are watched, so that {@link Translator#drop} will be
     * called before its bytes change or its memory goes away.
     */
    boolean hasCode(long hostPage);

    /** Whether the instruction at this host address is decoded, that is, its block was executed. A hint: nothing is locked. */
    boolean isDecoded(long hostAddress);

    /**
     * Makes the interpreter stop before the instruction at this host address and ask for a unit. The original word is
     * kept.
     *
     * @return false if nothing is decoded there any more
     */
    boolean setRegion(long hostAddress);

    /** Undoes {@link #setRegion}; nothing happens where there is none. */
    void clearRegion(long hostAddress);

    /** The processors attached at this moment; the array is not changed later. */
    Cpu[] cpus();
}
