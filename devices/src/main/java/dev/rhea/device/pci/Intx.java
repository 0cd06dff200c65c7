package dev.rhea.device.pci;

/** A function's interrupt pin, and the wire that it ends in at the host bridge. */
final class Intx {
    private final PciFunction function;
    private boolean level;
    private boolean asserted;

    Intx(PciFunction function) {
        this.function = function;
    }

    boolean level() {
        return level;
    }

    void set(boolean value) {
        level = value;
        update();
    }

    void clear() {
        set(false);
    }

    /** Follows the level and the command register; the status bit shows the level even while INTx is disabled (PCI 3.0, 6.2.3). */
    void update() {
        ConfigSpace config = function.config();
        int status = config.getInt(PciRegs.STATUS, 2) & ~PciRegs.STATUS_INTERRUPT;
        config.set(PciRegs.STATUS, 2, level ? status | PciRegs.STATUS_INTERRUPT : status);
        boolean drives = level && (config.getInt(PciRegs.COMMAND, 2) & PciRegs.COMMAND_INTX_DISABLE) == 0;
        int pin = config.getInt(PciRegs.INTERRUPT_PIN, 1);
        if (drives != asserted && pin != 0) {
            asserted = drives;
            function.bus().interrupt(function.slot(), pin - 1, drives);
        }
    }
}
