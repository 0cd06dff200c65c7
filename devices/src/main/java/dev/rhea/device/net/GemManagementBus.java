package dev.rhea.device.net;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;

/** The bus to the PHY: frames of IEEE 802.3 clause 22, which take no time. */
final class GemManagementBus {
    private static final int READ = 2;
    private static final int WRITE = 1;
    private static final int NOBODY = 0xffff;

    private final Register maintenance;
    private final Phy phy;
    private final int address;

    /** @param control the register that enables it @param done runs after each frame */
    GemManagementBus(RegisterTable table, Register control, Phy phy, int address, Runnable done) {
        this.phy = phy;
        this.address = address;
        maintenance = table.add(0x034, "phy_maint", 0, -1).writes(value -> {
            if ((control.get() & GemRegs.MANAGEMENT_ENABLE) != 0) {
                run(value);
                done.run();
            }
        });
    }

    private void run(int value) {
        int operation = value >> 28 & 3;
        int register = value >> 18 & 31;
        boolean here = (value >> 23 & 31) == address;
        if (operation == READ) {
            maintenance.set(value & ~0xffff | (here ? phy.read(register) : NOBODY));
        } else if (operation == WRITE && here) {
            phy.write(register, value & 0xffff);
        }
    }
}
