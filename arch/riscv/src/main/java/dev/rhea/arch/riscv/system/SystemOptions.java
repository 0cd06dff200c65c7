package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.PrivilegedVersion;

/**
 * What a CPU model has above user level.
 *
 * @param supervisor whether there is S mode
 * @param maxMode the largest {@code satp.MODE}: {@link #BARE}, 1 for Sv32, 8 for Sv39, 9 for Sv48, 10 for Sv57
 * @param pmpEntries implemented PMP entries, 0 to 64
 * @param version the privileged manual that it follows
 * @param extensions among others those of the privileged levels
 * @param debug whether there are debug triggers
 * @param counters mask of the event counters that are there, bits 3 to 31: the others read as zero
 * @param shortText whether the device tree tells the letters only
 * @param vendor {@code mvendorid}
 * @param architecture {@code marchid}
 * @param implementation {@code mimpid}
 */
public record SystemOptions(
        boolean supervisor,
        int maxMode,
        int pmpEntries,
        PrivilegedVersion version,
        Extensions extensions,
        boolean debug,
        int counters,
        boolean shortText,
        long vendor,
        long architecture,
        long implementation) {
    /** No translation. */
    public static final int BARE = 0;

    public static final int SV32 = 1;
    public static final int SV39 = 8;
    public static final int SV48 = 9;
    public static final int SV57 = 10;

    /** The event counters that models have if nothing is said: 3 to 18. */
    public static final int COUNTERS = 0x7fff8;

    /** What the general models have, and what others may have. @param xlen 32 or 64 */
    public static SystemOptions generic(int xlen) {
        return new SystemOptions(
                true,
                xlen == 32 ? SV32 : SV57,
                16,
                PrivilegedVersion.V1_12_0,
                Extensions.of(Extension.SSTC, Extension.SVADU, Extension.SVINVAL, Extension.SVNAPOT, Extension.SVPBMT),
                true,
                COUNTERS,
                false,
                0,
                0,
                0);
    }

    /** The same with further extensions of the privileged levels. */
    public SystemOptions with(Extension... added) {
        return new SystemOptions(
                supervisor,
                maxMode,
                pmpEntries,
                version,
                extensions.with(added),
                debug,
                counters,
                shortText,
                vendor,
                architecture,
                implementation);
    }

    private boolean translates() {
        return maxMode != BARE;
    }

    /** Whether there is {@code stimecmp}. */
    public boolean sstc() {
        return supervisor && extensions.has(Extension.SSTC);
    }

    /**
     * Whether the walk sets accessed and dirty bits where {@code menvcfg.ADUE} has nothing to say. Manuals before 1.12 leave it to
     * the hart; Svade alone does not.
     */
    public boolean updatesByItself() {
        return !extensions.has(Extension.SVADU) && !extensions.has(Extension.SVADE);
    }

    /** Whether {@code menvcfg.ADUE} is there. */
    public boolean svadu() {
        return extensions.has(Extension.SVADU);
    }

    /** Whether there are the fine-grained invalidation instructions. */
    public boolean svinval() {
        return supervisor && extensions.has(Extension.SVINVAL);
    }

    /** Whether leaf entries may say that they are part of 64 KiB. */
    public boolean svnapot() {
        return translates() && extensions.has(Extension.SVNAPOT);
    }

    /** Whether leaf entries may name a memory type. */
    public boolean svpbmt() {
        return translates() && extensions.has(Extension.SVPBMT);
    }

    /** Whether there are {@code seed} and {@code mseccfg}. */
    public boolean zkr() {
        return extensions.has(Extension.ZKR);
    }

    /** Whether there is {@code jvt}. */
    public boolean zcmt() {
        return extensions.has(Extension.ZCMT);
    }

    /** Whether {@code mstateen0} guards what lower levels may not yet know of. */
    public boolean smstateen() {
        return extensions.has(Extension.SMSTATEEN);
    }
}
