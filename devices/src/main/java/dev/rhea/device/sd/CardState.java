package dev.rhea.device.sd;

import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Version;

/**
 * What a card in SPI mode remembers.
 *
 * @param initialized whether it left the idle state
 * @param application whether the next command is an application's
 * @param checked whether checksums count
 * @param highSpeed whether 50 MHz were chosen
 * @param command what came of a command
 * @param output what it has to send
 */
@Version(1)
public record CardState(
        boolean initialized,
        boolean application,
        boolean checked,
        boolean highSpeed,
        byte[] command,
        byte[] output,
        Transfer transfer) {
    /** What a card is in the middle of. */
    public enum Phase {
        /** Nothing but, perhaps, what it has to send. */
        READY,
        /** A block comes from the drive. */
        READING,
        /** A block goes to the host. */
        SENDING,
        /** The host is to send a block. */
        AWAITING_BLOCK,
        /** It sends one. */
        RECEIVING,
        /** A block goes to the drive. */
        WRITING,
        /** Blocks are erased. */
        ERASING
    }

    /**
     * Data that is under way.
     *
     * @param multiple whether blocks follow until they are stopped
     * @param position of the block that is under way, in bytes
     * @param blockLength of reads, in bytes
     * @param incoming what came of a block, {@code received} bytes
     * @param eraseStart where to erase, in bytes; -1 where that was not said
     * @param eraseEnd the last block to erase; -1 where that was not said
     * @param errors the second byte of R2
     * @param written how many blocks of the last multiple write are in place
     */
    public record Transfer(
            Phase phase,
            boolean multiple,
            long position,
            int blockLength,
            byte[] incoming,
            int received,
            long eraseStart,
            long eraseEnd,
            int errors,
            int written) {
        private boolean isWhole(long size) {
            return blockLength >= 1
                    && blockLength <= BLOCK
                    && incoming.length == BLOCK + 2
                    && received >= 0
                    && received <= incoming.length
                    && (errors & ~0xff) == 0
                    && position >= 0
                    && position <= (0xffffffffL + 2) * BLOCK
                    && EraseRange.accepts(eraseStart, size)
                    && EraseRange.accepts(eraseEnd, size);
        }

        private boolean isSane(SdRegisters card) {
            boolean inside = position < card.size();
            boolean aligned = position % BLOCK == 0;
            return switch (phase) {
                case READY, SENDING -> true;
                case READING -> inside && position % BLOCK + blockLength <= BLOCK;
                case AWAITING_BLOCK -> aligned;
                case RECEIVING -> aligned && received < incoming.length;
                case WRITING -> aligned && inside && !card.readOnly();
                case ERASING -> eraseStart >= 0 && eraseEnd >= eraseStart && !card.readOnly();
            };
        }
    }

    private static final int BLOCK = SdRegisters.BLOCK;

    /** As long as a response can be. */
    private static final int SHORT_OUTPUT = 16;

    /** A response and a block behind it. */
    private static final int LONG_OUTPUT = SHORT_OUTPUT + BLOCK + 8;

    /** Checks whether a card can be like that. */
    void check(SdRegisters card) throws BadStateException {
        int most = transfer.phase == Phase.READING ? SHORT_OUTPUT : LONG_OUTPUT;
        if (command.length >= SpiSdCard.COMMAND_LENGTH
                || output.length > most
                || !transfer.isWhole(card.size())
                || !transfer.isSane(card)) {
            throw new BadStateException("sd-card-spi: no card can be in such a state");
        }
    }
}
