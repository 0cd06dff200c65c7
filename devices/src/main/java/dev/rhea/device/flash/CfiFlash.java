package dev.rhea.device.flash;

import dev.rhea.block.BlockBackend;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parallel NOR flash of the Intel command set: two 16-bit devices side by side on a 32-bit bus, as an Intel StrataFlash P30
 * pair. While it shows its array, reads go straight to memory and the guest can run from it; writes are commands.
 *
 * <p>Programming and erasing take no time. Programming sets a word as it is given, as the reference does: real flash would only
 * clear bits.
 */
public final class CfiFlash implements Device, Registers, Stateful<CfiFlash.State> {
    /** What reads show. */
    public enum Mode {
        ARRAY,
        STATUS,
        IDENTIFIER,
        QUERY
    }

    /** What the next write is part of. */
    public enum Step {
        COMMAND,
        PROGRAM,
        ERASE_CONFIRM,
        LOCK_CONFIRM,
        BUFFER_COUNT,
        BUFFER_DATA,
        BUFFER_CONFIRM
    }

    // Commands, and the status register: Intel StrataFlash P30 data sheet, tables 22 and 27.
    private static final int PROGRAM = 0x40;
    private static final int PROGRAM_OLD = 0x10;
    private static final int ERASE = 0x20;
    private static final int CLEAR_STATUS = 0x50;
    private static final int LOCK_SETUP = 0x60;
    private static final int READ_STATUS = 0x70;
    private static final int READ_IDENTIFIER = 0x90;
    private static final int READ_QUERY = 0x98;
    private static final int BUFFERED_PROGRAM = 0xe8;
    private static final int CONFIRM = 0xd0;
    private static final int READ_ARRAY = 0xff;
    private static final int LOCK = 0x01;
    private static final int LOCK_DOWN = 0x2f;

    private static final int READY = 0x80;
    private static final int ERASE_ERROR = 0x20;
    private static final int PROGRAM_ERROR = 0x10;
    private static final int LOCKED_ERROR = 0x02;

    private static final int MANUFACTURER = 0x89;
    private static final int DEVICE = 0x18;

    /** Bytes of the write buffer of the pair. */
    private static final int BUFFER = 2 << CfiQuery.BUFFER_LOG2;

    /**
     * What the flash remembers, but for its array: that is a block of memory.
     *
     * @param status of both devices: they get the same commands
     * @param bufferStart offset of the first byte that goes into the buffer; -1 before it is known
     * @param bufferLeft how many words are still to come
     * @param bufferFailed whether one of them belonged into another buffer
     * @param buffer the write buffer
     * @param written one bit for each byte of the buffer that was given
     * @param locked a bit for each sector
     */
    @Version(1)
    public record State(
            Mode mode,
            Step step,
            int status,
            long bufferStart,
            int bufferLeft,
            boolean bufferFailed,
            byte[] buffer,
            long[] written,
            long[] locked) {}

    private final RamBlock block;
    private final int sectorSize;
    private final CfiArray array;
    private final CfiQuery query;
    private final Mmio commands;
    private final Container region;

    private Mode mode = Mode.ARRAY;
    private Step step = Step.COMMAND;
    private int status = READY;
    private final WriteBuffer buffer;
    private BitSet locked = new BitSet();

    /**
     * Flash over a block of memory.
     *
     * @param block what is in it; a power of 2 bytes
     * @param sectorSize what is erased at once, of both devices together; a power of 2 from 1 KiB on
     * @param observer is told when the array changes: guests run code from it
     * @param drive where the content comes from and goes to; null for memory only, as it is
     * @throws IOException where the drive cannot be read
     */
    public CfiFlash(RamBlock block, int sectorSize, AddressSpace.WriteObserver observer, @Nullable BlockBackend drive)
            throws IOException {
        long sectors = block.size() / sectorSize;
        if (Integer.bitCount(sectorSize) != 1
                || sectorSize < 1024
                || Long.bitCount(block.size()) != 1
                || sectors < 1
                || sectors > 65536) {
            throw new IllegalArgumentException(
                    block.name() + ": no flash of " + block.size() + " bytes has sectors of " + sectorSize);
        }
        this.block = block;
        this.sectorSize = sectorSize;
        buffer = new WriteBuffer(Math.min(BUFFER, sectorSize));
        array = new CfiArray(block, observer, drive);
        query = new CfiQuery(Long.numberOfTrailingZeros(block.size()) - 1, (int) sectors, sectorSize / 2);
        commands = new Mmio(block.name(), block.size(), new AccessRule(1, 8, 1, 4, false), this);
        commands.setEnabled(false);
        var writes = new Mmio(block.name(), block.size(), new AccessRule(1, 8, 1, 4, false), this);
        region = new Container(block.name(), block.size());
        region.add(0, Ram.readOnly(block, writes));
        region.add(0, commands, 1);
    }

    /** The array, or what the flash says. */
    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "cfi.pflash01";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(
                PropertyValue.of("num-blocks", block.size() / sectorSize),
                PropertyValue.of("sector-length", sectorSize),
                PropertyValue.of("width", 4),
                PropertyValue.of("device-width", 2),
                PropertyValue.of("max-device-width", 2),
                PropertyValue.of("big-endian", false),
                PropertyValue.of("name", block.name()));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    private void show(Mode next) {
        mode = next;
        commands.setEnabled(next != Mode.ARRAY);
    }

    // ---- reading

    @Override
    public long read(long offset, int size) {
        if (mode == Mode.ARRAY) {
            return array.read(offset, size);
        }
        long word = offset >> 2;
        int half = switch (mode) {
            case QUERY -> query.get(word);
            case IDENTIFIER -> identifier(offset);
            default -> status;
        };
        long both = half | (long) half << 16;
        return both >>> 8 * (offset & 3) & -1L >>> 64 - 8 * size;
    }

    private int identifier(long offset) {
        return switch ((int) (offset % sectorSize >> 2)) {
            case 0 -> MANUFACTURER;
            case 1 -> DEVICE;
            case 2 -> locked.get(sector(offset)) ? 1 : 0;
            default -> 0;
        };
    }

    private int sector(long offset) {
        return (int) (offset / sectorSize);
    }

    // ---- commands

    @Override
    public void write(long offset, long value, int size) {
        int command = (int) value & 0xff;
        switch (step) {
            case COMMAND -> command(offset, command);
            case PROGRAM -> {
                if (mayChange(offset, PROGRAM_ERROR)) {
                    array.program(offset, value, size);
                }
                step = Step.COMMAND;
            }
            case ERASE_CONFIRM -> {
                if (command != CONFIRM) {
                    status |= ERASE_ERROR | PROGRAM_ERROR;
                } else if (mayChange(offset, ERASE_ERROR)) {
                    array.erase(offset & -sectorSize, sectorSize);
                }
                end(command);
            }
            case LOCK_CONFIRM -> {
                switch (command) {
                    case LOCK, LOCK_DOWN -> locked.set(sector(offset));
                    case CONFIRM -> locked.clear(sector(offset));
                    default -> status |= ERASE_ERROR | PROGRAM_ERROR;
                }
                end(command);
            }
            case BUFFER_COUNT -> bufferCount((int) value & 0xffff, size);
            case BUFFER_DATA -> {
                if (buffer.add(offset, value, size)) {
                    step = Step.BUFFER_CONFIRM;
                }
            }
            case BUFFER_CONFIRM -> {
                if (command == CONFIRM) {
                    writeBuffer();
                } else {
                    status |= ERASE_ERROR | PROGRAM_ERROR;
                }
                end(command);
            }
        }
    }

    /** A command is over; the one that shows the array also does so where it breaks another off. */
    private void end(int command) {
        step = Step.COMMAND;
        if (command == READ_ARRAY) {
            show(Mode.ARRAY);
        }
    }

    private void command(long offset, int command) {
        switch (command) {
            case PROGRAM, PROGRAM_OLD -> begin(Step.PROGRAM);
            case ERASE -> begin(Step.ERASE_CONFIRM);
            case LOCK_SETUP -> begin(Step.LOCK_CONFIRM);
            case BUFFERED_PROGRAM -> {
                buffer.clear();
                begin(Step.BUFFER_COUNT);
            }
            case CLEAR_STATUS -> status = READY;
            case READ_STATUS -> show(Mode.STATUS);
            case READ_IDENTIFIER -> show(Mode.IDENTIFIER);
            case READ_QUERY -> show(Mode.QUERY);
            // Array, or nothing that this flash knows.
            default -> show(Mode.ARRAY);
        }
    }

    private void begin(Step next) {
        show(Mode.STATUS);
        step = next;
    }

    /** Whether a sector may change; notes in the status if not. */
    private boolean mayChange(long offset, int error) {
        if (array.isReadOnly() || locked.get(sector(offset))) {
            status |= LOCKED_ERROR | error;
            return false;
        }
        return true;
    }

    // ---- buffered programming

    /** @param less1 how many words of the bus come, less 1 */
    private void bufferCount(int less1, int size) {
        if (buffer.expect(less1 + 1, size)) {
            step = Step.BUFFER_DATA;
        } else {
            status |= ERASE_ERROR | PROGRAM_ERROR;
            step = Step.COMMAND;
        }
    }

    private void writeBuffer() {
        if (buffer.isFailed()) {
            status |= PROGRAM_ERROR;
        } else if (mayChange(buffer.start(), PROGRAM_ERROR)) {
            buffer.forEach(array::program);
        }
    }

    // ---- reset and state

    /** The array is not volatile. */
    @Override
    public void reset() {
        step = Step.COMMAND;
        status = READY;
        buffer.clear();
        locked.clear();
        show(Mode.ARRAY);
    }

    /** Returns when all that was programmed is on the drive. */
    @Override
    public void close() {
        array.close();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                mode,
                step,
                status,
                buffer.start(),
                buffer.left(),
                buffer.isFailed(),
                buffer.content(),
                buffer.written(),
                locked.toLongArray());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        BitSet newLocked = BitSet.valueOf(state.locked);
        if (!buffer.accepts(state, block.size()) || newLocked.length() > block.size() / sectorSize) {
            throw new BadStateException(block.name() + ": a write buffer or sectors that this flash does not have");
        }
        if ((state.status & ~(READY | ERASE_ERROR | PROGRAM_ERROR | LOCKED_ERROR)) != 0) {
            throw new BadStateException(block.name() + ": status bits that do not exist");
        }
        step = state.step;
        status = state.status;
        buffer.load(state);
        locked = newLocked;
        show(state.mode);
    }
}
