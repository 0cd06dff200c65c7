package dev.rhea.device.pci;

/**
 * Who a function says it is.
 *
 * @param vendor vendor id
 * @param device device id
 * @param revision 0 to 255
 * @param classCode base class, subclass and programming interface: 24 bits
 * @param subsystemVendor subsystem vendor id; bridges have none in their header
 * @param subsystem subsystem id
 */
public record PciIdentity(int vendor, int device, int revision, int classCode, int subsystemVendor, int subsystem) {
    /** The vendor id of devices that exist in machine emulators only. */
    public static final int VENDOR_REDHAT = 0x1b36;

    /** The subsystem of devices that have none of their own: 1af4:1100. */
    public static final int DEFAULT_SUBSYSTEM_VENDOR = 0x1af4;

    public static final int DEFAULT_SUBSYSTEM = 0x1100;

    /** With the default subsystem. */
    public static PciIdentity of(int vendor, int device, int revision, int classCode) {
        return new PciIdentity(vendor, device, revision, classCode, DEFAULT_SUBSYSTEM_VENDOR, DEFAULT_SUBSYSTEM);
    }
}
