package dev.rhea.device.flash;

/** Which blocks of serial flash are protected, as the block protection bits of its status say: IS25WP256D, table 6.4. */
final class NorProtection {
    private static final int SHIFT = 2;
    private static final int BLOCK = 64 << 10;
    /** Function register: the blocks that are protected begin at the bottom. */
    private static final int FROM_BOTTOM = 1 << 1;

    private NorProtection() {}

    /**
     * Whether the bits cover some of a range.
     *
     * @param status the status register
     * @param function the function register
     */
    static boolean covers(int status, int function, long start, long length) {
        int level = status >> SHIFT & 15;
        if (level == 0) {
            return false;
        }
        long bytes = Math.min(SpiNorFlash.SIZE, (long) BLOCK << level - 1);
        return (function & FROM_BOTTOM) != 0 ? start < bytes : start + length > SpiNorFlash.SIZE - bytes;
    }
}
