package dev.rhea.board;

import dev.rhea.block.Drive;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevException;
import dev.rhea.device.virtio.ninep.SharedFolder;
import dev.rhea.device.virtio.rng.RandomSource;
import dev.rhea.device.virtio.type.Backends;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.network.Port;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Finds what devices ask for by name. Each back end has one device. */
final class Backing implements Backends {
    /** The first address that emulators give. */
    private static final long FIRST_MAC = 0x5254_0012_3456L;

    private final Workbench bench;
    private int cards;

    Backing(Workbench bench) {
        this.bench = bench;
    }

    @Override
    public @Nullable DriveBack drive(String name, boolean shareWrites) throws BadDeviceException {
        Drive drive = bench.spec().backends().drives().get(name);
        if (drive == null) {
            return null;
        }
        if (!bench.claimDrive(name)) {
            throw new BadDeviceException("Drive '" + name + "' is already in use by another device");
        }
        return new DriveBack(drive.backend(), drive.options().cache().writeBack());
    }

    @Override
    public @Nullable Port netdev(String name) {
        Port port = bench.spec().backends().networks().get(name);
        return port == null || !bench.claimNetwork(name) ? null : port;
    }

    @Override
    public @Nullable Chardev chardev(String name) {
        try {
            return bench.spec().backends().chardevs().claim(name);
        } catch (ChardevException e) {
            return null;
        }
    }

    @Override
    public @Nullable SharedFolder fsdev(String name) {
        SharedFolder folder = bench.spec().backends().folders().get(name);
        return folder == null || !bench.claim("fsdev " + name) ? null : folder;
    }

    @Override
    public @Nullable RandomSource random(String name) {
        return bench.spec().backends().randoms().get(name);
    }

    @Override
    public RandomSource randomByDefault() {
        Long seed = bench.spec().seed();
        return seed == null ? RandomSource.HOST : RandomSource.seeded(seed);
    }

    @Override
    public boolean hasIoThread(String name) {
        return bench.spec().backends().threads().contains(name);
    }

    @Override
    public byte[] nextMacAddress() {
        byte[] mac = new byte[6];
        long next = FIRST_MAC + cards++;
        for (int i = 0; i < mac.length; i++) {
            mac[i] = (byte) (next >>> 8 * (mac.length - 1 - i));
        }
        return mac;
    }

    @Override
    public int processors() {
        return bench.spec().topology().cpus();
    }

    @Override
    public long ramSize() {
        return bench.spec().memory();
    }

    @Override
    public void balloonChanged(long bytes) {
        // Who wants to know asks the device; QMP's event comes with QMP.
    }

    @Override
    public VirtualClock clock() {
        return bench.chassis().clock();
    }

    @Override
    public ReentrantLock lock() {
        return bench.chassis().lock();
    }
}
