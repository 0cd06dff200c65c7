package dev.rhea.device.pci;

import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Region;

/** A base address register, and the region that it maps. */
final class Bar {
    static final long UNMAPPED = -1;

    /** 0 to 5; the expansion ROM is 6. */
    final int number;

    /** Where the register is in configuration space. */
    final int offset;

    final BarType type;
    final Region region;
    private final boolean rom;
    private final Container space;
    private long mapped = UNMAPPED;

    Bar(int number, int offset, BarType type, Region region, boolean rom, PciBus bus) {
        this.number = number;
        this.offset = offset;
        this.type = type;
        this.region = region;
        this.rom = rom;
        space = type.isIo() ? bus.io() : bus.memory();
        if (Long.bitCount(region.size()) != 1
                || region.size() < type.smallest()
                || !type.is64() && region.size() > 1L << 31) {
            throw new IllegalArgumentException(
                    region.name() + ": a " + type + " register can't express a size of " + region.size() + " bytes");
        }
    }

    void declare(ConfigSpace config) {
        if (rom) {
            config.declare(offset, 4, 0, -region.size() & 0xfffff800L | PciRegs.ROM_ADDRESS_ENABLE);
        } else {
            config.declare(offset, type.is64() ? 8 : 4, type.bits(), -region.size());
        }
    }

    /** Whether it is the second half of this register that an index names. */
    boolean covers(int index) {
        return !rom && (index == number || type.is64() && index == number + 1);
    }

    /** Where it answers now: an address on its bus; -1 where nowhere. */
    long mapped() {
        return mapped;
    }

    /**
     * Where it is to answer, as its register and the command register say. The top of the space, which is what a register holds
     * while it is being sized, counts as not set. 0 is an address as any other (PCI 3.0, 6.2.5.1): it is the first that EDK2 gives
     * in the I/O window.
     */
    private long wanted(ConfigSpace config) {
        int command = config.getInt(PciRegs.COMMAND, 2);
        if ((command & (type.isIo() ? PciRegs.COMMAND_IO : PciRegs.COMMAND_MEMORY)) == 0) {
            return UNMAPPED;
        }
        long register = config.get(offset, type.is64() ? 8 : 4);
        if (rom && (register & PciRegs.ROM_ADDRESS_ENABLE) == 0) {
            return UNMAPPED;
        }
        long address = register & -region.size();
        long last = address + region.size() - 1;
        long top = type.is64() ? -1 : 0xffffffffL;
        if (address < 0 || last == top || last < 0 || address >= space.size()) {
            return UNMAPPED;
        }
        return address;
    }

    /** Maps, moves or unmaps it. */
    void update(ConfigSpace config) {
        long wanted = wanted(config);
        if (wanted != mapped) {
            unmap();
            if (wanted != UNMAPPED) {
                space.add(wanted, region, 1);
                mapped = wanted;
            }
        }
    }

    void unmap() {
        if (mapped != UNMAPPED) {
            space.remove(region);
            mapped = UNMAPPED;
        }
    }
}
