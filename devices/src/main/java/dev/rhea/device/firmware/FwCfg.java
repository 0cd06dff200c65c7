package dev.rhea.device.firmware;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The firmware configuration device, memory-mapped: QEMU Firmware Configuration (fw_cfg) Device, docs/specs/fw_cfg. A guest
 * selects an item and reads it byte by byte, or has it copied by DMA.
 */
public final class FwCfg implements Device, Stateful<FwCfg.State> {
    /** The property that says whether guests can have items copied by DMA. */
    public static final String DMA_ENABLED = "dma_enabled";

    /** What {@code -global fw_cfg_mem.} can change. */
    public static final List<Property> PROPERTIES = List.of(
            Property.of("data_width", PropertyKind.UINT32, "8", ""),
            Property.of(DMA_ENABLED, PropertyKind.BOOL, "true", ""));

    /** Bytes of the memory-mapped register space. */
    public static final long SIZE = 0x18;

    private static final long DATA = 0;
    private static final long SELECTOR = 8;
    private static final long DMA = 16;

    /** What the DMA register shows: "QEMU CFG". */
    private static final long DMA_SIGNATURE = 0x51454d5520434647L;

    /** Bit of a number that once allowed writing; it selects the same item. */
    private static final int WRITE_CHANNEL = 0x4000;

    private static final int CONTROL_ERROR = 1;
    private static final int CONTROL_READ = 1 << 1;
    private static final int CONTROL_SKIP = 1 << 2;
    private static final int CONTROL_SELECT = 1 << 3;
    private static final int CONTROL_WRITE = 1 << 4;

    /** How much is copied at once. */
    private static final int PIECE = 64 << 10;

    /**
     * What the device remembers.
     *
     * @param number of the item that is selected
     * @param position the next byte in it; beyond its end everything reads as 0
     * @param dmaHigh the high half of the next request's address
     */
    @Version(1)
    public record State(int number, long position, int dmaHigh) {}

    private final FwCfgItems items;
    private final AddressSpace memory;
    private final boolean hasDma;
    private final Region data;
    private final Region selector;
    private final Region dma;
    private int number;
    private FwCfgItems.@Nullable Item item;
    private long position;
    private int dmaHigh;

    /** @param memory where DMA goes */
    public FwCfg(FwCfgItems items, AddressSpace memory) {
        this(items, memory, true);
    }

    /**
     * @param memory where DMA goes
     * @param hasDma whether there is DMA at all: {@code dma_enabled}
     */
    public FwCfg(FwCfgItems items, AddressSpace memory, boolean hasDma) {
        this.items = items;
        this.memory = memory;
        this.hasDma = hasDma;
        items.setDma(hasDma);
        data = new Mmio("fwcfg.data", 8, new AccessRule(1, 8, 1, 8, false), new Data());
        selector = new Mmio("fwcfg.ctl", 2, new AccessRule(1, 2, 1, 2, false), new Selector());
        dma = new Mmio("fwcfg.dma", 8, new AccessRule(1, 8, 1, 8, false), new Dma());
        select(0);
    }

    /** All registers, where a memory-mapped device has them. Once: a region is in one place only. */
    public Region region() {
        Container all = new Container("fwcfg", SIZE);
        all.add(DATA, data);
        all.add(SELECTOR, selector);
        if (hasDma) {
            all.add(DMA, dma);
        }
        return all;
    }

    /** What the machine tells. */
    public FwCfgItems items() {
        return items;
    }

    @Override
    public String type() {
        return "fw_cfg_mem";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("data_width", 8), PropertyValue.of("dma_enabled", hasDma));
    }

    @Override
    public List<Region> regions() {
        return hasDma ? List.of(selector, data, dma) : List.of(selector, data);
    }

    private void select(int to) {
        number = to & ~WRITE_CHANNEL & 0xffff;
        position = 0;
        item = items.find(number);
        if (item != null) {
            item.selected().run();
        }
    }

    private int next() {
        FwCfgItems.Item from = item;
        return from != null && position < from.data().length ? from.data()[(int) position++] & 0xff : 0;
    }

    /** The first byte goes to the lowest address: accesses of any size read a string, not a number. */
    private final class Data implements Registers {
        @Override
        public long read(long offset, int size) {
            long result = 0;
            for (int i = 0; i < size; i++) {
                result |= (long) next() << 8 * i;
            }
            return result;
        }

        /** Writing goes by DMA alone. */
        @Override
        public void write(long offset, long value, int size) {}
    }

    /** Big-endian; only as a whole. */
    private final class Selector implements Registers {
        @Override
        public long read(long offset, int size) {
            return 0;
        }

        @Override
        public void write(long offset, long value, int size) {
            if (size == 2) {
                select(Short.reverseBytes((short) value));
            }
        }
    }

    /** Big-endian; the write of the low half starts. */
    private final class Dma implements Registers {
        @Override
        public long read(long offset, int size) {
            return Long.reverseBytes(DMA_SIGNATURE) >>> 8 * offset & -1L >>> 64 - 8 * size;
        }

        @Override
        public void write(long offset, long value, int size) {
            if (size == 8) {
                transfer(Long.reverseBytes(value));
            } else if (size == 4 && offset == 0) {
                dmaHigh = Integer.reverseBytes((int) value);
            } else if (size == 4) {
                transfer((long) dmaHigh << 32 | Integer.reverseBytes((int) value) & 0xffffffffL);
            }
        }
    }

    // ---- DMA

    /** @param request where control (32 bits), length (32) and address (64) are, big-endian */
    private void transfer(long request) {
        dmaHigh = 0;
        try {
            int control = Integer.reverseBytes((int) memory.read(request, 4));
            long length = Integer.reverseBytes((int) memory.read(request + 4, 4)) & 0xffffffffL;
            long address = Long.reverseBytes(memory.read(request + 8, 8));
            if ((control & CONTROL_SELECT) != 0) {
                select(control >>> 16);
            }
            int result = 0;
            try {
                // The document gives reading precedence over writing, and both over skipping.
                boolean done = (control & CONTROL_READ) != 0
                        ? copyOut(address, length)
                        : (control & CONTROL_WRITE) != 0
                                ? copyIn(address, length)
                                : (control & CONTROL_SKIP) == 0 || skip(length);
                result = done ? 0 : CONTROL_ERROR;
            } catch (BusError e) {
                result = CONTROL_ERROR;
            }
            memory.write(request, Integer.reverseBytes(result) & 0xffffffffL, 4);
        } catch (BusError e) {
            // There is no request, so nowhere to say so.
        }
    }

    private boolean copyOut(long address, long length) throws BusError {
        FwCfgItems.Item from = item;
        byte[] piece = new byte[(int) Math.min(length, PIECE)];
        for (long left = length; left > 0; ) {
            int now = (int) Math.min(left, piece.length);
            int there = from == null ? 0 : (int) Math.clamp(from.data().length - position, 0, now);
            if (there > 0 && from != null) {
                System.arraycopy(from.data(), (int) position, piece, 0, there);
                position += there;
            }
            Arrays.fill(piece, there, now, (byte) 0);
            memory.write(address, piece, 0, now);
            address += now;
            left -= now;
        }
        return true;
    }

    private boolean copyIn(long address, long length) throws BusError {
        FwCfgItems.Item to = item;
        if (to == null || !to.writable() || length > to.data().length - position) {
            return false;
        }
        // All or nothing: a part of what lies in no memory is not to be seen.
        byte[] content = new byte[(int) length];
        memory.read(address, content, 0, content.length);
        System.arraycopy(content, 0, to.data(), (int) position, content.length);
        position += length;
        to.written().run();
        return true;
    }

    private boolean skip(long length) {
        FwCfgItems.Item in = item;
        position = in == null ? 0 : Math.min(position + length, in.data().length);
        return true;
    }

    // ---- reset and state

    @Override
    public void reset() {
        select(0);
        dmaHigh = 0;
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(number, position, dmaHigh);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (state.number < 0 || state.number > 0xffff || (state.number & WRITE_CHANNEL) != 0 || state.position < 0) {
            throw new BadStateException(
                    "fw_cfg: item " + state.number + " at " + state.position + " cannot be selected");
        }
        number = state.number;
        item = items.find(number);
        position = state.position;
        dmaHigh = state.dmaHigh;
    }
}
