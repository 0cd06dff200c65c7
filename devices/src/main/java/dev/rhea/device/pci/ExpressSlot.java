package dev.rhea.device.pci;

import dev.rhea.machine.device.PropertyValues;
import org.jspecify.annotations.Nullable;

/**
 * The slot of a port with its hot-plug controller (PCI Express Base 3.0, 6.7 and 7.8.9 to 7.8.11): presence, power, commands
 * that complete at once, and the events that interrupt.
 */
final class ExpressSlot {
    private static final int SLTCAP_ABP = 0x01;
    private static final int SLTCAP_PCP = 0x02;
    private static final int SLTCAP_AIP = 0x08;
    private static final int SLTCAP_PIP = 0x10;
    private static final int SLTCAP_HPS = 0x20;
    private static final int SLTCAP_HPC = 0x40;
    private static final int SLTCAP_EIP = 0x2_0000;
    private static final int SLTCAP_PSN_SHIFT = 19;
    private static final int SLTCTL_HPIE = 0x20;
    private static final int SLTCTL_ATTN_IND_OFF = 0xc0;
    private static final int SLTCTL_PWR_IND_ON = 0x100;
    private static final int SLTCTL_PWR_IND_OFF = 0x300;
    private static final int SLTCTL_PCC = 0x400;
    private static final int SLTCTL_EIC = 0x800;
    private static final int SLTCTL_INDICATORS = 0x3c0;
    private static final int SLTSTA_ABP = 0x01;
    private static final int SLTSTA_PDC = 0x08;
    private static final int SLTSTA_CC = 0x10;
    private static final int SLTSTA_PDS = 0x40;
    private static final int SLTSTA_EIS = 0x80;
    /** Attention button, presence change, command completed: status bits and, in the control register, their enable bits. */
    private static final int EVENTS = 0x19;

    private final PciFunction function;
    private final ExpressCapability express;
    private final PciBus link;
    private final boolean hotplug;
    private final boolean powerController;
    private boolean interrupting;
    /** Whom to tell when the guest lets go of what is in the slot; null while nobody asked it to. */
    private @Nullable Runnable removal;

    /** @param properties the port's: {@code slot}, {@code hotplug}, {@code power_controller_present} */
    ExpressSlot(PciFunction function, ExpressCapability express, PciBus link, PropertyValues properties) {
        this.function = function;
        this.express = express;
        this.link = link;
        hotplug = properties.bool("hotplug");
        powerController = properties.bool("power_controller_present");
        express.addSlot();
        ConfigSpace config = function.config();
        int at = express.offset();
        int hotplugBits = hotplug ? SLTCAP_HPS | SLTCAP_HPC : 0;
        int power = powerController ? SLTCAP_PCP : 0;
        config.declare(
                at + ExpressCapability.SLTCAP,
                4,
                SLTCAP_ABP
                        | power
                        | SLTCAP_AIP
                        | SLTCAP_PIP
                        | hotplugBits
                        | SLTCAP_EIP
                        | properties.number("slot") << SLTCAP_PSN_SHIFT);
        int control = EVENTS | SLTCTL_HPIE | SLTCTL_INDICATORS | (powerController ? SLTCTL_PCC : 0);
        config.declare(at + ExpressCapability.SLTCTL, 2, 0, control | SLTCTL_EIC);
        config.declare(at + ExpressCapability.SLTSTA, 2, 0, 0, EVENTS);
        config.changes(at + ExpressCapability.SLTSTA, 2, SLTSTA_PDS | SLTSTA_EIS);
        config.changes(at + ExpressCapability.LNKSTA, 2, 0xffff);
        config.hook(at + ExpressCapability.SLTCTL, 2, new ConfigHook() {
            @Override
            public void afterWrite(int offset, int size) {
                commanded();
            }
        });
        config.hook(at + ExpressCapability.SLTSTA, 2, new ConfigHook() {
            @Override
            public void afterWrite(int offset, int size) {
                interrupt();
            }
        });
        link.onPlug(this::plugged);
        reset();
    }

    private boolean isOccupied() {
        return !link.functions().isEmpty();
    }

    /** After the port was reset: what is plugged has power. */
    void reset() {
        interrupting = false;
        removal = null;
        int indicators = SLTCTL_ATTN_IND_OFF | (isOccupied() ? SLTCTL_PWR_IND_ON : SLTCTL_PWR_IND_OFF);
        express.set(ExpressCapability.SLTCTL, 2, indicators | (powerController && !isOccupied() ? SLTCTL_PCC : 0));
        present();
        power();
    }

    /** After state was loaded. */
    void refresh() {
        interrupting = isInterrupting();
        power();
    }

    private void present() {
        int status = express.get(ExpressCapability.SLTSTA, 2) & ~SLTSTA_PDS;
        express.set(ExpressCapability.SLTSTA, 2, status | (isOccupied() ? SLTSTA_PDS : 0));
        int up = ExpressCapability.link(1, 1) | ExpressCapability.LNKSTA_DLLLA;
        int capable = express.get(ExpressCapability.LNKCAP, 4) & 0x3ff;
        express.set(ExpressCapability.LNKSTA, 2, isOccupied() ? up : capable);
    }

    private void plugged() {
        present();
        if (hotplug) {
            event(SLTSTA_PDC);
        }
    }

    /** Presses the attention button for what is in the slot to be taken out. */
    void requestUnplug(Runnable removed) {
        removal = removed;
        event(SLTSTA_ABP);
    }

    /** The guest switched power and its indicator off: what was to go goes. */
    private void removeIfReleased(int control) {
        Runnable told = removal;
        boolean released = (control & SLTCTL_PCC) != 0 && (control & SLTCTL_PWR_IND_OFF) == SLTCTL_PWR_IND_OFF;
        if (told != null && released) {
            removal = null;
            link.functions().forEach(link::unplug);
            told.run();
        }
    }

    private void commanded() {
        int control = express.get(ExpressCapability.SLTCTL, 2);
        if ((control & SLTCTL_EIC) != 0) {
            // The interlock control is a button: it reads as 0 and toggles the interlock.
            express.set(ExpressCapability.SLTCTL, 2, control & ~SLTCTL_EIC);
            express.set(ExpressCapability.SLTSTA, 2, express.get(ExpressCapability.SLTSTA, 2) ^ SLTSTA_EIS);
        }
        power();
        removeIfReleased(control);
        event(SLTSTA_CC);
    }

    /** A slot without power has nothing in it that answers. */
    private void power() {
        boolean off = powerController && (express.get(ExpressCapability.SLTCTL, 2) & SLTCTL_PCC) != 0;
        link.setPowered(!off);
    }

    private void event(int bit) {
        express.set(ExpressCapability.SLTSTA, 2, express.get(ExpressCapability.SLTSTA, 2) | bit);
        interrupt();
    }

    private boolean isInterrupting() {
        int control = express.get(ExpressCapability.SLTCTL, 2);
        return (control & SLTCTL_HPIE) != 0 && (control & express.get(ExpressCapability.SLTSTA, 2) & EVENTS) != 0;
    }

    private void interrupt() {
        boolean now = isInterrupting();
        Msi msi = function.msi();
        Msix msix = function.msix();
        boolean messages = msi != null && msi.isEnabled() || msix != null && msix.isEnabled();
        function.setIntx(now && !messages);
        if (now && !interrupting && msi != null) {
            msi.notify(0);
        }
        if (now && !interrupting && msix != null) {
            msix.notify(0);
        }
        interrupting = now;
    }
}
