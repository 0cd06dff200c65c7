package dev.rhea.block;

/** {@code detect-zeroes=}: what becomes of writes of nothing but zeros. */
public enum DetectZeroes {
    OFF,
    /** They are written as zeroes without transferring any. */
    ON,
    /** The same, and the storage behind is given up. */
    UNMAP
}
