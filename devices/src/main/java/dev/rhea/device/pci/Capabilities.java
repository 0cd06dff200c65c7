package dev.rhea.device.pci;

/**
 * The lists of capabilities of a function (PCI 3.0, 6.7; PCI Express, 7.9). A capability that is added becomes the first of its
 * list; extended ones keep the order in which they are added.
 */
public final class Capabilities {
    private static final int FIRST = 0x40;
    private static final int FIRST_EXTENDED = 0x100;

    private final ConfigSpace config;
    private final boolean[] used = new boolean[PciRegs.CFG_SPACE_EXP_SIZE];

    Capabilities(ConfigSpace config) {
        this.config = config;
    }

    /**
     * Adds a capability at the first free place.
     *
     * @param size bytes, with the two of id and next
     * @return its offset; what comes behind the first two bytes is to be declared
     */
    public int add(int id, int size) {
        for (int offset = FIRST; offset + size <= PciRegs.CFG_SPACE_SIZE; offset += 4) {
            if (isFree(offset, size)) {
                return addAt(offset, id, size);
            }
        }
        throw new IllegalStateException("no room for " + size + " bytes of capability 0x" + Integer.toHexString(id));
    }

    /** Adds a capability at a place. @param offset a multiple of 4 from 0x40 on */
    public int addAt(int offset, int id, int size) {
        if (offset < FIRST || offset % 4 != 0 || offset + size > PciRegs.CFG_SPACE_SIZE || !isFree(offset, size)) {
            throw new IllegalArgumentException("no room for " + size + " bytes at 0x" + Integer.toHexString(offset));
        }
        take(offset, size);
        config.declare(offset, 2, id | config.get(PciRegs.CAPABILITY_LIST, 1) << 8);
        config.declare(PciRegs.CAPABILITY_LIST, 1, offset);
        long status = config.get(PciRegs.STATUS, 2) | PciRegs.STATUS_CAP_LIST;
        config.declare(PciRegs.STATUS, 2, status, 0, PciRegs.STATUS_ERRORS);
        return offset;
    }

    /**
     * Adds a vendor-specific capability.
     *
     * @param body what follows id, next and length
     * @param writable the bits of the body that guests may write; empty where there are none
     * @return the capability's offset: the body starts 3 bytes later
     */
    public int addVendor(byte[] body, byte[] writable) {
        int offset = add(PciRegs.CAP_ID_VNDR, 3 + body.length);
        config.declare(offset + 2, 1, 3 + body.length);
        for (int i = 0; i < body.length; i++) {
            config.declare(offset + 3 + i, 1, body[i], i < writable.length ? writable[i] : 0);
        }
        return offset;
    }

    /** Adds power management with states D0 and D3hot. @return the capability's offset */
    public int addPowerManagement() {
        int offset = add(PciRegs.CAP_ID_PM, 8);
        config.declare(offset + 2, 2, 3); // version 1.2
        config.declare(offset + 4, 2, 0, 0x3);
        return offset;
    }

    /** Says which subsystem a bridge is part of, since its header does not (PCI-to-PCI Bridge 1.2, 3.2.6). */
    void addSubsystem(int offset, PciIdentity identity) {
        addAt(offset, PciRegs.CAP_ID_SSVID, 8);
        config.declare(offset + 4, 2, identity.subsystemVendor());
        config.declare(offset + 6, 2, identity.subsystem());
    }

    /**
     * Adds access control services with source validation, translation blocking, request and completion redirect, upstream
     * forwarding and direct translated P2P (PCI Express Base 3.0, 7.16).
     */
    void addAccessControl(int offset) {
        int controls = 0x5f;
        addExtended(offset, PciRegs.EXT_CAP_ID_ACS, 1, 8);
        config.declare(offset + 4, 2, controls);
        config.declare(offset + 6, 2, 0, controls);
    }

    /**
     * Adds an extended capability; the first one is at 0x100.
     *
     * @param offset a multiple of 4
     * @param size bytes, with the four of the header
     */
    public int addExtended(int offset, int id, int version, int size) {
        if (config.size() != PciRegs.CFG_SPACE_EXP_SIZE) {
            throw new IllegalStateException("only Express functions have extended capabilities");
        }
        if (offset < FIRST_EXTENDED || offset % 4 != 0 || offset + size > config.size() || !isFree(offset, size)) {
            throw new IllegalArgumentException("no room for " + size + " bytes at 0x" + Integer.toHexString(offset));
        }
        if (offset != FIRST_EXTENDED) {
            int last = FIRST_EXTENDED;
            while (next(last) != 0) {
                last = next(last);
            }
            config.declare(last, 4, config.get(last, 4) & 0xfffff | (long) offset << 20);
        }
        take(offset, size);
        config.declare(offset, 4, id | (long) version << 16);
        return offset;
    }

    private int next(int header) {
        return config.getInt(header, 4) >>> 20;
    }

    /** Where a capability is, or 0. */
    public int find(int id) {
        int offset = config.getInt(PciRegs.CAPABILITY_LIST, 1);
        while (offset != 0 && config.getInt(offset, 1) != id) {
            offset = config.getInt(offset + 1, 1);
        }
        return offset;
    }

    private boolean isFree(int offset, int size) {
        for (int i = 0; i < size; i++) {
            if (used[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private void take(int offset, int size) {
        for (int i = 0; i < size; i++) {
            used[offset + i] = true;
        }
    }
}
