package dev.rhea.arch.riscv;

import java.util.Locale;

/**
 * The extensions of the unprivileged manual that this architecture knows, in the order in which an ISA string names them.
 * The base I is always there.
 */
public enum Extension {
    M,
    A,
    F,
    D,
    C,
    V,
    ZICBOM,
    ZICBOP,
    ZICBOZ,
    ZICNTR,
    ZICOND,
    ZICSR,
    ZIFENCEI,
    ZIHINTNTL,
    ZIHINTPAUSE,
    ZIHPM,
    ZACAS,
    ZAWRS,
    ZFA,
    ZFH,
    ZFHMIN,
    ZBA,
    ZBB,
    ZBC,
    ZBKB,
    ZBKC,
    ZBKX,
    ZBS,
    ZKND,
    ZKNE,
    ZKNH,
    ZKSED,
    ZKSH,
    ZVBB,
    ZVFH,
    ZVKSED;

    /** As users write it: {@code zba}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }
}
