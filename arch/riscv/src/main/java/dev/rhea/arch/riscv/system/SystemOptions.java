package dev.rhea.arch.riscv.system;

/**
 * What a CPU model has above user level.
 *
 * @param supervisor whether there is S mode
 * @param maxMode the largest {@code satp.MODE}: {@link #BARE}, 1 for Sv32, 8 for Sv39, 9 for Sv48, 10 for Sv57
 * @param pmpEntries implemented PMP entries, 0 to 64
 * @param sstc whether there is {@code stimecmp}
 * @param svade page faults for accessed and dirty bits that are clear, until {@code menvcfg.ADUE} says otherwise
 * @param svadu whether {@code menvcfg.ADUE} is there: with it, and without {@code svade}, the walk sets those bits
 * @param svinval whether there are the fine-grained invalidation instructions
 * @param svnapot whether leaf entries may say that they are part of 64 KiB
 * @param svpbmt whether leaf entries may name a memory type
 * @param debug whether there are debug triggers
 * @param vendor {@code mvendorid}
 * @param architecture {@code marchid}
 * @param implementation {@code mimpid}
 */
public record SystemOptions(
        boolean supervisor,
        int maxMode,
        int pmpEntries,
        boolean sstc,
        boolean svade,
        boolean svadu,
        boolean svinval,
        boolean svnapot,
        boolean svpbmt,
        boolean debug,
        long vendor,
        long architecture,
        long implementation) {
    /** No translation. */
    public static final int BARE = 0;

    public static final int SV32 = 1;
    public static final int SV39 = 8;
    public static final int SV48 = 9;
    public static final int SV57 = 10;

    /** What the general models have. @param xlen 32 or 64 */
    public static SystemOptions generic(int xlen) {
        return new SystemOptions(
                true, xlen == 32 ? SV32 : SV57, 16, true, false, true, true, true, true, true, 0, 0, 0);
    }
}
