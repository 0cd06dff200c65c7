package dev.rhea.device.pci;

import dev.rhea.machine.memory.Alias;
import dev.rhea.machine.memory.Container;
import org.jspecify.annotations.Nullable;

/**
 * The header of a PCI-to-PCI bridge, and what it does: bus numbers, windows that pass accesses on, resets of the bus behind
 * (PCI-to-PCI Bridge 1.2, chapters 3 and 4).
 */
final class BridgeHeader {
    /** Which kind of bridge: they differ in what software may set. */
    enum Kind {
        /** A root port, whose windows are closed after reset. */
        PORT(0x005f, 0, 0xf0, 0xfff0),
        /** A port of a switch. */
        SWITCH_PORT(0x005f, 0, 0, 0),
        /** A bridge to a conventional bus, which can do 66 MHz and back-to-back cycles. */
        CONVENTIONAL(0x0bff, 0xa0, 0, 0);

        private final int control;
        private final int timing;
        private final int ioBase;
        private final int memoryBase;

        Kind(int control, int timing, int ioBase, int memoryBase) {
            this.control = control;
            this.timing = timing;
            this.ioBase = ioBase;
            this.memoryBase = memoryBase;
        }
    }

    private static final int PREF_RANGE_TYPE_64 = 0x1;
    private static final long MEMORY_UNIT = 1 << 20;
    private static final long IO_UNIT = 1 << 12;

    private final PciFunction function;
    private final ConfigSpace config;
    private final Container memory;
    private final Container io;
    private final Window memoryWindow;
    /** What of the prefetchable window is below and above the other one: see {@link #updateWindows}. */
    private final Window prefetchableBelow;

    private final Window prefetchableAbove;
    private final Window ioWindow;
    private final PciBus secondary;
    private boolean resetting;

    /** @param express whether the bus behind is a link */
    BridgeHeader(PciFunction function, String busName, boolean express, Kind kind) {
        this.function = function;
        config = function.config();
        memory = new Container(busName + "-memory", Long.MAX_VALUE);
        io = new Container(busName + "-io", 1L << 16);
        memoryWindow = new Window("pci_bridge_mem", memory, function.bus().memory());
        prefetchableBelow =
                new Window("pci_bridge_pref_mem", memory, function.bus().memory());
        prefetchableAbove =
                new Window("pci_bridge_pref_mem", memory, function.bus().memory());
        ioWindow = new Window("pci_bridge_io", io, function.bus().io());
        declare(kind);
        secondary = new PciBus(busName, express, this);
        function.setBridge(this);
    }

    private void declare(Kind kind) {
        int status = config.getInt(PciRegs.STATUS, 2);
        config.declare(PciRegs.STATUS, 2, status | kind.timing, 0, PciRegs.STATUS_ERRORS);
        config.declare(PciRegs.PRIMARY_BUS, 4, 0, 0xffffffffL);
        config.declare(PciRegs.IO_BASE, 1, kind.ioBase, 0xf0);
        config.declare(PciRegs.IO_LIMIT, 1, 0, 0xf0);
        config.declare(PciRegs.SEC_STATUS, 2, kind.timing, 0, PciRegs.STATUS_ERRORS);
        config.declare(PciRegs.MEMORY_BASE, 2, kind.memoryBase, 0xfff0);
        config.declare(PciRegs.MEMORY_LIMIT, 2, 0, 0xfff0);
        config.declare(PciRegs.PREF_MEMORY_BASE, 2, kind.memoryBase | PREF_RANGE_TYPE_64, 0xfff0);
        config.declare(PciRegs.PREF_MEMORY_LIMIT, 2, PREF_RANGE_TYPE_64, 0xfff0);
        config.declare(PciRegs.PREF_BASE_UPPER32, 8, 0, -1L);
        config.declare(PciRegs.BRIDGE_CONTROL, 2, 0, kind.control);
        ConfigHook windows = new ConfigHook() {
            @Override
            public void afterWrite(int offset, int size) {
                updateWindows();
            }
        };
        config.hook(PciRegs.COMMAND, 2, windows);
        config.hook(PciRegs.IO_BASE, PciRegs.PREF_LIMIT_UPPER32 + 4 - PciRegs.IO_BASE, windows);
        config.hook(PciRegs.BRIDGE_CONTROL, 2, new ConfigHook() {
            @Override
            public void afterWrite(int offset, int size) {
                controlChanged();
            }
        });
    }

    PciFunction function() {
        return function;
    }

    PciBus secondary() {
        return secondary;
    }

    Container secondaryMemory() {
        return memory;
    }

    Container secondaryIo() {
        return io;
    }

    /** Whether a bus number is behind it. */
    boolean leadsTo(int bus) {
        int first = config.getInt(PciRegs.SECONDARY_BUS, 1);
        return first != 0 && first <= bus && bus <= config.getInt(PciRegs.SUBORDINATE_BUS, 1);
    }

    private void controlChanged() {
        boolean reset = (config.getInt(PciRegs.BRIDGE_CONTROL, 2) & PciRegs.BRIDGE_CTL_BUS_RESET) != 0;
        if (reset && !resetting) {
            secondary.update(secondary::reset);
        }
        resetting = reset;
    }

    /** After the function itself was reset: a reset goes through to the bus behind (3.2.5.17). */
    void functionReset() {
        secondary.reset();
        refresh();
    }

    /** After the function's state was loaded. */
    void refresh() {
        resetting = (config.getInt(PciRegs.BRIDGE_CONTROL, 2) & PciRegs.BRIDGE_CTL_BUS_RESET) != 0;
        updateWindows();
    }

    /**
     * Both memory windows show the same space, so what the prefetchable one shares with the other is left out: were it not, a
     * guest that opens all windows of nested bridges would double the work of making a map with each of them.
     */
    private void updateWindows() {
        function.bus().update(() -> {
            int command = config.getInt(PciRegs.COMMAND, 2);
            boolean on = (command & PciRegs.COMMAND_MEMORY) != 0;
            long base = memoryBase();
            long limit = memoryLimit();
            memoryWindow.set(on, base, limit);
            // Addresses from 2^63 on are outside of every map: a base there closes the window, a limit there does not
            // cut it.
            long prefetchable = prefetchableBase();
            long last = prefetchableLimit() < 0 ? Long.MAX_VALUE : prefetchableLimit();
            boolean open = on && prefetchable >= 0;
            if (base <= limit) {
                prefetchableBelow.set(open, prefetchable, Math.min(last, base - 1));
                prefetchableAbove.set(open, Math.max(prefetchable, limit + 1), last);
            } else {
                prefetchableBelow.set(open, prefetchable, last);
                prefetchableAbove.set(false, 0, 0);
            }
            ioWindow.set((command & PciRegs.COMMAND_IO) != 0, ioBase(), ioLimit());
        });
    }

    /** First address of the I/O window. */
    long ioBase() {
        return (config.get(PciRegs.IO_BASE, 1) & 0xf0) << 8;
    }

    /** Last address of the I/O window; below {@link #ioBase} where it is closed. */
    long ioLimit() {
        return ((config.get(PciRegs.IO_LIMIT, 1) & 0xf0) << 8) + IO_UNIT - 1;
    }

    long memoryBase() {
        return (config.get(PciRegs.MEMORY_BASE, 2) & 0xfff0) << 16;
    }

    long memoryLimit() {
        return ((config.get(PciRegs.MEMORY_LIMIT, 2) & 0xfff0) << 16) + MEMORY_UNIT - 1;
    }

    long prefetchableBase() {
        return (config.get(PciRegs.PREF_MEMORY_BASE, 2) & 0xfff0) << 16
                | config.get(PciRegs.PREF_BASE_UPPER32, 4) << 32;
    }

    long prefetchableLimit() {
        return ((config.get(PciRegs.PREF_MEMORY_LIMIT, 2) & 0xfff0) << 16
                        | config.get(PciRegs.PREF_LIMIT_UPPER32, 4) << 32)
                + MEMORY_UNIT
                - 1;
    }

    /** A part of the space behind that is seen in front, at the same addresses. */
    private static final class Window {
        private final String name;
        private final Container behind;
        private final Container front;
        private @Nullable Alias open;
        private long base;
        private long end;

        Window(String name, Container behind, Container front) {
            this.name = name;
            this.behind = behind;
            this.front = front;
        }

        /** @param limit the last address; a window whose limit is below its base is closed */
        void set(boolean enabled, long first, long limit) {
            long last = Math.min(limit, Math.min(behind.size(), front.size()) - 1);
            boolean wanted = enabled && first <= last;
            if (wanted ? open != null && base == first && end == last : open == null) {
                return;
            }
            if (open != null) {
                front.remove(open);
                open = null;
            }
            if (wanted) {
                base = first;
                end = last;
                open = new Alias(name, behind, first, last - first + 1);
                front.add(first, open, 1);
            }
        }
    }
}
