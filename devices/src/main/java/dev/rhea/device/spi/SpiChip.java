package dev.rhea.device.spi;

/** A chip on an SPI bus. Called with the machine lock held; must not block. */
public interface SpiChip {
    /** Nobody: the line in is pulled high. */
    SpiChip ABSENT = out -> 0xff;

    /** Its chip select becomes active or inactive: a transfer begins or ends. */
    default void select(boolean active) {}

    /** Exchanges a byte. @param out what the controller sends, 0 to 255 @return what the chip sends, 0 to 255 */
    int exchange(int out);
}
