package dev.rhea.device.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds and sets up PCI functions with nothing but configuration accesses, as an operating system does: buses numbered depth first,
 * registers sized by writing ones, windows of bridges as large as what is behind them.
 */
final class GuestEnumeration {
    /** A base address register that was given an address. */
    record Assigned(long address, long size, boolean io) {}

    /** A function that was found. */
    static final class Found {
        final int bus;
        final int devfn;
        final int id;
        final Map<Integer, Assigned> bars = new TreeMap<>();

        Found(int bus, int devfn, int id) {
            this.bus = bus;
            this.devfn = devfn;
            this.id = id;
        }
    }

    final List<Found> functions = new ArrayList<>();
    private final TestMachine machine;
    private int nextBus = 1;
    private long nextMemory = TestMachine.MMIO;
    private long nextHigh = TestMachine.HIGH;
    private long nextIo = 0x1000;

    GuestEnumeration(TestMachine machine) {
        this.machine = machine;
        scan(0);
    }

    Found find(int bus, int devfn) {
        return functions.stream()
                .filter(found -> found.bus == bus && found.devfn == devfn)
                .findFirst()
                .orElseThrow();
    }

    private void scan(int bus) {
        for (int devfn = 0; devfn < 256; devfn++) {
            boolean first = (devfn & 7) == 0;
            if (!first && (machine.readConfig(bus, devfn & ~7, PciRegs.HEADER_TYPE, 1) & 0x80) == 0) {
                continue;
            }
            int id = machine.readConfig(bus, devfn, PciRegs.VENDOR_ID, 4);
            if (id == -1) {
                devfn |= first ? 7 : 0;
                continue;
            }
            Found found = new Found(bus, devfn, id);
            functions.add(found);
            boolean bridge = (machine.readConfig(bus, devfn, PciRegs.HEADER_TYPE, 1) & 0x7f) == 1;
            assignBars(found, bridge ? 2 : 6);
            if (bridge) {
                openBridge(bus, devfn);
            }
            machine.writeConfig(bus, devfn, PciRegs.COMMAND, 2, 0x7);
        }
    }

    private void openBridge(int bus, int devfn) {
        int secondary = nextBus++;
        machine.writeConfig(bus, devfn, PciRegs.PRIMARY_BUS, 1, bus);
        machine.writeConfig(bus, devfn, PciRegs.SECONDARY_BUS, 1, secondary);
        machine.writeConfig(bus, devfn, PciRegs.SUBORDINATE_BUS, 1, 0xff);
        nextMemory = up(nextMemory, 1 << 20);
        nextHigh = up(nextHigh, 1 << 20);
        nextIo = up(nextIo, 0x1000);
        long memory = nextMemory;
        long high = nextHigh;
        long io = nextIo;
        scan(secondary);
        machine.writeConfig(bus, devfn, PciRegs.SUBORDINATE_BUS, 1, nextBus - 1);
        nextMemory = up(nextMemory, 1 << 20);
        nextHigh = up(nextHigh, 1 << 20);
        nextIo = up(nextIo, 0x1000);
        machine.writeConfig(bus, devfn, PciRegs.MEMORY_BASE, 2, memory >> 16);
        machine.writeConfig(bus, devfn, PciRegs.MEMORY_LIMIT, 2, nextMemory - 1 >> 16);
        machine.writeConfig(bus, devfn, PciRegs.PREF_MEMORY_BASE, 2, high >> 16);
        machine.writeConfig(bus, devfn, PciRegs.PREF_MEMORY_LIMIT, 2, nextHigh - 1 >> 16);
        machine.writeConfig(bus, devfn, PciRegs.PREF_BASE_UPPER32, 4, high >> 32);
        machine.writeConfig(bus, devfn, PciRegs.PREF_LIMIT_UPPER32, 4, nextHigh - 1 >> 32);
        machine.writeConfig(bus, devfn, PciRegs.IO_BASE, 1, io >> 8);
        machine.writeConfig(bus, devfn, PciRegs.IO_LIMIT, 1, nextIo - 1 >> 8);
    }

    private void assignBars(Found found, int count) {
        for (int i = 0; i < count; i++) {
            int offset = PciRegs.BASE_ADDRESS_0 + 4 * i;
            int number = i;
            machine.writeConfig(found.bus, found.devfn, offset, 4, -1);
            int sized = machine.readConfig(found.bus, found.devfn, offset, 4);
            if (sized == 0) {
                continue;
            }
            if ((sized & 1) != 0) {
                long size = -(sized & ~3) & 0xffffffffL;
                nextIo = up(nextIo, size);
                set(found, number, offset, nextIo, size, true);
                nextIo += size;
                continue;
            }
            boolean wide = (sized & 4) != 0;
            long mask = sized & ~0xf;
            if (wide) {
                machine.writeConfig(found.bus, found.devfn, offset + 4, 4, -1);
                mask = mask & 0xffffffffL | (long) machine.readConfig(found.bus, found.devfn, offset + 4, 4) << 32;
                i++;
            }
            long size = -mask;
            boolean prefetchable = (sized & 8) != 0;
            if (wide && prefetchable) {
                nextHigh = up(nextHigh, size);
                set(found, number, offset, nextHigh, size, false);
                machine.writeConfig(found.bus, found.devfn, offset + 4, 4, nextHigh >>> 32);
                nextHigh += size;
            } else {
                nextMemory = up(nextMemory, size);
                set(found, number, offset, nextMemory, size, false);
                if (wide) {
                    machine.writeConfig(found.bus, found.devfn, offset + 4, 4, 0);
                }
                nextMemory += size;
            }
        }
    }

    private void set(Found found, int number, int offset, long address, long size, boolean io) {
        machine.writeConfig(found.bus, found.devfn, offset, 4, address);
        found.bars.put(number, new Assigned(address, size, io));
    }

    private static long up(long value, long unit) {
        return value + unit - 1 & -unit;
    }
}
