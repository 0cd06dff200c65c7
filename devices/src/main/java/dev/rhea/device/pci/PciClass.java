package dev.rhea.device.pci;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the monitor calls the classes of functions. */
final class PciClass {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x0100, "SCSI controller"),
            Map.entry(0x0101, "IDE controller"),
            Map.entry(0x0104, "RAID controller"),
            Map.entry(0x0106, "SATA controller"),
            Map.entry(0x0200, "Ethernet controller"),
            Map.entry(0x0300, "VGA controller"),
            Map.entry(0x0380, "Display controller"),
            Map.entry(0x0401, "Audio controller"),
            Map.entry(0x0403, "Audio controller"),
            Map.entry(0x0600, "Host bridge"),
            Map.entry(0x0601, "ISA bridge"),
            Map.entry(0x0604, "PCI bridge"),
            Map.entry(0x0680, "Bridge"),
            Map.entry(0x0700, "Serial port"),
            Map.entry(0x0900, "Keyboard"),
            Map.entry(0x0902, "Mouse"),
            Map.entry(0x0c03, "USB controller"),
            Map.entry(0x0c05, "SMBus"));

    private PciClass() {}

    /** @param code base class and subclass; one without a name is a number, decimal as the reference prints it */
    static String name(int code) {
        String name = find(code);
        return name == null ? String.format("Class %04d", code) : name;
    }

    /** The name of a class, or null. */
    static @Nullable String find(int code) {
        return NAMES.get(code);
    }
}
