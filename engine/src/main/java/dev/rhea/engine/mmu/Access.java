package dev.rhea.engine.mmu;

/** What an access wants to do. */
public enum Access {
    READ,
    WRITE,
    FETCH
}
