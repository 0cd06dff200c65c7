package dev.rhea.arch.riscv.system;

/** Bits of {@code mstatus} and {@code sstatus}: section "Machine Status Registers". */
final class Status {
    static final long SIE = 1 << 1;
    static final long MIE = 1 << 3;
    static final long SPIE = 1 << 5;
    static final long MPIE = 1 << 7;
    static final long SPP = 1 << 8;
    static final long VS = 3 << 9;
    static final long MPP = 3 << 11;
    static final long FS = 3 << 13;
    static final long MPRV = 1 << 17;
    static final long SUM = 1 << 18;
    static final long MXR = 1 << 19;
    static final long TVM = 1 << 20;
    static final long TW = 1 << 21;
    static final long TSR = 1 << 22;
    static final long UXL_64 = 2L << 32;
    static final long SXL_64 = 2L << 34;

    static final int MPP_SHIFT = 11;

    private Status() {}
}
