package dev.rhea.device.pci;

/** Which space a base address register maps into, and how wide it is (PCI 3.0, 6.2.5.1). */
public enum BarType {
    IO(0x1),
    MEMORY(0x0),
    MEMORY_PREFETCHABLE(0x8),
    MEMORY_64(0x4),
    MEMORY_64_PREFETCHABLE(0xc);

    private final int bits;

    BarType(int bits) {
        this.bits = bits;
    }

    /** The read-only low bits of the register. */
    public int bits() {
        return bits;
    }

    public boolean isIo() {
        return this == IO;
    }

    public boolean is64() {
        return (bits & 0x4) != 0;
    }

    public boolean isPrefetchable() {
        return (bits & 0x8) != 0;
    }

    /** The smallest size that the register can express, in bytes. */
    int smallest() {
        return isIo() ? 4 : 16;
    }
}
