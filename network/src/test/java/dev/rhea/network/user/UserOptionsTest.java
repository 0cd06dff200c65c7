package dev.rhea.network.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.network.NetdevException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are what the reference (7.2) said to the same options. */
class UserOptionsTest {
    @Test
    void theDefaultsAreTheReferences() {
        UserOptions o = UserOptions.defaults();
        assertThat(o.network()).hasToString("10.0.2.0");
        assertThat(o.mask()).isEqualTo(0xffffff00);
        assertThat(o.host()).hasToString("10.0.2.2");
        assertThat(o.dns()).hasToString("10.0.2.3");
        assertThat(o.dhcpStart()).hasToString("10.0.2.15");
        assertThat(o.prefix6()).hasToString("fec0::");
        assertThat(o.prefix6Length()).isEqualTo(64);
        assertThat(o.host6()).hasToString("fec0::2");
        assertThat(o.dns6()).hasToString("fec0::3");
        assertThat(o.ipv4()).isTrue();
        assertThat(o.ipv6()).isTrue();
        assertThat(o.restrict()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            net=10.0.3.0/99 | Invalid netmask provided (must be in range 4-32)
            net=10.0.3.0/ | Invalid netmask provided (must be in range 4-32)
            net=10.0.3.0/0 | Invalid netmask provided (must be in range 4-32)
            net=bad | Failed to parse netmask
            net=300.0.0.0/8 | Failed to parse netmask
            net=10.0.3.0/30 | DHCP must be different from host and DNS
            net=10.0.3.0/31 | DHCP must be different from host and DNS
            net=10.0.3.0/32 | DNS must be different from host
            net=200.0.0.0 host=200.0.1.1 | Host doesn't belong to network
            host=10.0.9.9 | Host doesn't belong to network
            host=bad | Failed to parse host
            host=10.0.2.3 | DNS must be different from host
            dns=bad | Failed to parse DNS
            dns=10.0.2.2 | DNS must be different from host
            dhcpstart=10.9.9.9 | DHCP doesn't belong to network
            dhcpstart=bad | Failed to parse DHCP start address
            dhcpstart=10.0.2.2 | DHCP must be different from host and DNS
            dhcpstart=10.0.2.3 | DHCP must be different from host and DNS
            ipv6-net=fec0::/129 | Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126)
            ipv6-net=fec0::/127 | Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126)
            ipv6-net=bad | Failed to parse IPv6 prefix
            ipv6-net=fec0::/x | Parameter 'ipv6-prefixlen' expects a number
            ipv6-host=bad | Failed to parse IPv6 host
            ipv6-host=fe00::2 | IPv6 Host doesn't belong to network
            ipv6-dns=bad | Failed to parse IPv6 DNS
            ipv4=off ipv6=off | IPv4 and IPv6 disabled
            ipv4=off net=10.0.2.0/24 | IPv4 disabled but netmask/host/dns provided
            ipv6=on net=10.0.2.0/24 | IPv4 disabled but netmask/host/dns provided
            ipv6=off ipv6-net=fec0::/64 | IPv6 disabled but prefix/host6/dns6 provided
            ipv4=maybe | Parameter 'ipv4' expects 'on' or 'off'
            restrict=x | Parameter 'restrict' expects 'on' or 'off'
            bogus=1 | Invalid parameter 'bogus'
            guestfwd=tcp:10.0.3.100:80-cmd:cat | Conflicting/invalid host:port in guest forwarding rule 'tcp:10.0.3.100:80-cmd:cat'
            guestfwd=tcp:10.0.2.2:80-cmd:cat | Conflicting/invalid host:port in guest forwarding rule 'tcp:10.0.2.2:80-cmd:cat'
            guestfwd=tcp:10.0.2.3:80-cmd:cat | Conflicting/invalid host:port in guest forwarding rule 'tcp:10.0.2.3:80-cmd:cat'
            guestfwd=udp:10.0.2.100:80-cmd:cat | Invalid guest forwarding rule 'udp:10.0.2.100:80-cmd:cat'
            guestfwd=tcp:10.0.2.100-cmd:cat | Invalid guest forwarding rule 'tcp:10.0.2.100-cmd:cat'
            guestfwd=tcp:10.0.2.100:80 | Invalid guest forwarding rule 'tcp:10.0.2.100:80'
            guestfwd=tcp:10.0.2.100:99999-cmd:cat | Invalid guest forwarding rule 'tcp:10.0.2.100:99999-cmd:cat'
            guestfwd=tcp:10.0.2.100:0-cmd:cat | Invalid guest forwarding rule 'tcp:10.0.2.100:0-cmd:cat'
            guestfwd=tcp:10.0.2.100:-cmd:cat | Invalid guest forwarding rule 'tcp:10.0.2.100:-cmd:cat'
            guestfwd= | Invalid guest forwarding rule ''
            """)
    void whatMakesNoNetworkIsToldInTheReferencesWords(String options, String message) {
        assertThatThrownBy(() -> Guest.options(options.split(" ")))
                .isInstanceOf(NetdevException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            foo::22-:22 | Bad protocol name
            TCP::22-:22 | Bad protocol name
            tcp | No : separators
            '' | No : separators
            tcp:22 | Missing : separator
            tcp: | Missing : separator
            tcp:bad:22-:22 | Bad host address
            tcp:localhost:22-:22 | Bad host address
            tcp::5555:22 | Bad host port separator
            tcp::5557 | Bad host port separator
            tcp::99999-:22 | Bad host port
            tcp::x-:22 | Bad host port
            tcp::55 -:22 | Bad host port
            tcp:::5558-:22 | Bad host port
            tcp::22-bad:22 | Bad guest address
            tcp::-1-:22 | Bad guest address
            tcp::5557- | Missing guest address
            tcp::5557-1.2.3.4 | Missing guest address
            tcp::22-:0 | Bad guest port
            tcp::22-:99999 | Bad guest port
            tcp::22-: | Bad guest port
            tcp::5557-:22x | Bad guest port
            udp::5-:-1 | Bad guest port
            """)
    void aForwardingRuleThatIsNoneIsToldInTheReferencesWords(String rule, String why) {
        assertThatThrownBy(() -> HostForward.parse(rule))
                .hasMessage("Invalid host forwarding rule '" + rule + "' (" + why + ")");
    }

    @Test
    void rulesMayLeaveOutWhatGoesWithoutSaying() throws Exception {
        HostForward rule = HostForward.parse("::0x10-:22");
        assertThat(rule.udp()).isFalse();
        assertThat(rule.hostAddress()).hasToString("0.0.0.0");
        assertThat(rule.hostPort()).isEqualTo(16);
        assertThat(rule.guestAddress()).hasToString("0.0.0.0");
        GuestForward forward = Guest.options("guestfwd=:10.0.2.100:80-cmd:a:b-c")
                .guestForwards()
                .getFirst();
        assertThat(forward.isCommand()).isTrue();
        assertThat(forward.target()).isEqualTo("a:b-c");
    }

    @Test
    void networksWithoutMaskAreWhatRfc1918AndTheClassesSay() throws Exception {
        assertThat(Guest.options("net=10.0.0.0").mask()).isEqualTo(0xff000000);
        assertThat(Guest.options("net=172.17.0.0").mask()).isEqualTo(0xfff00000);
        assertThat(Guest.options("net=192.168.1.0").mask()).isEqualTo(0xffff0000);
        assertThat(Guest.options("net=130.0.0.0").mask()).isEqualTo(0xffff0000);
        assertThat(Guest.options("net=200.0.0.0").mask()).isEqualTo(0xffffff00);
    }

    @Test
    void forwardsComeAndGoAtRunTime() throws Exception {
        try (UserStack stack = UserStack.open(UserOptions.defaults())) {
            int port = stack.addForward(HostForward.parse("tcp:127.0.0.1:0-:22"));
            String rule = "tcp:127.0.0.1:" + port + "-:22";
            assertThatThrownBy(() -> stack.addForward(HostForward.parse(rule)))
                    .hasMessage("Could not set up host forwarding rule '" + rule + "'");
            HostForward.Place place = HostForward.Place.parse("tcp:127.0.0.1:" + port);
            for (int i = 0; i < 20; i++) {
                assertThat(stack.removeForward(place)).isTrue();
                assertThat(stack.removeForward(place)).isFalse();
                stack.addForward(HostForward.parse(rule));
            }
            assertThat(stack.connections()).hasSize(1);
        }
    }

    @Test
    void aNetworkWhosePortIsTakenIsNotOpened() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UserOptions options = Guest.options("hostfwd=tcp:127.0.0.1:" + taken.getLocalPort() + "-:22");
            assertThatThrownBy(() -> UserStack.open(options))
                    .hasMessageStartingWith("Could not set up host forwarding rule 'tcp:127.0.0.1:");
        }
    }

    @Test
    void aPlaceToRemoveMustBeOne() {
        for (String text : new String[] {"tcp", "tcp::abc", "foo::5", "tcp:x:5", "tcp::"}) {
            assertThatThrownBy(() -> HostForward.Place.parse(text)).hasMessage("invalid format");
        }
    }
}
