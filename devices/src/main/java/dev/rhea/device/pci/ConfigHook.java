package dev.rhea.device.pci;

/** Is asked about guests' accesses to a range of configuration space. With the machine lock held; never throws. */
public interface ConfigHook {
    /** A guest is about to read; what is to be read may be put into the space now. */
    default void beforeRead(int offset, int size) {}

    /** A guest wrote: the space holds what its masks let through. */
    default void afterWrite(int offset, int size) {}
}
