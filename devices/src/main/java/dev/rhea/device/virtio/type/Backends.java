package dev.rhea.device.virtio.type;

import dev.rhea.block.BlockBackend;
import dev.rhea.chardev.Chardev;
import dev.rhea.device.virtio.ninep.SharedFolder;
import dev.rhea.device.virtio.rng.RandomSource;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.network.Port;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a machine has for devices to be made of, by the names that the user gave. */
public interface Backends {
    /**
     * A drive for one device.
     *
     * @param writeBack whether its cache mode has a write cache
     */
    record DriveBack(BlockBackend backend, boolean writeBack) {}

    /**
     * The drive or block node of a name, taken for a device; null where there is none.
     *
     * @throws BadDeviceException where another device has it
     */
    @Nullable
    DriveBack drive(String name, boolean shareWrites) throws BadDeviceException;

    /** The network back end's cable; null where there is none of that name. */
    @Nullable
    Port netdev(String name);

    /** The character device, which has no front end yet; null where there is none of that name. */
    @Nullable
    Chardev chardev(String name);

    /** The folder of an {@code -fsdev}, opened for one device, which closes it; null where there is none of that name. */
    default @Nullable SharedFolder fsdev(String name) {
        return null;
    }

    /** Where random numbers come from, by an object's name; null where there is none of that name. */
    default @Nullable RandomSource random(String name) {
        return null;
    }

    /** Where random numbers come from if nothing is said. */
    default RandomSource randomByDefault() {
        return RandomSource.HOST;
    }

    /** Whether there is an {@code iothread} object of that name. */
    default boolean hasIoThread(String name) {
        return false;
    }

    /** An address for a network card that was given none: 6 bytes. */
    byte[] nextMacAddress();

    /** How many processors the machine has: what disks on PCI have queues for. */
    int processors();

    /** Bytes of RAM that the machine has. */
    long ramSize();

    /** A balloon changed its size. @param bytes what the guest has now */
    void balloonChanged(long bytes);

    VirtualClock clock();

    /** The machine lock. */
    ReentrantLock lock();
}
