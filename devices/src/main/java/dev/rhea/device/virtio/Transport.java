package dev.rhea.device.virtio;

import dev.rhea.machine.memory.AddressSpace;
import java.util.concurrent.locks.ReentrantLock;

/** What a virtio device hangs on: it gives memory and takes interrupts. */
public interface Transport {
    /** What the device's DMA sees. */
    AddressSpace memory();

    /** The machine lock. */
    ReentrantLock lock();

    /** A queue has used buffers. With the machine lock held. */
    void interrupt(VirtQueue queue);

    /** The configuration changed, or the device needs a reset. With the machine lock held. */
    void interruptConfiguration();
}
