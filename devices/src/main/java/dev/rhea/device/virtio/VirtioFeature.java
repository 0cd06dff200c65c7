package dev.rhea.device.virtio;

/** Feature bits that do not belong to one device type: Virtio 1.3, section 6. */
public final class VirtioFeature {
    /** Legacy: interrupt when the ring runs empty, even if the driver asked for none. */
    public static final long NOTIFY_ON_EMPTY = 1L << 24;

    /** Legacy: requests may be cut into descriptors at will. */
    public static final long ANY_LAYOUT = 1L << 27;

    public static final long INDIRECT_DESC = 1L << 28;
    public static final long EVENT_IDX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;
    public static final long ACCESS_PLATFORM = 1L << 33;
    public static final long RING_PACKED = 1L << 34;
    public static final long IN_ORDER = 1L << 35;
    public static final long RING_RESET = 1L << 40;

    private VirtioFeature() {}
}
