package dev.rhea.device.pci;

import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** An interrupt as a write to memory. */
record MsiMessage(long address, int data) {
    /** Writes it; a write that nothing answers is lost, as it is on the bus. */
    void write(AddressSpace memory) {
        try {
            memory.write(address, data & 0xffffffffL, 4);
        } catch (BusError e) {
            // The guest gave an address where nothing is: a master abort, which the device does not see.
        }
    }
}
