package dev.rhea.device.sd;

import static dev.rhea.device.sd.SdCommand.*;

import dev.rhea.device.sd.CardState.Phase;
import java.util.Arrays;

/**
 * The data side of a card: blocks that are read, written and erased, one at a time. Methods that begin something give the flags
 * of R1 that say why they did not.
 */
final class BlockTransfers {
    private static final int BLOCK = SdRegisters.BLOCK;
    private static final int NOTHING = 0xff;

    private final SdRegisters registers;
    private final CardStore store;
    private final CardOutput output;
    private final EraseRange erase = new EraseRange();
    private final byte[] incoming = new byte[BLOCK + 2];
    private int received;
    private Phase phase = Phase.READY;
    private boolean multiple;
    private long position;
    private int blockLength = BLOCK;
    private int errors;
    private int written;
    /** Counts what the drive was asked: answers to what was given up are not taken. */
    private long request;

    BlockTransfers(SdRegisters registers, CardStore store, CardOutput output) {
        this.registers = registers;
        this.store = store;
        this.output = output;
    }

    Phase phase() {
        return phase;
    }

    /** Whether the host has to wait for a write or an erasure. */
    boolean isBusy() {
        return phase == Phase.WRITING || phase == Phase.ERASING;
    }

    /** The second byte of R2; asking clears it. */
    int takeErrors() {
        int result = errors;
        errors = 0;
        return result;
    }

    /** How many blocks of the last multiple write are in place. */
    int written() {
        return written;
    }

    /** Ends a transfer. What the drive has begun it finishes. */
    void giveUp() {
        request++;
        phase = Phase.READY;
    }

    /** A byte comes while a block is expected. @return whether it is part of that */
    boolean take(int out, boolean checked) {
        if (phase == Phase.RECEIVING) {
            incoming[received++] = (byte) out;
            if (received == incoming.length) {
                finishBlock(checked);
            }
            return true;
        }
        if (phase != Phase.AWAITING_BLOCK) {
            return false;
        }
        if (out == (multiple ? START_MULTIPLE : START_BLOCK)) {
            phase = Phase.RECEIVING;
            received = 0;
            return true;
        }
        if (out == STOP_TRAN && multiple) {
            phase = Phase.READY;
            output.send(NOTHING);
            return true;
        }
        return false;
    }

    /** All that was to be sent is sent. */
    void drained() {
        if (phase == Phase.SENDING) {
            if (multiple) {
                position += blockLength;
                read();
            } else {
                phase = Phase.READY;
            }
        }
    }

    // ---- addresses

    private long bytes(int address) {
        long unsigned = address & 0xffffffffL;
        return registers.highCapacity() ? unsigned * BLOCK : unsigned;
    }

    private boolean isInside(long at) {
        return at < registers.size();
    }

    /** CMD16. */
    int setBlockLength(int length) {
        if (registers.highCapacity()) {
            return 0; // always 512 there
        }
        if (length <= 0 || length > BLOCK) {
            return PARAMETER_ERROR;
        }
        blockLength = length;
        return 0;
    }

    // ---- reading

    /** CMD17 and CMD18; {@link #read} is to follow where nothing is wrong. */
    int beginRead(int address, boolean many) {
        long at = bytes(address);
        if (at % BLOCK + blockLength > BLOCK) {
            return ADDRESS_ERROR;
        }
        if (!isInside(at)) {
            return PARAMETER_ERROR;
        }
        position = at;
        multiple = many;
        return 0;
    }

    /** Sends the block behind what is being sent. */
    void read() {
        // Later blocks of a multiple read; of parts of blocks some may not be whole.
        if (!isInside(position) || position % BLOCK + blockLength > BLOCK) {
            errors |= OUT_OF_RANGE;
            phase = Phase.READY;
            output.append(ERROR_TOKEN_RANGE);
            return;
        }
        phase = Phase.READING;
        byte[] block = new byte[BLOCK];
        long mine = ++request;
        store.read(position & -BLOCK, block, success -> {
            if (mine != request) {
                return;
            }
            output.append(NOTHING);
            if (success) {
                phase = Phase.SENDING;
                output.appendBlock(block, (int) (position % BLOCK), blockLength);
            } else {
                errors |= ERROR;
                phase = Phase.READY;
                output.append(ERROR_TOKEN_ECC);
            }
        });
    }

    // ---- writing

    /** CMD24 and CMD25. */
    int beginWrite(int address, boolean many) {
        long at = bytes(address);
        if (at % BLOCK != 0 || blockLength != BLOCK) {
            return ADDRESS_ERROR;
        }
        if (!isInside(at)) {
            return PARAMETER_ERROR;
        }
        position = at;
        multiple = many;
        written = 0;
        phase = Phase.AWAITING_BLOCK;
        return 0;
    }

    private void finishBlock(boolean checked) {
        int crc = (incoming[BLOCK] & 0xff) << 8 | incoming[BLOCK + 1] & 0xff;
        phase = multiple ? Phase.AWAITING_BLOCK : Phase.READY;
        if (checked && crc != SdChecksum.crc16(incoming, 0, BLOCK)) {
            output.send(DATA_CRC_ERROR);
        } else if (registers.readOnly()) {
            errors |= WRITE_PROTECT_VIOLATION;
            output.send(DATA_WRITE_ERROR);
        } else if (!isInside(position)) {
            errors |= OUT_OF_RANGE;
            output.send(DATA_WRITE_ERROR);
        } else {
            output.send(DATA_ACCEPTED);
            write();
        }
    }

    private void write() {
        phase = Phase.WRITING;
        long mine = ++request;
        store.write(position, Arrays.copyOf(incoming, BLOCK), success -> {
            if (mine != request) {
                return;
            }
            phase = multiple ? Phase.AWAITING_BLOCK : Phase.READY;
            position += BLOCK;
            if (success) {
                written++;
            } else {
                errors |= ERROR;
            }
        });
    }

    // ---- erasing

    /** An erase sequence ends without having erased anything. @return whether there was one */
    boolean abandonErase() {
        boolean begun = erase.isBegun();
        erase.clear();
        return begun;
    }

    /** CMD32 and CMD33. */
    int eraseFrom(int address, boolean first) {
        long at = bytes(address) & -BLOCK;
        if (!isInside(at)) {
            return PARAMETER_ERROR;
        }
        if (first) {
            erase.begin(at);
            return 0;
        }
        return erase.finish(at) ? 0 : ERASE_SEQUENCE_ERROR;
    }

    /** CMD38; what it begins keeps the card busy behind the response. */
    int erase() {
        if (!erase.isComplete()) {
            errors |= ERASE_PARAMETER;
            erase.clear();
            return ERASE_SEQUENCE_ERROR;
        }
        if (registers.readOnly()) {
            errors |= WRITE_PROTECT_VIOLATION;
            erase.clear();
            return 0;
        }
        eraseBlocks();
        return 0;
    }

    private void eraseBlocks() {
        phase = Phase.ERASING;
        long mine = ++request;
        store.erase(erase.start(), erase.length(), success -> {
            if (mine != request) {
                return;
            }
            phase = Phase.READY;
            erase.clear();
            errors |= success ? 0 : ERROR;
        });
    }

    // ---- state

    void reset() {
        giveUp();
        multiple = false;
        position = 0;
        blockLength = BLOCK;
        received = 0;
        erase.clear();
        errors = 0;
        written = 0;
        Arrays.fill(incoming, (byte) 0);
    }

    CardState.Transfer save() {
        return new CardState.Transfer(
                phase,
                multiple,
                position,
                blockLength,
                incoming.clone(),
                received,
                erase.start(),
                erase.end(),
                errors,
                written);
    }

    /** Takes a state that was checked, after the output was loaded. What was under way begins again. */
    void load(CardState.Transfer state) {
        giveUp();
        multiple = state.multiple();
        position = state.position();
        blockLength = state.blockLength();
        System.arraycopy(state.incoming(), 0, incoming, 0, incoming.length);
        received = state.received();
        erase.load(state.eraseStart(), state.eraseEnd());
        errors = state.errors();
        written = state.written();
        phase = state.phase();
        switch (phase) {
            case READING -> read();
            case WRITING -> write();
            case ERASING -> eraseBlocks();
            case READY, SENDING, AWAITING_BLOCK, RECEIVING -> {}
        }
    }
}
