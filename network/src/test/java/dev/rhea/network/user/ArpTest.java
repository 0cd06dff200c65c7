package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put48;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u48;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.IpAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ArpTest {
    static byte[] request(IpAddress sender, IpAddress target) {
        byte[] arp = new byte[28];
        put16(arp, 0, 1);
        put16(arp, 2, 0x800);
        put16(arp, 4, 0x604);
        put16(arp, 6, 1);
        put48(arp, 8, Guest.MAC);
        sender.write(arp, 14);
        target.write(arp, 24);
        return Guest.ethernet(0xffff_ffff_ffffL, 0x806, arp);
    }

    /** The guest's answer to a question for its address. */
    static byte[] reply(byte[] question) {
        byte[] frame = request(IpAddress.read4(question, 38), IpAddress.read4(question, 28));
        put48(frame, 0, u48(question, 6));
        put16(frame, 20, 2);
        put48(frame, 32, u48(question, 22));
        return frame;
    }

    @Test
    void theGatewayAnswersAsTheReferenceDoes() throws Exception {
        try (Guest guest = Guest.with()) {
            guest.send(request(Guest.IP, Guest.HOST));
            guest.turn();
            assertThat(HexFormat.of().formatHex(guest.frames.poll()))
                    .startsWith("52540012345652550a0002020806"
                            + "000108000604000252550a0002020a0002025254001234560a00020f");
        }
    }

    @Test
    void onlyAddressesThatStandForSomethingAreAnswered() throws Exception {
        try (Guest guest = Guest.with("guestfwd=tcp:10.0.2.100:80-cmd:cat")) {
            for (String address : new String[] {"10.0.2.1", "10.0.2.15", "10.0.2.77", "10.0.3.2"}) {
                guest.send(request(Guest.IP, IpAddress.parse(address)));
            }
            guest.turn();
            assertThat(guest.frames).isEmpty();
            for (String address : new String[] {"10.0.2.2", "10.0.2.3", "10.0.2.100"}) {
                guest.send(request(Guest.IP, IpAddress.parse(address)));
                guest.turn();
                byte[] answer = guest.frames.poll();
                assertThat(u16(answer, 20)).isEqualTo(2);
                assertThat(IpAddress.read4(answer, 28)).hasToString(address);
            }
        }
    }
}
