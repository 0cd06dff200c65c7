package dev.rhea.arch.riscv;

/**
 * Sizes of cache blocks in bytes, as programs are told: unprivileged manual, chapter "Base Cache Management Operations".
 *
 * @param management of Zicbom
 * @param prefetch of Zicbop
 * @param zero of Zicboz
 */
public record CacheBlocks(int management, int prefetch, int zero) {
    /** What profiles call Zic64b. */
    public static final CacheBlocks USUAL = new CacheBlocks(64, 64, 64);
}
