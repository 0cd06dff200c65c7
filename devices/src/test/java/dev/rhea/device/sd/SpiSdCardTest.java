package dev.rhea.device.sd;

import static dev.rhea.device.sd.SdCommand.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.block.BlockBackend;
import dev.rhea.block.NullBackend;
import dev.rhea.device.flash.MemoryDrive;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.StateCodec;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpiSdCardTest {
    private static final int SIZE = 1 << 20;

    private final MemoryDrive drive = new MemoryDrive(SIZE, false);
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();

    SpiSdCardTest() {
        new Random(3).nextBytes(drive.content);
    }

    private static SpiSdCard card(BlockBackend of, Executor executor) {
        try {
            return new SpiSdCard(of, false, executor, new ReentrantLock());
        } catch (BadDeviceException e) {
            throw new AssertionError(e);
        }
    }

    private static CardHost ready(SpiSdCard card) {
        CardHost host = new CardHost(card);
        host.initialize();
        return host;
    }

    private static byte[] randomBlock(int seed) {
        byte[] block = new byte[512];
        new Random(seed).nextBytes(block);
        return block;
    }

    private byte[] onDrive(int block) {
        return Arrays.copyOfRange(drive.content, 512 * block, 512 * block + 512);
    }

    @Test
    void itIsIdleUntilItIsInitialized() {
        SpiSdCard card = card(drive, Runnable::run);
        CardHost host = new CardHost(card);
        card.select(true);
        assertThat(host.command(GO_IDLE_STATE, 0)).isEqualTo(IDLE);
        assertThat(host.command(SEND_IF_COND, 0x15a)).isEqualTo(IDLE);
        assertThat(host.word()).isEqualTo(0x15a);
        assertThat(host.command(READ_SINGLE_BLOCK, 0)).isEqualTo(IDLE | ILLEGAL_COMMAND);
        assertThat(host.command(READ_OCR, 0)).isEqualTo(IDLE);
        assertThat(host.word()).isEqualTo(0x00ff8000);
        assertThat(host.application(SD_SEND_OP_COND, 0)).isZero();
        assertThat(host.command(READ_OCR, 0)).isZero();
        assertThat(host.word()).isEqualTo(0x80ff8000);
    }

    @Test
    void blocksComeFromTheDriveOneByOneAndInRows() {
        CardHost host = ready(card(drive, Runnable::run));
        assertThat(host.command(READ_SINGLE_BLOCK, 512 * 7)).isZero();
        assertThat(host.block(512)).isEqualTo(onDrive(7));
        assertThat(host.token()).isEqualTo(0xff);
        assertThat(host.command(READ_MULTIPLE_BLOCK, 512 * 100)).isZero();
        for (int i = 100; i < 105; i++) {
            assertThat(host.block(512)).isEqualTo(onDrive(i));
        }
        assertThat(host.command(STOP_TRANSMISSION, 0)).isZero();
        assertThat(host.token()).isEqualTo(0xff);
    }

    @Test
    void partsOfBlocksAreReadInsideOneBlock() {
        CardHost host = ready(card(drive, Runnable::run));
        assertThat(host.command(SET_BLOCKLEN, 100)).isZero();
        assertThat(host.command(READ_SINGLE_BLOCK, 512 + 50)).isZero();
        assertThat(host.block(100)).isEqualTo(Arrays.copyOfRange(drive.content, 562, 662));
        assertThat(host.command(READ_SINGLE_BLOCK, 500)).isEqualTo(ADDRESS_ERROR);
        assertThat(host.command(WRITE_BLOCK, 0)).isEqualTo(ADDRESS_ERROR);
        assertThat(host.command(SET_BLOCKLEN, 513)).isEqualTo(PARAMETER_ERROR);
    }

    @Test
    void whatIsWrittenIsOnTheDrive() {
        CardHost host = ready(card(drive, Runnable::run));
        assertThat(host.command(WRITE_BLOCK, 512 * 3)).isZero();
        assertThat(host.send(START_BLOCK, randomBlock(1), 0)).isEqualTo(DATA_ACCEPTED);
        assertThat(host.isBusy()).isFalse();
        assertThat(onDrive(3)).isEqualTo(randomBlock(1));
        assertThat(host.command(WRITE_MULTIPLE_BLOCK, 512 * 10)).isZero();
        for (int i = 10; i < 14; i++) {
            assertThat(host.send(START_MULTIPLE, randomBlock(i), 0)).isEqualTo(DATA_ACCEPTED);
        }
        host.next();
        assertThat(host.command(SEND_STATUS, 0)).as("before the stop token").isZero();
        for (int i = 10; i < 14; i++) {
            assertThat(onDrive(i)).isEqualTo(randomBlock(i));
        }
        assertThat(host.application(SEND_NUM_WR_BLOCKS, 0)).isZero();
        assertThat(host.block(4)).containsExactly(0, 0, 0, 4);
    }

    @Test
    void aBlockWithAWrongChecksumIsNotWritten() {
        CardHost host = ready(card(drive, Runnable::run));
        byte[] before = onDrive(3);
        host.command(WRITE_BLOCK, 512 * 3);
        assertThat(host.send(START_BLOCK, randomBlock(1), 1)).isEqualTo(DATA_CRC_ERROR);
        assertThat(onDrive(3)).isEqualTo(before);
    }

    @Test
    void aCommandWithAWrongChecksumIsRefusedWhereChecksumsCount() {
        SpiSdCard card = card(drive, Runnable::run);
        CardHost host = ready(card);
        byte[] frame = CardHost.frame(SEND_STATUS, 0);
        frame[5] ^= 2;
        for (byte each : frame) {
            card.exchange(each & 0xff);
        }
        assertThat(host.response()).isEqualTo(CRC_ERROR);
        host.command(CRC_ON_OFF, 0);
        for (byte each : frame) {
            card.exchange(each & 0xff);
        }
        assertThat(host.response()).isZero();
    }

    @Test
    void aReadOnlyDriveMakesACardThatTakesNoWrites() {
        CardHost host = ready(card(new MemoryDrive(SIZE, true), Runnable::run));
        host.command(SEND_CSD, 0);
        byte[] csd = host.block(16);
        assertThat(new BigInteger(1, csd).shiftRight(84).intValue() & 1 << 4)
                .as("block write class")
                .isZero();
        host.command(WRITE_BLOCK, 0);
        assertThat(host.send(START_BLOCK, randomBlock(1), 0)).isEqualTo(DATA_WRITE_ERROR);
        assertThat(host.command(SEND_STATUS, 0)).isZero();
        assertThat(host.next()).isEqualTo(WRITE_PROTECT_VIOLATION);
    }

    @Test
    void nothingIsBehindItsEnd() {
        CardHost host = ready(card(drive, Runnable::run));
        assertThat(host.command(READ_SINGLE_BLOCK, SIZE)).isEqualTo(PARAMETER_ERROR);
        assertThat(host.command(WRITE_BLOCK, SIZE)).isEqualTo(PARAMETER_ERROR);
        assertThat(host.command(READ_MULTIPLE_BLOCK, SIZE - 512)).isZero();
        assertThat(host.block(512)).isEqualTo(onDrive(SIZE / 512 - 1));
        assertThat(host.token()).isEqualTo(ERROR_TOKEN_RANGE);
        assertThat(host.command(STOP_TRANSMISSION, 0)).isZero();
        host.command(WRITE_MULTIPLE_BLOCK, SIZE - 512);
        assertThat(host.send(START_MULTIPLE, randomBlock(1), 0)).isEqualTo(DATA_ACCEPTED);
        assertThat(host.send(START_MULTIPLE, randomBlock(1), 0)).isEqualTo(DATA_WRITE_ERROR);
    }

    @Test
    void anErasedRangeIsZeros() {
        CardHost host = ready(card(drive, Runnable::run));
        assertThat(host.command(ERASE, 0)).isEqualTo(ERASE_SEQUENCE_ERROR);
        assertThat(host.command(ERASE_WR_BLK_END_ADDR, 0)).isEqualTo(ERASE_SEQUENCE_ERROR);
        assertThat(host.command(ERASE_WR_BLK_START_ADDR, 512 * 4)).isZero();
        assertThat(host.command(ERASE_WR_BLK_END_ADDR, 512 * 6)).isZero();
        assertThat(host.command(ERASE, 0)).isZero();
        byte[] before = onDrive(7);
        for (int i = 4; i <= 6; i++) {
            assertThat(onDrive(i)).isEqualTo(new byte[512]);
        }
        assertThat(onDrive(7)).isEqualTo(before);
        host.command(ERASE_WR_BLK_START_ADDR, 0);
        assertThat(host.command(SET_BLOCKLEN, 512)).isEqualTo(ERASE_RESET);
    }

    @Test
    void aDriveThatIsSlowKeepsTheHostWaiting() {
        CardHost host = ready(card(drive, later::add));
        assertThat(host.command(READ_SINGLE_BLOCK, 0)).isZero();
        assertThat(host.token()).isEqualTo(0xff);
        later.remove().run();
        assertThat(host.block(512)).isEqualTo(onDrive(0));
        host.command(WRITE_BLOCK, 0);
        assertThat(host.send(START_BLOCK, randomBlock(1), 0)).isEqualTo(DATA_ACCEPTED);
        assertThat(host.isBusy()).isTrue();
        assertThat(host.command(READ_SINGLE_BLOCK, 0)).isEqualTo(ILLEGAL_COMMAND);
        assertThat(host.isBusy()).isTrue();
        later.remove().run();
        assertThat(host.isBusy()).isFalse();
        assertThat(onDrive(0)).isEqualTo(randomBlock(1));
    }

    @Test
    void aReadThatWasGivenUpIsNotSent() {
        CardHost host = ready(card(drive, later::add));
        host.command(READ_SINGLE_BLOCK, 0);
        assertThat(host.command(READ_SINGLE_BLOCK, 512)).isZero();
        later.remove().run();
        assertThat(host.token()).isEqualTo(0xff);
        later.remove().run();
        assertThat(host.block(512)).isEqualTo(onDrive(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsUnderWayGoesOnInACardWithItsState(boolean writing) throws BadStateException {
        SpiSdCard card = card(drive, later::add);
        CardHost host = ready(card);
        host.command(writing ? WRITE_BLOCK : READ_SINGLE_BLOCK, 512);
        if (writing) {
            host.send(START_BLOCK, randomBlock(9), 0);
        }
        byte[] state = StateCodec.encode(card.saveState());
        SpiSdCard twin = card(drive, Runnable::run);
        twin.loadState(StateCodec.decode(CardState.class, state));
        if (writing) {
            assertThat(onDrive(1)).isEqualTo(randomBlock(9));
        } else {
            assertThat(new CardHost(twin).block(512)).isEqualTo(onDrive(1));
        }
    }

    @Test
    void aDriveThatFailsIsToldToTheHost() {
        CardHost host = ready(card(new Broken(), Runnable::run));
        host.command(READ_SINGLE_BLOCK, 0);
        assertThat(host.token()).isEqualTo(ERROR_TOKEN_ECC);
        host.command(WRITE_BLOCK, 0);
        assertThat(host.send(START_BLOCK, randomBlock(1), 0)).isEqualTo(DATA_ACCEPTED);
        host.command(SEND_STATUS, 0);
        assertThat(host.next()).isEqualTo(ERROR);
    }

    @Test
    void aCardOfHighCapacityCountsBlocksAndWaitsForAHostThatKnowsIt() throws Exception {
        long size = 4L << 30;
        SpiSdCard card = card(new NullBackend(size, false, true), Runnable::run);
        CardHost host = new CardHost(card);
        card.select(true);
        host.command(GO_IDLE_STATE, 0);
        assertThat(host.application(SD_SEND_OP_COND, 0)).isEqualTo(IDLE);
        assertThat(host.application(SD_SEND_OP_COND, 1 << 30)).isZero();
        host.command(READ_OCR, 0);
        assertThat(host.word()).isEqualTo(0xc0ff8000);
        assertThat(host.command(READ_SINGLE_BLOCK, (int) (size / 512 - 1))).isZero();
        assertThat(host.block(512)).hasSize(512);
        assertThat(host.command(READ_SINGLE_BLOCK, (int) (size / 512))).isEqualTo(PARAMETER_ERROR);
    }

    @ParameterizedTest
    @ValueSource(longs = {2048, 4096, 1 << 20, 64 << 20, 1L << 30, 2L << 30, 4L << 30, 1L << 41})
    void itsSpecificDataSaysItsSize(long size) {
        CardHost host = ready(card(new NullBackend(size, false, true), Runnable::run));
        host.command(SEND_CSD, 0);
        BigInteger csd = new BigInteger(1, host.block(16));
        boolean high = csd.shiftRight(126).intValue() == 1;
        long said = high
                ? (csd.shiftRight(48).longValue() & 0x3fffff) + 1 << 19
                : (csd.shiftRight(62).longValue() & 0xfff) + 1
                        << (csd.shiftRight(47).intValue() & 7)
                                + 2
                                + (csd.shiftRight(80).intValue() & 15);
        assertThat(said).isEqualTo(size);
        assertThat(high).isEqualTo(size > 2L << 30);
    }

    @ParameterizedTest
    @CsvSource({
        "104857600, 100 MiB, 128 MiB",
        "1024000, 0.977 MiB, 1 MiB",
        "1500160, 1.43 MiB, 2 MiB",
        "999424, 976 KiB, 1 MiB",
        "3221225472, 3 GiB, 4 GiB"
    })
    void anImageOfAnOddSizeIsRefused(long size, String said, String advice) {
        assertThatThrownBy(() ->
                        new SpiSdCard(new NullBackend(size, false, true), false, Runnable::run, new ReentrantLock()))
                .isInstanceOf(BadDeviceException.class)
                .hasMessageStartingWith("Invalid SD card size: " + said + "\nSD card size has to be a power of 2, e.g. "
                        + advice + ".\nYou can resize");
    }

    @Test
    void highSpeedIsAskedForAndChosen() {
        CardHost host = ready(card(drive, Runnable::run));
        host.command(SWITCH_FUNC, 0x00fffff1);
        assertThat(host.block(64)[16]).as("asked").isEqualTo((byte) 1);
        host.command(SEND_CSD, 0);
        assertThat(host.block(16)[3]).isEqualTo((byte) 0x32);
        host.command(SWITCH_FUNC, 0x80fffff1);
        byte[] status = host.block(64);
        assertThat(status[13] & 3).as("what it can").isEqualTo(3);
        assertThat(status[16]).isEqualTo((byte) 1);
        host.command(SEND_CSD, 0);
        assertThat(host.block(16)[3]).isEqualTo((byte) 0x5a);
        host.command(SWITCH_FUNC, 0x80ffff5f);
        status = host.block(64);
        assertThat(status[1]).as("no current for what cannot be").isZero();
    }

    @Test
    void itsChecksumsAreThoseOfTheSpecification() {
        // Section 4.5: CMD0, CMD17 and 512 bytes of ones.
        assertThat(SdChecksum.crc7(new byte[] {0x40, 0, 0, 0, 0}, 5)).isEqualTo(0x4a);
        assertThat(SdChecksum.crc7(new byte[] {0x51, 0, 0, 0, 0}, 5)).isEqualTo(0x2a);
        byte[] ones = new byte[512];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(SdChecksum.crc16(ones, 0, 512)).isEqualTo(0x7fa1);
    }

    @Test
    void aCardThatIsNotSelectedForgetsHalfACommand() {
        SpiSdCard card = card(drive, Runnable::run);
        CardHost host = ready(card);
        card.exchange(0x40 | READ_SINGLE_BLOCK);
        card.exchange(0);
        card.select(false);
        card.select(true);
        assertThat(host.command(SEND_STATUS, 0)).isZero();
    }

    /** A drive on which nothing works. */
    private static final class Broken implements BlockBackend {
        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public void read(long offset, long host, long length) throws IOException {
            throw new IOException("worn out");
        }

        @Override
        public void write(long offset, long host, long length) throws IOException {
            throw new IOException("worn out");
        }

        @Override
        public void flush() {}

        @Override
        public void discard(long offset, long length) {}

        @Override
        public void writeZeroes(long offset, long length, boolean unmap) throws IOException {
            throw new IOException("worn out");
        }

        @Override
        public void close() {}
    }
}
