package dev.rhea.board;

import dev.rhea.block.BlockBackend;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.network.Port;

/** Finds what devices ask for by name. Each back end has one device. */
final class Backing {
    private Backing() {}

    static BlockBackend drive(PropertyValues values, Workbench bench) throws BadDeviceException {
        String name = values.text("drive");
        if (name == null || name.isEmpty()) {
            throw new BadDeviceException("drive property not set");
        }
        BlockBackend drive = bench.spec().backends().drives().get(name);
        if (drive == null) {
            throw new BadDeviceException("Property '" + values.type() + ".drive' can't find value '" + name + "'");
        }
        claim(bench, "drive " + name, "Drive '" + name + "' is already in use by another device");
        return drive;
    }

    static Port port(PropertyValues values, Workbench bench) throws BadDeviceException {
        String name = values.text("netdev");
        if (name == null || name.isEmpty()) {
            return Unplugged.PORT;
        }
        Port port = bench.spec().backends().networks().get(name);
        if (port == null) {
            throw new BadDeviceException("Property '" + values.type() + ".netdev' can't find value '" + name + "'");
        }
        claim(
                bench,
                "netdev " + name,
                "Property '" + values.type() + ".netdev' can't take value '" + name + "', it's in use");
        return port;
    }

    private static void claim(Workbench bench, String what, String message) throws BadDeviceException {
        if (!bench.claim(what)) {
            throw new BadDeviceException(message);
        }
    }

    /** The address the user gave, or the next of those that emulators give: 52:54:00:12:34:56 is the first. */
    static byte[] mac(PropertyValues values, Workbench bench) {
        String text = values.text("mac");
        byte[] mac = new byte[6];
        if (text == null || text.isEmpty() || text.equals("00:00:00:00:00:00")) {
            long next = 0x5254_0012_3456L + bench.nextCard();
            for (int i = 0; i < 6; i++) {
                mac[i] = (byte) (next >>> 8 * (5 - i));
            }
        } else {
            String[] parts = text.split(":");
            for (int i = 0; i < 6; i++) {
                mac[i] = (byte) Integer.parseInt(parts[i], 16);
            }
        }
        return mac;
    }

    /** A cable that nobody is at the other end of. */
    private static final class Unplugged implements Port {
        static final Port PORT = new Unplugged();

        @Override
        public void send(byte[] frame, int offset, int length) {}

        @Override
        public void connect(dev.rhea.network.Receiver card) {}

        @Override
        public void resume() {}

        @Override
        public void setLink(boolean up) {}

        @Override
        public void close() {}
    }
}
