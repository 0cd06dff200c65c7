package dev.rhea.device.flash;

import dev.rhea.block.BlockBackend;
import dev.rhea.device.spi.SpiChip;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Serial NOR flash like ISSI's IS25WP256D: its data sheet, chapters 6 and 8. 32 MiB in pages of 256 bytes; programming and erasing
 * take no time. It has neither QPI nor double transfer rate, and no information rows.
 */
public final class SpiNorFlash implements SpiChip, Device, Stateful<SpiNorFlash.State> {
    /** Bytes that it holds. */
    public static final long SIZE = 32 << 20;

    private static final int PAGE = 256;
    private static final int BLOCK = 64 << 10;
    private static final int NOTHING = 0xff;
    /** Manufacturer, type, capacity. */
    private static final int[] JEDEC_ID = {0x9d, 0x70, 0x19};

    private static final int DEVICE_ID = 0x18;

    // Status register: table 6.2.
    private static final int WRITE_ENABLED = 1 << 1;
    private static final int STATUS_WRITABLE = 0xfc;
    /** Bits of the function register, which are programmed once. */
    private static final int FUNCTION_WRITABLE = 0xf2;
    // Bank address register.
    private static final int BANK_4_BYTE = 1 << 7;
    private static final int BANK_24 = 1;
    /** Read parameters after reset: full drive strength, no wrap, default dummy cycles. */
    private static final int PARAMETERS = 0xe0;

    /** Where an instruction is. */
    public enum Phase {
        OPCODE,
        ADDRESS,
        DUMMY,
        DATA,
        /** Nothing more is of interest until the flash is selected again. */
        IGNORE
    }

    /**
     * What the flash remembers, but for its cells: those are a block of memory.
     *
     * @param left bytes until the phase is over
     * @param address that came so far, or where the next byte is read
     * @param count bytes of data that came or went
     * @param page what is to be programmed, and the last byte that was written to a register
     * @param blank sectors that are erased, whatever memory says
     */
    @Version(1)
    public record State(
            Phase phase,
            int opcode,
            int left,
            long address,
            int count,
            byte[] page,
            int status,
            int function,
            int bank,
            int parameters,
            boolean poweredDown,
            boolean resetEnabled,
            long[] blank) {}

    private final NorArray array;
    private final NorParameters discoverable = new NorParameters(SIZE);
    private Phase phase = Phase.OPCODE;
    private int opcode;
    private @Nullable NorCommand command;
    private int left;
    private long address;
    private int count;
    private final byte[] page = new byte[PAGE];
    private int status;
    private int function;
    private int bank;
    private int parameters = PARAMETERS;
    private boolean poweredDown;
    private boolean resetEnabled;

    /**
     * A chip.
     *
     * @param block its cells, {@link #SIZE} bytes of zeros
     * @param drive what is in it, and keeps what is programmed unless it is read-only; null for an erased chip
     * @throws BadDeviceException where the drive holds too little or cannot be read
     */
    public SpiNorFlash(RamBlock block, @Nullable BlockBackend drive) throws BadDeviceException {
        if (block.size() != SIZE) {
            throw new IllegalArgumentException("flash of " + SIZE + " bytes in " + block.size());
        }
        if (drive != null && drive.size() < SIZE) {
            throw new BadDeviceException("failed to read the initial flash content");
        }
        try {
            array = new NorArray(block, drive);
        } catch (IOException e) {
            throw new BadDeviceException("failed to read the initial flash content: " + e.getMessage());
        }
    }

    @Override
    public String type() {
        return "is25wp256";
    }

    // ---- the bus

    @Override
    public void select(boolean active) {
        NorCommand done = command;
        if (!active && done != null && phase == Phase.DATA) {
            finish(done);
        }
        begin();
    }

    private void begin() {
        phase = Phase.OPCODE;
        command = null;
        opcode = 0;
        left = 0;
        address = 0;
        count = 0;
        Arrays.fill(page, (byte) NOTHING);
    }

    @Override
    public int exchange(int out) {
        switch (phase) {
            case OPCODE -> decode(out);
            case ADDRESS -> {
                address = address << 8 | out;
                left--;
                advance();
            }
            case DUMMY -> {
                left--;
                advance();
            }
            case DATA -> {
                NorCommand now = command;
                return now == null ? NOTHING : data(now, out);
            }
            case IGNORE -> {}
        }
        return NOTHING;
    }

    private void decode(int out) {
        opcode = out;
        NorCommand found = NorCommand.of(out);
        if (found == null || poweredDown && found.kind() != NorCommand.Kind.RELEASE_POWER_DOWN) {
            phase = Phase.IGNORE;
            return;
        }
        command = found;
        phase = Phase.ADDRESS;
        left = addressBytes(found);
        advance();
    }

    private int addressBytes(NorCommand of) {
        return of.addressBytes() == NorCommand.CURRENT ? (bank & BANK_4_BYTE) != 0 ? 4 : 3 : of.addressBytes();
    }

    /** Goes on when a phase is over. */
    private void advance() {
        NorCommand now = command;
        if (now == null || left > 0) {
            return;
        }
        if (phase == Phase.ADDRESS) {
            boolean banked = now.addressBytes() == NorCommand.CURRENT && addressBytes(now) == 3;
            address = (address | (banked ? (long) (bank & BANK_24) << 24 : 0)) & SIZE - 1;
            phase = Phase.DUMMY;
            left = now.dummyBytes();
        }
        if (left == 0) {
            phase = Phase.DATA;
        }
    }

    private int data(NorCommand now, int out) {
        int at = count;
        count = Math.min(count + 1, Integer.MAX_VALUE - 1);
        switch (now.kind()) {
            case READ -> {
                int value = array.read(address);
                address = address + 1 & SIZE - 1;
                return value;
            }
            case READ_SFDP -> {
                return discoverable.get((int) address++ & 0xffffff);
            }
            case READ_STATUS -> {
                return status;
            }
            case READ_FUNCTION -> {
                return function;
            }
            case READ_BANK -> {
                return bank;
            }
            case READ_PARAMETERS -> {
                return parameters;
            }
            case READ_JEDEC_ID -> {
                return JEDEC_ID[at % JEDEC_ID.length];
            }
            case READ_DEVICE_ID -> {
                return (at + address & 1) == 0 ? JEDEC_ID[0] : DEVICE_ID;
            }
            case RELEASE_POWER_DOWN -> {
                return DEVICE_ID;
            }
            case PROGRAM -> {
                // More than a page's rest goes on at the page's start.
                page[(int) (address + at) & PAGE - 1] = (byte) out;
            }
            case WRITE_STATUS, WRITE_FUNCTION, WRITE_BANK, WRITE_PARAMETERS -> page[0] = (byte) out;
            default -> {}
        }
        return NOTHING;
    }

    // ---- what happens when it is deselected

    private void finish(NorCommand done) {
        boolean enabled = (status & WRITE_ENABLED) != 0;
        int written = page[0] & 0xff;
        boolean wasResetEnabled = resetEnabled;
        resetEnabled = false;
        switch (done.kind()) {
            case WRITE_ENABLE -> status |= WRITE_ENABLED;
            case WRITE_DISABLE -> status &= ~WRITE_ENABLED;
            case ENTER_4_BYTE -> bank |= BANK_4_BYTE;
            case EXIT_4_BYTE -> bank &= ~BANK_4_BYTE;
            case RELEASE_POWER_DOWN -> poweredDown = false;
            case POWER_DOWN -> poweredDown = true;
            case RESET_ENABLE -> resetEnabled = true;
            case RESET -> {
                if (wasResetEnabled) {
                    resetRegisters();
                }
            }
            case WRITE_BANK -> {
                if (count > 0) {
                    bank = written & (BANK_4_BYTE | BANK_24);
                }
            }
            case WRITE_PARAMETERS -> {
                if (count > 0) {
                    parameters = written;
                }
            }
            case PROGRAM, ERASE_SECTOR, ERASE_BLOCK_32K, ERASE_BLOCK_64K, ERASE_CHIP, WRITE_STATUS, WRITE_FUNCTION -> {
                if (enabled) {
                    change(done.kind(), written);
                    status &= ~WRITE_ENABLED;
                }
            }
            default -> {}
        }
    }

    private void change(NorCommand.Kind kind, int written) {
        switch (kind) {
            case PROGRAM -> {
                if (count > 0 && !NorProtection.covers(status, function, address & -PAGE, PAGE)) {
                    array.program(address & -PAGE, page, 0, PAGE);
                }
            }
            case ERASE_SECTOR -> erase(NorArray.SECTOR);
            case ERASE_BLOCK_32K -> erase(32 << 10);
            case ERASE_BLOCK_64K -> erase(BLOCK);
            case ERASE_CHIP -> {
                address = 0;
                erase((int) SIZE);
            }
            case WRITE_STATUS -> {
                if (count > 0) {
                    status = status & ~STATUS_WRITABLE | written & STATUS_WRITABLE;
                }
            }
            case WRITE_FUNCTION -> {
                if (count > 0) {
                    function |= written & FUNCTION_WRITABLE;
                }
            }
            default -> throw new IllegalStateException(kind + " changes nothing");
        }
    }

    private void erase(int size) {
        long start = address & -size;
        if (!NorProtection.covers(status, function, start, size)) {
            array.erase(start, size);
        }
    }

    // ---- life

    /** Volatile registers. Protection, quad enable and the function register stay. */
    private void resetRegisters() {
        status &= ~WRITE_ENABLED;
        bank = 0;
        parameters = PARAMETERS;
        poweredDown = false;
        resetEnabled = false;
    }

    /** As power-on does: what it holds stays. */
    @Override
    public void reset() {
        begin();
        resetRegisters();
    }

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
                phase,
                opcode,
                left,
                address,
                count,
                page.clone(),
                status,
                function,
                bank,
                parameters,
                poweredDown,
                resetEnabled,
                array.saveBlank());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        boolean inInstruction = state.phase != Phase.OPCODE && state.phase != Phase.IGNORE;
        NorCommand now = inInstruction ? NorCommand.of(state.opcode) : null;
        boolean counting = state.phase == Phase.ADDRESS || state.phase == Phase.DUMMY;
        if (inInstruction && now == null
                || counting != (state.left > 0)
                || state.left < 0
                || state.left > 4
                || state.address < 0
                || state.address >= 1L << 32
                || state.phase != Phase.ADDRESS && state.address >= SIZE
                || state.count < 0
                || state.page.length != PAGE
                || (state.status & ~(STATUS_WRITABLE | WRITE_ENABLED)) != 0
                || (state.function & ~FUNCTION_WRITABLE) != 0
                || (state.bank & ~(BANK_4_BYTE | BANK_24)) != 0
                || (state.parameters & ~0xff) != 0
                || !array.accepts(state.blank)) {
            throw new BadStateException(type() + ": no flash can be in such a state");
        }
        phase = state.phase;
        opcode = state.opcode;
        command = now;
        left = state.left;
        address = state.address;
        count = state.count;
        System.arraycopy(state.page, 0, page, 0, PAGE);
        status = state.status;
        function = state.function;
        bank = state.bank;
        parameters = state.parameters;
        poweredDown = state.poweredDown;
        resetEnabled = state.resetEnabled;
        array.loadBlank(state.blank);
    }
}
