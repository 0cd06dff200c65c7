package dev.rhea.device.pci;

/** The PCI Express capability, version 2 (PCI Express Base 3.0, 7.8), and what of it does something: function level reset. */
public final class ExpressCapability {
    /** Where a function sits in the fabric (7.8.2). */
    public enum PortType {
        ENDPOINT(0),
        ROOT_PORT(4),
        UPSTREAM(5),
        DOWNSTREAM(6),
        PCI_BRIDGE(7);

        private final int value;

        PortType(int value) {
            this.value = value;
        }
    }

    /** Bytes of the capability. */
    public static final int SIZE = 0x3c;

    public static final int FLAGS = 0x02;
    public static final int FLAGS_SLOT = 0x100;
    public static final int DEVCAP = 0x04;
    public static final int DEVCAP_RBER = 0x8000;
    public static final int DEVCAP_FLR = 0x1000_0000;
    public static final int DEVCTL = 0x08;
    public static final int DEVCTL_BCR_FLR = 0x8000;
    public static final int DEVSTA = 0x0a;
    public static final int LNKCAP = 0x0c;
    public static final int LNKCAP_ASPM_L0S = 0x400;
    public static final int LNKCAP_DLLLARC = 0x10_0000;
    public static final int LNKCAP_LBNC = 0x20_0000;
    private static final int LNKCAP_PN_SHIFT = 24;
    public static final int LNKCTL = 0x10;
    public static final int LNKSTA = 0x12;
    public static final int LNKSTA_DLLLA = 0x2000;
    public static final int SLTCAP = 0x14;
    public static final int SLTCTL = 0x18;
    public static final int SLTSTA = 0x1a;
    public static final int RTCTL = 0x1c;
    public static final int DEVCAP2 = 0x24;
    public static final int DEVCTL2 = 0x28;
    public static final int LNKCAP2 = 0x2c;
    public static final int LNKCTL2 = 0x30;

    private static final int ANYWHERE = 0;
    private static final int VERSION = 2;
    private static final int DEVCTL_ERROR_REPORTING = 0x000f;
    /** Correctable, non-fatal, fatal error and unsupported request detected. */
    private static final int DEVSTA_DETECTED = 0x000f;

    private static final int LNKCTL_CLOCKS = 0x00c0;
    private static final int RTCTL_ERRORS = 0x0007;
    private static final int DEVCAP2_ARI = 0x20;
    private static final int DEVCAP2_END_TO_END_PREFIXES = 0x30_0000;
    private static final int DEVCTL2_ARI = 0x20;
    private static final int DEVCTL2_PREFIX_BLOCKING = 0x8000;

    private final PciFunction function;
    private final ConfigSpace config;
    private final int offset;

    /**
     * Makes an Express function of a function: 4096 bytes of configuration space, and the capability at the first free place.
     *
     * @param flr whether the guest can reset the function through it
     */
    public ExpressCapability(PciFunction function, PortType type, boolean flr) {
        this(function, type, ANYWHERE, flr);
    }

    /** @param at where in configuration space; {@link #ANYWHERE} for the first free place */
    ExpressCapability(PciFunction function, PortType type, int at, boolean flr) {
        this.function = function;
        config = function.config();
        config.extend();
        Capabilities capabilities = function.capabilities();
        offset = at == ANYWHERE
                ? capabilities.add(PciRegs.CAP_ID_EXP, SIZE)
                : capabilities.addAt(at, PciRegs.CAP_ID_EXP, SIZE);
        config.declare(offset + FLAGS, 2, VERSION | type.value << 4);
        config.declare(offset + DEVCAP, 4, DEVCAP_RBER | (flr ? DEVCAP_FLR : 0));
        config.declare(offset + DEVCTL, 2, 0, DEVCTL_ERROR_REPORTING | (flr ? DEVCTL_BCR_FLR : 0));
        config.declare(offset + DEVSTA, 2, 0, 0, DEVSTA_DETECTED);
        config.declare(offset + LNKCAP, 4, LNKCAP_ASPM_L0S | link(1, 1));
        config.declare(offset + LNKSTA, 2, link(1, 1));
        config.declare(offset + LNKCTL, 2, 0, type == PortType.ENDPOINT ? LNKCTL_CLOCKS : 0);
        boolean forwardsAri = type != PortType.ENDPOINT && type != PortType.UPSTREAM;
        config.declare(offset + DEVCAP2, 4, DEVCAP2_END_TO_END_PREFIXES | (forwardsAri ? DEVCAP2_ARI : 0));
        config.declare(offset + DEVCTL2, 2, 0, DEVCTL2_PREFIX_BLOCKING | (forwardsAri ? DEVCTL2_ARI : 0));
        if (type == PortType.ROOT_PORT) {
            config.declare(offset + RTCTL, 2, 0, RTCTL_ERRORS);
        }
        if (flr) {
            config.hook(offset + DEVCTL, 2, new ConfigHook() {
                @Override
                public void afterWrite(int register, int bytes) {
                    resetIfAsked();
                }
            });
        }
    }

    private void resetIfAsked() {
        if ((config.getInt(offset + DEVCTL, 2) & DEVCTL_BCR_FLR) != 0) {
            function.reset();
        }
    }

    /** Speed (1: 2.5 GT/s, 2: 5, 3: 8, 4: 16) and width in lanes, as link registers hold them. */
    static int link(int speed, int width) {
        return speed | width << 4;
    }

    /**
     * Declares what link a port can have.
     *
     * @param reporting whether it reports that the link is up, and notifies of changes of bandwidth
     * @param port its number, 0 to 255
     */
    void setLink(int speed, int width, boolean reporting, int port) {
        long capability = LNKCAP_ASPM_L0S | link(speed, width) | (reporting ? LNKCAP_DLLLARC | LNKCAP_LBNC : 0);
        config.declare(offset + LNKCAP, 4, capability | (long) port << LNKCAP_PN_SHIFT);
        if (reporting) {
            config.declare(offset + LNKCAP2, 4, (1 << speed + 1) - 2);
            config.declare(offset + LNKCTL2, 2, speed);
        }
    }

    /** Says that there is a slot behind the port. */
    void addSlot() {
        config.declare(offset + FLAGS, 2, config.get(offset + FLAGS, 2) | FLAGS_SLOT);
    }

    /** Where in configuration space it is. */
    public int offset() {
        return offset;
    }

    int get(int register, int bytes) {
        return config.getInt(offset + register, bytes);
    }

    void set(int register, int bytes, int value) {
        config.set(offset + register, bytes, value);
    }
}
