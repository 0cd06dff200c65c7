package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put48;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.IpAddress;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DhcpTest {
    private static final int DISCOVER = 1;
    private static final int REQUEST = 3;
    private static final int RELEASE = 7;

    private static byte[] message(long mac, int type, String options, IpAddress client) {
        byte[] fixed = new byte[240];
        fixed[0] = 1;
        fixed[1] = 1;
        fixed[2] = 6;
        put32(fixed, 4, 0x11223344);
        client.write(fixed, 12);
        put48(fixed, 28, mac);
        put32(fixed, 236, 0x63825363);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(fixed);
        out.writeBytes(new byte[] {53, 1, (byte) type});
        out.writeBytes(HexFormat.of().parseHex(options));
        out.write(255);
        return Guest.udp(IpAddress.ANY4, 68, IpAddress.BROADCAST, 67, out.toByteArray());
    }

    private static byte[] ask(Guest guest, long mac, int type, String options) {
        guest.send(message(mac, type, options, IpAddress.ANY4));
        guest.turn();
        byte[] frame = guest.frames.poll();
        if (frame == null) {
            return new byte[0];
        }
        Guest.checkTransport(frame);
        assertThat(Guest.destination(frame)).isEqualTo(IpAddress.BROADCAST);
        byte[] datagram = Guest.payload(frame);
        return Arrays.copyOfRange(datagram, 8, datagram.length);
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to);
    }

    @Test
    void theOfferIsTheReferencesByteForByte() throws Exception {
        try (Guest guest = Guest.with(
                "hostname=hn",
                "dnssearch=foo.org",
                "dnssearch=bar.foo.org",
                "domainname=dom.org",
                "tftp-server-name=tsn",
                "bootfile=bf.img")) {
            byte[] offer = ask(guest, Guest.MAC, DISCOVER, "");
            assertThat(hex(offer, 0, 34))
                    .isEqualTo("0201060011223344" + "0000000000000000" + "0a00020f" + "0a000202" + "00000000"
                            + "525400123456");
            assertThat(new String(offer, 108, 6)).isEqualTo("bf.img");
            String options = "63825363" + "350102" + "36040a000202" + "0104ffffff00" + "03040a000202" + "06040a000203"
                    + "330400015180" + "0c02686e" + "0f07646f6d2e6f7267" + "420374736e"
                    + "770f03666f6f036f7267000362617" + "2c000" + "ff";
            assertThat(hex(offer, 236, 236 + options.length() / 2)).isEqualTo(options);
        }
    }

    @Test
    void theRequestIsAcknowledgedAndAnotherAddressIsNot() throws Exception {
        try (Guest guest = Guest.with()) {
            ask(guest, Guest.MAC, DISCOVER, "");
            assertThat(hex(ask(guest, Guest.MAC, REQUEST, "32040a00020f"), 240, 243))
                    .isEqualTo("350105");
            byte[] refusal = ask(guest, Guest.MAC, REQUEST, "32040a000263");
            assertThat(hex(refusal, 240, 243)).isEqualTo("350106");
            assertThat(new String(refusal, 251, 31)).isEqualTo("requested address not available");
        }
    }

    @Test
    void sixteenGuestsGetAddressesAndTheNextNone() throws Exception {
        try (Guest guest = Guest.with("dhcpstart=10.0.2.100")) {
            for (int i = 0; i < 16; i++) {
                byte[] offer = ask(guest, Guest.MAC + i, DISCOVER, "");
                assertThat(IpAddress.read4(offer, 16)).hasToString("10.0.2." + (100 + i));
            }
            assertThat(ask(guest, Guest.MAC + 16, DISCOVER, "")).isEmpty();
            guest.send(message(Guest.MAC + 3, RELEASE, "", IpAddress.parse("10.0.2.103")));
            guest.turn();
            byte[] offer = ask(guest, Guest.MAC + 16, DISCOVER, "");
            assertThat(IpAddress.read4(offer, 16)).hasToString("10.0.2.103");
        }
    }

    @Test
    void aGuestGetsTheAddressThatItHadBefore() throws Exception {
        try (Guest guest = Guest.with()) {
            byte[] offer = ask(guest, Guest.MAC, DISCOVER, "32040a000214");
            assertThat(IpAddress.read4(offer, 16)).hasToString("10.0.2.20");
        }
    }

    @Test
    void aRestrictedNetworkNamesNeitherRouterNorNameServer() throws Exception {
        try (Guest guest = Guest.with("restrict=on")) {
            byte[] offer = ask(guest, Guest.MAC, DISCOVER, "");
            assertThat(hex(offer, 240, 262))
                    .isEqualTo("350102" + "36040a000202" + "0104ffffff00" + "330400015180" + "ff");
        }
    }

    @Test
    void longSearchListsAreSplitOverOptions() throws Exception {
        String[] options = new String[20];
        for (int i = 0; i < options.length; i++) {
            options[i] = "dnssearch=" + "a".repeat(20) + i + ".example";
        }
        try (Guest guest = Guest.with(options)) {
            String offer = hex(ask(guest, Guest.MAC, DISCOVER, ""), 240, 300);
            assertThat(offer).contains("77ff");
        }
    }

    @Test
    void inIpv6InformationIsGivenWithoutState() throws Exception {
        try (Guest guest = Guest.with("bootfile=bf.img")) {
            IpAddress own = IpAddress.parse("fe80::5054:ff:fe12:3456");
            byte[] request = HexFormat.of().parseHex("0b123456" + "0001000412345678" + "000600020017");
            guest.send(Guest.udp(own, 546, IpAddress.parse("ff02::1:2"), 547, request));
            guest.turn();
            byte[] datagram = Guest.payload(guest.frames.poll());
            assertThat(hex(datagram, 8, datagram.length))
                    .isEqualTo("07123456" + "0001000412345678" + "0002000a00030001525600000002"
                            + "00170010fec00000000000000000000000000003"
                            + "003b0017" + HexFormat.of().formatHex("tftp://[fec0::2]/bf.img".getBytes()));
        }
    }
}
