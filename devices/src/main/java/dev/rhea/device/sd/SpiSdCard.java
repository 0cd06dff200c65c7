package dev.rhea.device.sd;

import static dev.rhea.device.sd.SdCommand.*;

import dev.rhea.block.BlockBackend;
import dev.rhea.device.spi.SpiChip;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An SD memory card in SPI mode: SD Physical Layer Simplified Specification 2.00, chapter 7. It reads and writes its drive
 * without the machine lock; meanwhile it keeps the host waiting, as cards do.
 */
public final class SpiSdCard implements SpiChip, Device, Stateful<CardState> {
    static final int COMMAND_LENGTH = 6;
    private static final int NOTHING = 0xff;

    private final SdRegisters registers;
    private final CardStore store;
    private final CardOutput output = new CardOutput();
    private final BlockTransfers transfers;
    private final byte[] command = new byte[COMMAND_LENGTH];
    private int collected;
    private boolean initialized;
    private boolean application;
    private boolean checked;
    private boolean highSpeed;

    /**
     * A card.
     *
     * @param drive what it stores; not closed by it
     * @param writeThrough whether writes are to be safe when the card says that they are done
     * @param storage does what blocks, in its order; the caller closes it before the card
     * @param lock the machine lock
     * @throws BadDeviceException if no card has that size
     */
    public SpiSdCard(BlockBackend drive, boolean writeThrough, Executor storage, ReentrantLock lock)
            throws BadDeviceException {
        CardSize.check(drive.size());
        registers = new SdRegisters(drive.size(), drive.isReadOnly());
        store = new CardStore(drive, writeThrough, storage, lock);
        transfers = new BlockTransfers(registers, store, output);
    }

    @Override
    public String type() {
        return "sd-card-spi";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("spec_version", 2), PropertyValue.of("spi", true));
    }

    // ---- the bus

    @Override
    public void select(boolean active) {
        if (!active) {
            collected = 0;
        }
    }

    @Override
    public int exchange(int out) {
        int in = next();
        take(out);
        return in;
    }

    /** What it sends; decided before it sees what comes at the same time. */
    private int next() {
        if (output.isEmpty()) {
            transfers.drained();
        }
        if (!output.isEmpty()) {
            return output.next();
        }
        return transfers.isBusy() ? 0 : NOTHING;
    }

    private void take(int out) {
        if (collected == 0 && transfers.take(out, checked)) {
            return;
        }
        if (collected > 0 || (out & 0xc0) == 0x40) {
            command[collected++] = (byte) out;
            if (collected == COMMAND_LENGTH) {
                collected = 0;
                execute();
            }
        }
    }

    // ---- commands

    private void execute() {
        int index = command[0] & 0x3f;
        int argument = 0;
        for (int i = 1; i <= 4; i++) {
            argument = argument << 8 | command[i] & 0xff;
        }
        boolean busy = transfers.isBusy();
        boolean mustCheck = checked || index == GO_IDLE_STATE || index == SEND_IF_COND;
        if (mustCheck && (command[5] & 0xff) != (SdChecksum.crc7(command, 5) << 1 | 1)) {
            respond(CRC_ERROR);
        } else if (busy && index != GO_IDLE_STATE && index != SEND_STATUS) {
            respond(ILLEGAL_COMMAND);
        } else {
            if (!busy || index == GO_IDLE_STATE) {
                transfers.giveUp();
            }
            boolean ofApplication = application;
            application = false;
            int reset = 0;
            if (!busy && !belongsToErase(index) && !ofApplication && transfers.abandonErase()) {
                reset = ERASE_RESET;
            }
            if (!initialized && !worksInIdleState(index, ofApplication)) {
                respond(ILLEGAL_COMMAND | reset);
            } else if (!ofApplication || !executeApplication(index, argument)) {
                execute(index, argument, reset);
            }
        }
    }

    private void respond(int flags, int... more) {
        int[] bytes = new int[2 + more.length];
        bytes[0] = NOTHING;
        bytes[1] = flags | (initialized ? 0 : IDLE);
        System.arraycopy(more, 0, bytes, 2, more.length);
        output.send(bytes);
    }

    private void respondWith(byte[] data, int... more) {
        respond(0, more);
        output.append(NOTHING);
        output.appendBlock(data, 0, data.length);
    }

    private void respondWord(int flags, int word) {
        respond(flags, word >>> 24, word >>> 16 & 255, word >>> 8 & 255, word & 255);
    }

    private void execute(int index, int argument, int flags) {
        switch (index) {
            case GO_IDLE_STATE -> {
                resetCard();
                respond(0);
            }
            case SEND_OP_COND -> initialize(argument);
            case SWITCH_FUNC -> {
                byte[] status = registers.functions(argument, highSpeed);
                if (argument < 0 && (status[16] & 15) != 15) { // mode 1: set function
                    highSpeed = (status[16] & 15) == 1;
                }
                respondWith(status);
            }
            // Voltages from 2.7 to 3.6 V, and the check pattern.
            case SEND_IF_COND -> respondWord(flags, argument >> 8 == 1 ? argument & 0xfff : argument & 0xff);
            case SEND_CSD -> respondWith(registers.csd(highSpeed));
            case SEND_CID -> respondWith(registers.cid());
            case STOP_TRANSMISSION -> {
                output.send(NOTHING, NOTHING, flags); // a stuff byte before the response
            }
            case SEND_STATUS -> {
                respond(flags, transfers.takeErrors());
            }
            case SET_BLOCKLEN -> respond(transfers.setBlockLength(argument) | flags);
            case READ_SINGLE_BLOCK, READ_MULTIPLE_BLOCK -> {
                int wrong = transfers.beginRead(argument, index == READ_MULTIPLE_BLOCK);
                respond(wrong | flags);
                if (wrong == 0) {
                    transfers.read();
                }
            }
            case WRITE_BLOCK, WRITE_MULTIPLE_BLOCK ->
                respond(transfers.beginWrite(argument, index == WRITE_MULTIPLE_BLOCK) | flags);
            case ERASE_WR_BLK_START_ADDR, ERASE_WR_BLK_END_ADDR ->
                respond(transfers.eraseFrom(argument, index == ERASE_WR_BLK_START_ADDR));
            case ERASE -> respond(transfers.erase());
            case APP_CMD -> {
                application = true;
                respond(flags);
            }
            case READ_OCR -> respondWord(flags, registers.ocr(initialized));
            case CRC_ON_OFF -> {
                checked = (argument & 1) != 0;
                respond(flags);
            }
            default -> respond(ILLEGAL_COMMAND | flags);
        }
    }

    /** @return whether it is an application's command; others are the common ones */
    private boolean executeApplication(int index, int argument) {
        switch (index) {
            case SD_STATUS -> respondWith(registers.status(), 0);
            case SEND_NUM_WR_BLOCKS ->
                respondWith(ByteBuffer.allocate(4).putInt(transfers.written()).array());
            case SET_WR_BLK_ERASE_COUNT, SET_CLR_CARD_DETECT -> respond(0);
            case SD_SEND_OP_COND -> initialize(argument);
            case SEND_SCR -> respondWith(registers.scr());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A host that does not know high capacity waits for such a card in vain. */
    private void initialize(int argument) {
        if (!registers.highCapacity() || (argument >> 30 & 1) != 0) {
            initialized = true;
        }
        respond(0);
    }

    // ---- life

    private void resetCard() {
        initialized = false;
        application = false;
        checked = false;
        highSpeed = false;
        transfers.reset();
    }

    @Override
    public void reset() {
        resetCard();
        collected = 0;
        Arrays.fill(command, (byte) 0);
        output.clear();
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public Class<CardState> stateType() {
        return CardState.class;
    }

    @Override
    public CardState saveState() {
        return new CardState(
                initialized,
                application,
                checked,
                highSpeed,
                Arrays.copyOf(command, collected),
                output.save(),
                transfers.save());
    }

    @Override
    public void loadState(CardState state) throws BadStateException {
        state.check(registers);
        initialized = state.initialized();
        application = state.application();
        checked = state.checked();
        highSpeed = state.highSpeed();
        collected = state.command().length;
        System.arraycopy(state.command(), 0, command, 0, collected);
        output.load(state.output());
        transfers.load(state.transfer());
    }
}
