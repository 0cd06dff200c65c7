package dev.rhea.board;

import dev.rhea.device.pci.PciFunction;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.machine.device.BadDeviceException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The devices that firmware is to boot from, by their {@code bootindex}: paths as IEEE 1275 has them, in the file
 * {@code bootorder} of fw_cfg.
 */
public final class BootOrder {
    private static final String END = "HALT";

    /** Names of nodes by class code: PCI Bus Binding to IEEE 1275, section 2.5. */
    private static final Map<Integer, String> PCI_NAMES =
            Map.of(0x0100, "scsi", 0x0200, "ethernet", 0x0604, "pci-bridge");

    private final TreeMap<Long, String> paths = new TreeMap<>();

    BootOrder() {}

    /**
     * Adds a device.
     *
     * @param index lower ones are tried first; a negative one is none
     * @throws BadDeviceException where another device has the index
     */
    void add(long index, String path) throws BadDeviceException {
        if (index >= 0 && paths.putIfAbsent(index, path) != null) {
            throw new BadDeviceException("The bootindex " + index + " has already been used");
        }
    }

    /** What the guest reads: a path a line, ended by a zero; nothing where no device has an index. */
    public byte[] file(boolean strict) {
        if (paths.isEmpty()) {
            return new byte[0];
        }
        String lines = String.join("\n", paths.values()) + (strict ? "\n" + END : "");
        return (lines + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    /** The last part of a path: what a virtio device is. */
    static String unit(VirtioDevice device) {
        return switch (device.id()) {
            case VirtioDevice.ID_NET -> "/ethernet-phy@0";
            case VirtioDevice.ID_BLOCK -> "/disk@0,0";
            default -> "";
        };
    }

    /** A device on a virtio-mmio transport. @param address of the transport */
    static String mmio(long address, VirtioDevice device) {
        return String.format("/virtio-mmio@%016x", address) + unit(device);
    }

    /** A PCI function, from the host bridge on. */
    static String pci(PciFunction function) {
        PciFunction bridge = function.bus().bridgeFunction();
        String above = bridge == null ? "/pci@ffffffffffffffff" : pci(bridge);
        String name = PCI_NAMES.getOrDefault(
                function.classCode(),
                String.format(
                        "pci%04x,%04x",
                        function.identity().vendor(), function.identity().device()));
        String place = Integer.toHexString(function.slot())
                + (function.function() == 0 ? "" : "," + Integer.toHexString(function.function()));
        return above + "/" + name + "@" + place;
    }
}
