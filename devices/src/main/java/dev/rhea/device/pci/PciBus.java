package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Container;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A bus: 32 slots of 8 functions, below a host bridge or below a bridge. With the machine lock held. */
public final class PciBus {
    private static final int SLOTS = 32;
    private static final int FUNCTIONS = 8;

    private final String name;
    private final boolean express;
    private final PciRoot root;
    private final @Nullable BridgeHeader bridge;
    private final Container memory;
    private final Container io;
    private final @Nullable PciFunction[] functions = new PciFunction[SLOTS * FUNCTIONS];
    private final List<Runnable> plugObservers = new ArrayList<>();
    private int firstSlot;
    private boolean powered = true;

    /** A root bus. */
    PciBus(String name, boolean express, PciRoot root) {
        this.name = name;
        this.express = express;
        this.root = root;
        bridge = null;
        memory = root.memory();
        io = root.io();
    }

    /** The bus below a bridge. */
    PciBus(String name, boolean express, BridgeHeader bridge) {
        this.name = name;
        this.express = express;
        this.bridge = bridge;
        root = bridge.function().bus().root;
        memory = bridge.secondaryMemory();
        io = bridge.secondaryIo();
    }

    /** The name that {@code bus=} says. */
    public String name() {
        return name;
    }

    /** Whether it is a root complex or the link of a port. */
    public boolean isExpress() {
        return express;
    }

    public boolean isRoot() {
        return bridge == null;
    }

    /** The function of the bridge that it is behind; null for a root bus. */
    public @Nullable PciFunction bridgeFunction() {
        return bridge == null ? null : bridge.function();
    }

    public PciRoot root() {
        return root;
    }

    /** Memory space of this bus. */
    Container memory() {
        return memory;
    }

    Container io() {
        return io;
    }

    /** The way upstream for bus masters: through the bridge, if there is one. */
    AddressSpace dma() {
        return bridge == null ? root.systemMemory() : bridge.function().dma();
    }

    /** Its number as the guest numbered the buses; a root bus is 0. */
    public int number() {
        return bridge == null ? 0 : bridge.function().config().getInt(PciRegs.SECONDARY_BUS, 1);
    }

    // ---- its functions

    /** What is here, by slot and function. */
    public List<PciFunction> functions() {
        return Arrays.stream(functions).filter(Objects::nonNull).toList();
    }

    /** Whether no slot is free. */
    public boolean isFull() {
        for (int slot = firstSlot; slot < SLOTS; slot++) {
            if (functions[slot * FUNCTIONS] == null) {
                return false;
            }
        }
        return true;
    }

    @Nullable
    PciFunction at(int devfn) {
        return powered ? functions[devfn] : null;
    }

    /** Says that slots below one can't be used. */
    void reserveSlotsBelow(int slot) {
        firstSlot = slot;
    }

    /**
     * Finds an address for a new function.
     *
     * @return slot and function: the one that {@code addr} asks for, else function 0 of the first free slot
     */
    int allocate(PropertyValues properties) throws BadDeviceException {
        int asked = (int) properties.number("addr");
        int devfn = asked >= 0 ? asked : firstFree(properties.type());
        if (devfn >> 3 < firstSlot) {
            throw new BadDeviceException("Unsupported PCI slot " + (devfn >> 3)
                    + " for standard hotplug controller. Valid slots are between " + firstSlot + " and 31.");
        }
        PciFunction there = functions[devfn];
        if (there != null) {
            throw new BadDeviceException("PCI: slot " + (devfn >> 3) + " function " + (devfn & 7)
                    + " not available for " + properties.type() + ", in use by " + there.type() + ",id="
                    + (there.id().isEmpty() ? "(null)" : there.id()));
        }
        checkMultifunction(devfn, properties.bool("multifunction"));
        return devfn;
    }

    private int firstFree(String type) throws BadDeviceException {
        for (int slot = firstSlot; slot < SLOTS; slot++) {
            if (functions[slot * FUNCTIONS] == null) {
                return slot * FUNCTIONS;
            }
        }
        throw new BadDeviceException("PCI: no slot/function available for " + type + ", all in use or reserved");
    }

    /** Function 0 says whether a slot has others: it comes first and with {@code multifunction=on}. */
    private void checkMultifunction(int devfn, boolean multifunction) throws BadDeviceException {
        int slot = devfn >> 3;
        if ((devfn & 7) != 0) {
            PciFunction first = functions[slot * FUNCTIONS];
            if (first != null && !first.properties().bool("multifunction")) {
                throw new BadDeviceException(String.format(
                        "PCI: single function device can't be populated in function %x.%x", slot, devfn & 7));
            }
            return;
        }
        for (int function = 1; function < FUNCTIONS && !multifunction; function++) {
            if (functions[devfn + function] != null) {
                throw new BadDeviceException(String.format(
                        "PCI: %x.0 indicates single function, but %x.%x is already populated.", slot, slot, function));
            }
        }
    }

    void plug(PciFunction function) {
        functions[function.devfn()] = function;
        plugObservers.forEach(Runnable::run);
    }

    /** Takes a function away. Its registers answer no more. */
    public void unplug(PciFunction function) {
        if (functions[function.devfn()] == function) {
            update(function::reset);
            functions[function.devfn()] = null;
            plugObservers.forEach(Runnable::run);
        }
    }

    /** Is told when something was put here or taken away. */
    void onPlug(Runnable observer) {
        plugObservers.add(observer);
    }

    /** Gives the slots power or takes it; without, what is here is reset and does not answer. */
    void setPowered(boolean value) {
        if (powered && !value) {
            update(this::reset);
        }
        powered = value;
    }

    // ---- what crosses it

    /** The bus with a number, this one or one below; null where the bridges lead nowhere. */
    @Nullable
    PciBus find(int number) {
        if (number() == number) {
            return this;
        }
        for (BridgeHeader below : bridges()) {
            PciBus found = below.leadsTo(number) ? below.secondary().find(number) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private List<BridgeHeader> bridges() {
        List<BridgeHeader> result = new ArrayList<>();
        for (PciFunction function : powered ? functions : new PciFunction[0]) {
            if (function != null && function.bridge() != null) {
                result.add(Objects.requireNonNull(function.bridge()));
            }
        }
        return result;
    }

    /** A pin of a slot changed; bridges pass it on as one of their own. @param pin 0 to 3 */
    void interrupt(int slot, int pin, boolean level) {
        if (bridge == null) {
            root.interrupt(slot, pin, level);
        } else {
            bridge.function().bus().interrupt(bridge.function().slot(), slot + pin & 3, level);
        }
    }

    /** Makes all changes of memory and I/O maps as one. */
    void update(Runnable changes) {
        root.update(changes);
    }

    /** Resets what is on it, and what is below. */
    public void reset() {
        functions().forEach(PciFunction::reset);
    }
}
