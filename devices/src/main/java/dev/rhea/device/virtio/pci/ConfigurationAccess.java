package dev.rhea.device.virtio.pci;

import dev.rhea.device.pci.ConfigHook;
import dev.rhea.device.pci.PciFunction;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** The window into the modern BAR for those who cannot map it: section 4.1.4.9. */
final class ConfigurationAccess implements ConfigHook {
    private static final int VIRTIO_PCI_CAP_PCI_CFG = 5;
    private static final int BAR = 4;
    private static final int OFFSET = 8;
    private static final int LENGTH = 12;
    private static final int DATA = 16;

    private final PciFunction function;
    private final AddressSpace structures;
    private final int bar;
    private final int at;

    ConfigurationAccess(PciFunction function, AddressSpace structures, int bar) {
        this.function = function;
        this.structures = structures;
        this.bar = bar;
        byte[] body = new byte[17];
        byte[] writable = new byte[17];
        body[0] = VIRTIO_PCI_CAP_PCI_CFG;
        for (int i = 0; i < 17; i++) {
            writable[i] = (byte) (i == 1 || i >= 5 ? 0xff : 0);
        }
        at = function.capabilities().addVendor(body, writable);
        function.config().hook(at + DATA, 4, this);
    }

    private int length() {
        int length = function.config().getInt(at + LENGTH, 4);
        long offset = function.config().get(at + OFFSET, 4);
        boolean valid = function.config().getInt(at + BAR, 1) == bar
                && (length == 1 || length == 2 || length == 4)
                && (offset & length - 1) == 0;
        return valid ? length : 0;
    }

    @Override
    public void beforeRead(int offset, int size) {
        int length = length();
        if (length != 0) {
            try {
                function.config()
                        .set(
                                at + DATA,
                                length,
                                structures.read(function.config().get(at + OFFSET, 4), length));
            } catch (BusError e) {
                // Nothing is there.
            }
        }
    }

    @Override
    public void afterWrite(int offset, int size) {
        int length = length();
        if (length != 0) {
            try {
                structures.write(
                        function.config().get(at + OFFSET, 4), function.config().get(at + DATA, length), length);
            } catch (BusError e) {
                // Nothing is there.
            }
        }
    }
}
