package dev.rhea.device.pci;

/** Offsets and bits of configuration space, with the names of Linux's {@code pci_regs.h}. */
public final class PciRegs {
    private PciRegs() {}

    /** Bytes of the space of a conventional function, and of an Express one. */
    public static final int CFG_SPACE_SIZE = 256;

    public static final int CFG_SPACE_EXP_SIZE = 4096;

    // Headers of both types (PCI 3.0, 6.1)
    public static final int VENDOR_ID = 0x00;
    public static final int DEVICE_ID = 0x02;
    public static final int COMMAND = 0x04;
    public static final int COMMAND_IO = 0x1;
    public static final int COMMAND_MEMORY = 0x2;
    public static final int COMMAND_MASTER = 0x4;
    public static final int COMMAND_SERR = 0x100;
    public static final int COMMAND_INTX_DISABLE = 0x400;
    public static final int STATUS = 0x06;
    public static final int STATUS_INTERRUPT = 0x08;
    public static final int STATUS_CAP_LIST = 0x10;
    /** The bits of the status register that writing ones clears. */
    public static final int STATUS_ERRORS = 0xf900;

    public static final int CLASS_REVISION = 0x08;
    public static final int CLASS_PROG = 0x09;
    public static final int CLASS_DEVICE = 0x0a;
    public static final int CACHE_LINE_SIZE = 0x0c;
    public static final int HEADER_TYPE = 0x0e;
    public static final int HEADER_TYPE_BRIDGE = 0x01;
    public static final int HEADER_TYPE_MFD = 0x80;
    public static final int BASE_ADDRESS_0 = 0x10;
    public static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    public static final int SUBSYSTEM_ID = 0x2e;
    public static final int ROM_ADDRESS = 0x30;
    public static final int ROM_ADDRESS_ENABLE = 0x1;
    public static final int CAPABILITY_LIST = 0x34;
    public static final int INTERRUPT_LINE = 0x3c;
    public static final int INTERRUPT_PIN = 0x3d;

    // Bridges (PCI-to-PCI Bridge 1.2, 3.2)
    public static final int PRIMARY_BUS = 0x18;
    public static final int SECONDARY_BUS = 0x19;
    public static final int SUBORDINATE_BUS = 0x1a;
    public static final int SEC_LATENCY_TIMER = 0x1b;
    public static final int IO_BASE = 0x1c;
    public static final int IO_LIMIT = 0x1d;
    public static final int SEC_STATUS = 0x1e;
    public static final int MEMORY_BASE = 0x20;
    public static final int MEMORY_LIMIT = 0x22;
    public static final int PREF_MEMORY_BASE = 0x24;
    public static final int PREF_MEMORY_LIMIT = 0x26;
    public static final int PREF_BASE_UPPER32 = 0x28;
    public static final int PREF_LIMIT_UPPER32 = 0x2c;
    public static final int ROM_ADDRESS1 = 0x38;
    public static final int BRIDGE_CONTROL = 0x3e;
    public static final int BRIDGE_CTL_BUS_RESET = 0x40;

    // Capabilities
    public static final int CAP_ID_PM = 0x01;
    public static final int CAP_ID_SLOTID = 0x04;
    public static final int CAP_ID_MSI = 0x05;
    public static final int CAP_ID_VNDR = 0x09;
    public static final int CAP_ID_SSVID = 0x0d;
    public static final int CAP_ID_EXP = 0x10;
    public static final int CAP_ID_MSIX = 0x11;
    public static final int EXT_CAP_ID_ERR = 0x0001;
    public static final int EXT_CAP_ID_ACS = 0x000d;
    public static final int EXT_CAP_ID_ARI = 0x000e;
}
