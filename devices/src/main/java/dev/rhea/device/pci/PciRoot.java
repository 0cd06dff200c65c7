package dev.rhea.device.pci;

import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Container;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The top of a tree of PCI buses, whatever the host bridge's own registers look like: the spaces that functions map into, their
 * way to memory, and the interrupt wires that leave the tree. With the machine lock held.
 */
public final class PciRoot {
    /** Which of the host bridge's wires a pin of a slot on the root bus is soldered to. */
    @FunctionalInterface
    public interface Wiring {
        /** @param pin 0 to 3: INTA# to INTD# */
        int line(int slot, int pin);

        /** As on a bridge: each slot starts one wire further (PCI-to-PCI Bridge 1.2, 9.1). */
        Wiring SWIZZLED = (slot, pin) -> slot + pin & 3;
    }

    private static final int MOST_NESTED_MESSAGES = 4;

    private final AddressSpace systemMemory;
    private final List<Line> lines;
    private final int[] asserting;
    private final Wiring wiring;
    private final Container memory;
    private final Container io;
    private final PciBus bus;
    private final Set<Integer> chassisSlots = new HashSet<>();
    private int nestedMessages;

    /**
     * @param name the root bus's name: {@code pcie.0}
     * @param express whether it is a root complex, whose functions may have 4096 bytes of configuration space
     * @param systemMemory what bus masters reach
     * @param lines the wires that {@code wiring} chooses from
     * @param ioSize bytes of I/O space
     */
    public PciRoot(
            String name, boolean express, AddressSpace systemMemory, List<Line> lines, Wiring wiring, long ioSize) {
        this.systemMemory = systemMemory;
        this.lines = List.copyOf(lines);
        this.wiring = wiring;
        asserting = new int[lines.size()];
        memory = new Container("pci-memory", Long.MAX_VALUE);
        io = new Container("pci-io", ioSize);
        bus = new PciBus(name, express, this);
    }

    public PciBus bus() {
        return bus;
    }

    /** PCI memory space; boards put windows onto it into system memory. */
    public Container memory() {
        return memory;
    }

    /** PCI I/O space. */
    public Container io() {
        return io;
    }

    /**
     * Sends a message. A message that lands on a register which sends a message, and so on, is the guest's doing: what nests too
     * deep is lost.
     */
    void send(MsiMessage message, AddressSpace dma) {
        if (nestedMessages == MOST_NESTED_MESSAGES) {
            return;
        }
        nestedMessages++;
        try {
            message.write(dma);
        } finally {
            nestedMessages--;
        }
    }

    AddressSpace systemMemory() {
        return systemMemory;
    }

    /** A pin on the root bus changed. */
    void interrupt(int slot, int pin, boolean level) {
        int line = wiring.line(slot, pin);
        asserting[line] += level ? 1 : -1;
        lines.get(line).set(asserting[line] != 0);
    }

    void update(Runnable changes) {
        memory.update(() -> io.update(changes));
    }

    /** Takes a place for a hot-pluggable slot. @return whether it was free */
    boolean takeChassisSlot(int chassis, int slot) {
        return chassisSlots.add(chassis << 16 | slot);
    }

    /**
     * A guest reads configuration space. @param bus 0 to 255 @param offset 0 to 4095 @param bytes 1 to 4
     * @return all ones where no function answers
     */
    public long readConfig(int bus, int devfn, int offset, int bytes) {
        PciFunction function = find(bus, devfn);
        return function == null ? -1L >>> 64 - 8 * bytes : function.readConfig(offset, bytes);
    }

    /** A guest writes configuration space; what it moves by that is moved at once. */
    public void writeConfig(int bus, int devfn, int offset, int bytes, long value) {
        PciFunction function = find(bus, devfn);
        if (function != null) {
            update(() -> function.writeConfig(offset, bytes, value));
        }
    }

    private @Nullable PciFunction find(int number, int devfn) {
        PciBus found = bus.find(number);
        return found == null ? null : found.at(devfn);
    }
}
