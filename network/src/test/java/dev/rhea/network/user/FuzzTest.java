package dev.rhea.network.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A million frames that are nearly right. Nothing may throw, and the stack must work as before. */
@Timeout(120)
class FuzzTest {
    private static final int FRAMES = 1_000_000;

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        IpAddress all = IpAddress.BROADCAST;
        seeds.add(ArpTest.request(Guest.IP, Guest.HOST));
        seeds.add(Guest.echo(Guest.IP, Guest.HOST, 1, 2, new byte[30]));
        seeds.add(Guest.echo(Guest.IP6, Guest.HOST6, 1, 2, new byte[30]));
        byte[] dhcp = new byte[260];
        dhcp[0] = 1;
        dhcp[1] = 1;
        dhcp[2] = 6;
        dhcp[29] = 1;
        System.arraycopy(new byte[] {0x63, (byte) 0x82, 0x53, 0x63, 53, 1, 1, 50, 4, 10, 0, 2, 20}, 0, dhcp, 236, 13);
        seeds.add(Guest.udp(IpAddress.ANY4, 68, all, 67, dhcp));
        seeds.add(Guest.udp(Guest.IP, 5000, Guest.HOST, 69, "\0\1file\0octet\0blksize\0100\0".getBytes()));
        seeds.add(Guest.udp(Guest.IP, 5000, Guest.HOST, 69, new byte[] {0, 4, 0, 1}));
        seeds.add(Guest.udp(Guest.IP6, 546, IpAddress.parse("ff02::1:2"), 547, new byte[] {11, 1, 2, 3, 0, 1, 0, 0}));
        byte[] mss = {2, 4, 5, (byte) 0xb4, 1, 3, 3, 7};
        // The forwarded command's port, so that no mutant connects to the host.
        IpAddress forward = IpAddress.parse("10.0.2.100");
        for (int flags : new int[] {2, 16, 17, 18, 20, 4, 24}) {
            seeds.add(Guest.tcp(
                    Guest.IP, 4000, forward, 80, 1000, 0, flags, 8000, flags == 2 ? mss : new byte[0], new byte[20]));
        }
        seeds.add(Guest.ip(Guest.IP, Guest.HOST, Guest.UDP, new byte[64], 64, 5, 0x2000));
        seeds.add(Guest.ip(Guest.IP, Guest.HOST, Guest.UDP, new byte[64], 64, 5, 8));
        byte[] fragment6 = new byte[48];
        fragment6[0] = 17;
        fragment6[3] = 1;
        seeds.add(Guest.ip(Guest.IP6, Guest.HOST6, 44, fragment6));
        byte[] solicitation = new byte[32];
        solicitation[0] = (byte) 135;
        Guest.HOST6.write(solicitation, 8);
        solicitation[24] = 1;
        solicitation[25] = 1;
        seeds.add(Guest.withChecksum(Guest.IP6, Guest.HOST6, Guest.ICMPV6, solicitation, 2));
        return seeds;
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] frame = seed.clone();
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(3) == 0
                    ? random.nextInt(frame.length)
                    : Math.min(frame.length - 1, 12 + random.nextInt(60));
            frame[at] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> (byte) 0xff;
                case 2 -> (byte) (frame[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        if (random.nextInt(20) == 0) {
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 40));
        }
        return frame;
    }

    /** Most mutants die of a wrong checksum; these get a right one. */
    private static void repair(byte[] frame) {
        if (frame.length < 34 || frame[12] != 8 || frame[13] != 0) {
            return;
        }
        frame[24] = 0;
        frame[25] = 0;
        int sum = dev.rhea.network.wire.Checksum.finish(dev.rhea.network.wire.Checksum.sum(frame, 14, 20, 0));
        frame[24] = (byte) (sum >> 8);
        frame[25] = (byte) sum;
        int at = frame[23] == 6 ? 34 + 16 : frame[23] == 17 ? 34 + 6 : frame[23] == 1 ? 34 + 2 : -1;
        if (at < 0 || at + 2 > frame.length) {
            return;
        }
        frame[at] = 0;
        frame[at + 1] = 0;
        int length = frame.length - 34;
        long pseudo = frame[23] == 1
                ? 0
                : dev.rhea.network.wire.Checksum.pseudoHeader(
                        IpAddress.read4(frame, 26), IpAddress.read4(frame, 30), frame[23], length);
        int transport =
                dev.rhea.network.wire.Checksum.finish(dev.rhea.network.wire.Checksum.sum(frame, 34, length, pseudo));
        frame[at] = (byte) (transport >> 8);
        frame[at + 1] = (byte) transport;
    }

    @Test
    void aMillionMutatedFramesDoNoHarm(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("rhea.seed", 1);
        Random random = new Random(seed);
        List<byte[]> seeds = seeds();
        // Restricted, so that no mutant leaves for the real network; the code behind is the same.
        try (Guest guest = Guest.with(
                "restrict=on", "tftp=" + folder, "guestfwd=tcp:10.0.2.100:80-cmd:cat", "hostname=x", "bootfile=y")) {
            for (int i = 0; i < FRAMES; i++) {
                byte[] frame = mutate(seeds.get(random.nextInt(seeds.size())), random);
                if (random.nextBoolean()) {
                    repair(frame);
                }
                guest.send(frame);
                if (i % 64 == 0) {
                    guest.stack.loop().turn(0);
                    guest.frames.clear();
                    guest.room = random.nextInt(8) != 0;
                    guest.stack.resume();
                    assertThat(guest.failures).as("-Drhea.seed=" + seed).isEmpty();
                }
            }
            guest.room = true;
            guest.stack.resume();
            guest.turn();
            guest.turn();
            guest.frames.clear();
            guest.send(Guest.echo(Guest.IP, Guest.HOST, 1, 2, new byte[4]));
            byte[] reply = guest.next(Guest.ICMP);
            assertThat(reply[0]).isZero();
        }
    }
}
