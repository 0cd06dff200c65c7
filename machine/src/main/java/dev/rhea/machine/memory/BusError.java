package dev.rhea.machine.memory;

/**
 * Nothing answers at an address, or what answers refuses the access: the guest's mistake. A processor makes its own
 * exception of it, a device that does DMA goes into its failed state. Stackless.
 */
public final class BusError extends Exception {
    private static final long serialVersionUID = 1;

    /** Where, in the address space that was asked. */
    public final long address;

    public BusError(long address) {
        super("no answer at address 0x" + Long.toHexString(address), null, false, false);
        this.address = address;
    }
}
