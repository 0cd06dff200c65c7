package dev.rhea.device.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CadenceGemTest {
    private static final int CONTROL = 0x00;
    private static final int CONFIG = 0x04;
    private static final int DMA = 0x10;
    private static final int TX_STATUS = 0x14;
    private static final int RX_LIST = 0x18;
    private static final int TX_LIST = 0x1c;
    private static final int RX_STATUS = 0x20;
    private static final int PENDING = 0x24;
    private static final int ENABLE = 0x28;
    private static final int DISABLE = 0x2c;
    private static final int MAINTENANCE = 0x34;

    private static final int RE = 4;
    private static final int TE = 8;
    private static final int MPE = 16;
    private static final int TSTART = 0x200;
    private static final int DRFCS = 1 << 17;

    private static final long RX = DeviceBench.RAM;
    private static final long TX = DeviceBench.RAM + 0x1000;
    private static final long BUFFERS = DeviceBench.RAM + 0x4000;

    private static final byte[] MAC = HexFormat.of().parseHex("525400123456");

    private final DeviceBench bench = new DeviceBench();
    private final DeviceBench.Probe irq = new DeviceBench.Probe();
    private final FakeNetwork network = new FakeNetwork();
    private CadenceGem gem;

    CadenceGemTest() throws BadDeviceException {
        bench.ram(256 << 10);
        gem = new CadenceGem(
                new PropertyValues(CadenceGem.TYPE, CadenceGem.PROPERTIES, Map.of()),
                MAC,
                network,
                irq,
                bench.memory,
                bench.clock,
                bench.lock);
    }

    @BeforeEach
    void place() {
        bench.place(0x1000, gem.region());
        bench.locked(gem::reset);
        put(0x88, 0x12005452);
        put(0x8c, 0x5634);
        put(ENABLE, -1);
        put(CONFIG, DRFCS);
    }

    @AfterEach
    void close() {
        gem.close();
        bench.close();
    }

    private void put(int register, int value) {
        bench.write(0x1000 + register, value & 0xffffffffL, 4);
    }

    private int get(int register) {
        return (int) bench.read(0x1000 + register, 4);
    }

    private void word(long address, int value) {
        bench.write(address, value & 0xffffffffL, 4);
    }

    private int word(long address) {
        return (int) bench.read(address, 4);
    }

    private void bytes(long address, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bench.write(address + i, bytes[i], 1);
        }
    }

    private byte[] bytes(long address, int length) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            result[i] = (byte) bench.read(address + i, 1);
        }
        return result;
    }

    /** Receive buffers of 128 bytes. */
    private void receiveRing(int buffers) {
        for (int i = 0; i < buffers; i++) {
            word(RX + 8L * i, (int) (BUFFERS + 128L * i) | (i == buffers - 1 ? 2 : 0));
            word(RX + 8L * i + 4, 0);
        }
        put(DMA, 2 << 16);
        put(RX_LIST, (int) RX);
        put(CONTROL, RE);
    }

    private void transmit(int... lengths) {
        long buffer = BUFFERS;
        for (int i = 0; i < lengths.length; i++) {
            word(TX + 8L * i, (int) buffer);
            word(TX + 8L * i + 4, lengths[i] | (i == lengths.length - 1 ? 1 << 15 : 0));
            buffer += lengths[i];
        }
        word(TX + 8L * lengths.length + 4, 0xc0000000);
        put(TX_LIST, (int) TX);
        put(CONTROL, TE);
        put(CONTROL, TE | TSTART);
    }

    /** To an address, of a type, with random bytes behind. */
    private static byte[] frame(String to, int type, int length) {
        byte[] frame = new byte[length];
        new Random(length).nextBytes(frame);
        System.arraycopy(HexFormat.of().parseHex(to), 0, frame, 0, 6);
        frame[12] = (byte) (type >> 8);
        frame[13] = (byte) type;
        return frame;
    }

    private static byte[] ours(int length) {
        return frame("525400123456", 0x88b5, length);
    }

    // ---- sending

    @Test
    void aFrameInSeveralBuffersGoesOutInOnePiece() {
        byte[] frame = ours(300);
        bytes(BUFFERS, frame);
        transmit(14, 200, 86);
        assertThat(network.sent).containsExactly(frame);
        assertThat(word(TX + 4) >>> 31).as("the first buffer is given back").isEqualTo(1);
        assertThat(word(TX + 12) >>> 31).isZero();
        assertThat(get(TX_STATUS)).as("complete, and a used one read").isEqualTo(0x21);
        assertThat(irq.high).isTrue();
        assertThat(get(PENDING)).isEqualTo(0x88);
        assertThat(irq.high).as("reading clears").isFalse();
        assertThat(get(TX_LIST)).isEqualTo((int) TX + 24);
        put(TX_STATUS, 0x20);
        assertThat(get(TX_STATUS)).isEqualTo(1);
    }

    @Test
    void aFrameWithItsOwnCheckSequenceGoesOutWithoutIt() {
        byte[] frame = ours(64);
        bytes(BUFFERS, frame);
        word(TX, (int) BUFFERS);
        word(TX + 4, 64 | 3 << 15);
        word(TX + 12, 0xc0000000);
        put(TX_LIST, (int) TX);
        put(CONTROL, TE | TSTART);
        assertThat(network.sent).containsExactly(Arrays.copyOf(frame, 60));
    }

    @Test
    void aFrameThatStopsInTheMiddleIsCorrupt() {
        word(TX, (int) BUFFERS);
        word(TX + 4, 100);
        word(TX + 12, 0x80000000);
        put(TX_LIST, (int) TX);
        put(CONTROL, TE | TSTART);
        assertThat(network.sent).isEmpty();
        assertThat(get(TX_STATUS) & 0x10).isNotZero();
    }

    @Test
    void aRingThatNeverEndsEnds() {
        // One empty buffer that leads to itself, and is not the last of its frame.
        word(TX, (int) BUFFERS);
        word(TX + 4, 1 << 30);
        put(TX_LIST, (int) TX);
        put(CONTROL, TE | TSTART);
        assertThat(get(TX_STATUS) & 0x10).isNotZero();
    }

    @Test
    void descriptorsWhereNoMemoryIsAreAnError() {
        put(TX_LIST, 0x4000_0000);
        put(CONTROL, TE | TSTART);
        assertThat(get(TX_STATUS)).isEqualTo(0x100);
        assertThat(get(PENDING)).isEqualTo(0x800);
    }

    @Test
    void itMakesTheChecksumsOfTcpOverIp() {
        byte[] packet = new byte[14 + 20 + 20 + 5];
        byte[] ip = HexFormat.of().parseHex("4500002d00004000400600000a00020f0a000202");
        System.arraycopy(HexFormat.of().parseHex("525400123457525400123456" + "0800"), 0, packet, 0, 14);
        System.arraycopy(ip, 0, packet, 14, 20);
        packet[14 + 20 + 12] = 0x50;
        packet[packet.length - 1] = 7;
        bytes(BUFFERS, packet);
        put(DMA, 2 << 16 | 1 << 11);
        transmit(packet.length);
        byte[] sent = network.sent.getFirst();
        assertThat(new FrameChecksum(sent, 0, sent.length).verify()).isEqualTo(FrameChecksum.Verdict.TCP_GOOD);
        // By hand, as RFC 1071 has it: the header's words add up to 0xdd44.
        assertThat(sent[24] << 8 & 0xff00 | sent[25] & 0xff).isEqualTo(0x22bb);
    }

    // ---- receiving

    @Test
    void aFrameFillsBuffersAndTheLastSaysHowLongItIs() {
        receiveRing(4);
        byte[] frame = ours(300);
        assertThat(network.deliver(frame)).isTrue();
        assertThat(bytes(BUFFERS, 300)).isEqualTo(frame);
        assertThat(word(RX) & 1).isEqualTo(1);
        assertThat(word(RX + 4)).isEqualTo(1 << 14);
        assertThat(word(RX + 20)).isEqualTo(300 | 1 << 15 | 1 << 27);
        assertThat(word(RX + 24) & 1).as("the fourth is free").isZero();
        assertThat(get(RX_STATUS)).isEqualTo(2);
        assertThat(get(PENDING)).isEqualTo(2);
    }

    @Test
    void aShortFrameIsPaddedAndHasItsCheckSequenceIfWanted() {
        put(CONFIG, 0);
        receiveRing(2);
        byte[] frame = ours(20);
        network.deliver(frame);
        assertThat(word(RX + 4) & 0x1fff).isEqualTo(64);
        byte[] padded = bytes(BUFFERS, 64);
        assertThat(Arrays.copyOf(padded, 60)).isEqualTo(Arrays.copyOf(frame, 60));
        CRC32 crc = new CRC32();
        crc.update(padded);
        assertThat(crc.getValue()).as("the residue of a right sequence").isEqualTo(0x2144df1cL);
    }

    @Test
    void withoutFreeBuffersTheNetworkWaits() {
        receiveRing(2);
        assertThat(network.deliver(ours(200))).isTrue();
        assertThat(network.deliver(ours(60))).isFalse();
        assertThat(get(RX_STATUS) & 1).isEqualTo(1);
        assertThat(get(PENDING) & 4).isEqualTo(4);
        assertThat(get(0x1a0)).as("frames that found no buffer").isEqualTo(1);
        word(RX, (int) BUFFERS);
        int before = network.resumed;
        bench.advance(2_000_000);
        assertThat(network.resumed).isEqualTo(before + 1);
        assertThat(network.deliver(ours(60))).isTrue();
    }

    @Test
    void aFrameThatNeverFitsIsLost() {
        receiveRing(2);
        assertThat(network.deliver(ours(1000))).isTrue();
        assertThat(word(RX) & 1).isZero();
    }

    @Test
    void onlyWhatIsForItIsTaken() {
        receiveRing(16);
        network.deliver(frame("525400123457", 0x88b5, 60));
        network.deliver(frame("01005e000001", 0x88b5, 60));
        assertThat(word(RX) & 1).isZero();
        network.deliver(frame("ffffffffffff", 0x88b5, 60));
        assertThat(word(RX + 4) >>> 31).as("broadcast").isEqualTo(1);
        put(CONFIG, DRFCS | 1 << 6);
        // 01:00:5e:00:00:01: the exclusive or of its six-bit pieces, lowest bit first.
        long address = 0x0100_005e_0001L;
        int index = 0;
        for (int i = 0; i < 48; i += 6) {
            index ^= (int) (address >> i) & 63;
        }
        put(index < 32 ? 0x80 : 0x84, 1 << index);
        network.deliver(frame("01005e000001", 0x88b5, 60));
        assertThat(word(RX + 12) >>> 30).as("multicast").isEqualTo(1);
        put(CONFIG, DRFCS | 1 << 4);
        network.deliver(frame("525400123457", 0x88b5, 60));
        assertThat(word(RX + 16) & 1).as("all").isEqualTo(1);
        assertThat(word(RX + 20) >>> 25).isZero();
    }

    @Test
    void aSpecificAddressCountsFromWhenItsUpperHalfIsWritten() {
        receiveRing(4);
        put(0x90, 0x04030201);
        network.deliver(frame("010203040506", 0x88b5, 60));
        network.deliver(frame("020304050607", 0x88b5, 60));
        assertThat(word(RX) & 1).isZero();
        put(0x90, 0x05040302);
        put(0x94, 0x0706);
        network.deliver(frame("020304050607", 0x88b5, 60));
        assertThat(word(RX + 4) >> 25 & 7).isEqualTo(5);
    }

    @Test
    void whatIsTooLongIsCountedAndDropped() {
        receiveRing(16);
        network.deliver(ours(1515));
        assertThat(word(RX) & 1).isZero();
        assertThat(get(0x188)).isEqualTo(1);
        put(CONFIG, DRFCS | 1 << 3); // jumbo
        network.deliver(ours(1515));
        assertThat(word(RX) & 1).isEqualTo(1);
    }

    @Test
    void checksumsThatAreWrongAreNotTaken() {
        put(CONFIG, DRFCS | 1 << 24);
        receiveRing(4);
        byte[] packet = Arrays.copyOf(
                HexFormat.of()
                        .parseHex("5254001234565254001234570800" + "4500002000004000401100000a0002020a00020f"
                                + "00350035000c0000deadbeef"),
                60);
        FrameChecksum checksum = new FrameChecksum(packet, 0, packet.length);
        checksum.fill();
        network.deliver(packet);
        assertThat(word(RX + 4) >> 22 & 3).as("IP and UDP").isEqualTo(3);
        packet[45] ^= 1;
        network.deliver(packet);
        assertThat(get(0x1b0)).as("UDP errors").isEqualTo(1);
        packet[30] ^= 1;
        network.deliver(packet);
        assertThat(get(0x1a8)).as("IP errors").isEqualTo(1);
        assertThat(word(RX + 8) & 1).isZero();
    }

    @Test
    void addressesOf64BitsHaveDescriptorsOfFourWords() {
        put(CONTROL, 0);
        put(DMA, 2 << 16 | 1 << 30);
        word(RX, (int) BUFFERS);
        word(RX + 8, 0);
        word(RX + 16, (int) BUFFERS + 128 | 2);
        word(RX + 24, 1);
        put(RX_LIST, (int) RX);
        put(CONTROL, RE);
        network.deliver(ours(60));
        assertThat(bytes(BUFFERS, 60)).isEqualTo(ours(60));
        network.deliver(ours(60));
        assertThat(get(PENDING) & 0x800).as("there is no memory at 4 GiB").isNotZero();
    }

    // ---- the rest

    @Test
    void framesAreCountedByKindAndLength() {
        byte[] frame = frame("ffffffffffff", 0x88b5, 100);
        bytes(BUFFERS, frame);
        transmit(100);
        assertThat(get(0x108)).isEqualTo(1);
        assertThat(get(0x108)).as("reading clears").isZero();
        assertThat(get(0x10c)).isEqualTo(1);
        assertThat(get(0x100)).isEqualTo(104);
        assertThat(get(0x11c)).as("65 to 127 bytes").isEqualTo(1);
        put(CONTROL, 0x40);
        assertThat(get(0x158)).isEqualTo(1);
        put(CONTROL, 0x20);
        assertThat(get(0x15c)).isZero();
    }

    @Test
    void loopedFramesComeBack() {
        receiveRing(4);
        byte[] frame = ours(60);
        bytes(BUFFERS + 0x1000, frame);
        word(TX, (int) BUFFERS + 0x1000);
        word(TX + 4, 60 | 1 << 15);
        word(TX + 12, 0xc0000000);
        put(TX_LIST, (int) TX);
        put(CONTROL, RE | TE | 2 | TSTART);
        assertThat(network.sent).isEmpty();
        assertThat(bytes(BUFFERS, 60)).isEqualTo(frame);
    }

    private int phy(int phy, int register) {
        put(MAINTENANCE, 0x60020000 | phy << 23 | register << 18);
        return get(MAINTENANCE) & 0xffff;
    }

    @Test
    void thePhyIsAtItsAddressAndSaysThatTheLinkIsUp() {
        put(CONTROL, MPE);
        assertThat(phy(0, 2)).isEqualTo(0x141);
        assertThat(phy(0, 3)).isEqualTo(0xcc2);
        assertThat(phy(0, 1) & 0x24).isEqualTo(0x24);
        assertThat(phy(1, 2)).isEqualTo(0xffff);
        assertThat(get(PENDING)).isEqualTo(1);
        bench.locked(() -> gem.setLink(false));
        assertThat(phy(0, 1) & 0x24).isZero();
        put(MAINTENANCE, 0x50020000 | 4 << 18 | 0x1234);
        assertThat(phy(0, 4)).isEqualTo(0x1234);
        put(MAINTENANCE, 0x50020000 | 0x8000);
        assertThat(phy(0, 4)).as("after reset").isEqualTo(0x1e1);
    }

    @Test
    void whatIsMaskedDoesNotInterrupt() {
        put(DISABLE, 2);
        receiveRing(4);
        network.deliver(ours(60));
        assertThat(irq.high).isFalse();
        assertThat(get(PENDING)).isZero();
        put(ENABLE, 2);
        network.deliver(ours(60));
        assertThat(irq.high).isTrue();
        assertThat(get(0x30) & 2).isZero();
    }
}
