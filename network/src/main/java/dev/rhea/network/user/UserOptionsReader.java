package dev.rhea.network.user;

import dev.rhea.network.IpAddress;
import dev.rhea.network.NetdevException;
import dev.rhea.network.OptionValues;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From options by name to a network: defaults, and the reference's checks in its words. */
final class UserOptionsReader {
    private static final Set<String> NAMES = Set.of(
            "ipv4",
            "net",
            "host",
            "ipv6",
            "ipv6-net",
            "ipv6-prefix",
            "ipv6-prefixlen",
            "ipv6-host",
            "ipv6-dns",
            "restrict",
            "hostname",
            "dhcpstart",
            "dns",
            "dnssearch",
            "domainname",
            "tftp",
            "tftp-server-name",
            "bootfile",
            "hostfwd",
            "guestfwd",
            "smb",
            "smbserver");

    private static final int LONGEST_OPTION = 255;
    private static final int LONGEST_BOOT_FILE = 127;

    private final OptionValues values;
    private IpAddress network = IpAddress.parse("10.0.2.0");
    private int mask = 0xffffff00;
    private IpAddress prefix6 = IpAddress.parse("fec0::");
    private int prefix6Length = 64;

    UserOptionsReader(Map<String, List<String>> options) throws NetdevException {
        values = new OptionValues(options, NAMES);
    }

    UserOptions read() throws NetdevException {
        // Whoever asks for one of them only gets that one.
        boolean ipv4 = values.flag("ipv4", !values.flag("ipv6", false));
        boolean ipv6 = values.flag("ipv6", !values.flag("ipv4", false));
        if (!ipv4 && wants4()) {
            throw new NetdevException("IPv4 disabled but netmask/host/dns provided");
        }
        if (!ipv6 && wants6()) {
            throw new NetdevException("IPv6 disabled but prefix/host6/dns6 provided");
        }
        if (!ipv4 && !ipv6) {
            throw new NetdevException("IPv4 and IPv6 disabled");
        }
        if (values.text("smb") != null) {
            throw new NetdevException(
                    "smb is not supported: share a folder with tftp, or with a file server of the host");
        }
        readNetwork();
        IpAddress host = address("host", "host", 2);
        if (!inside(host)) {
            throw new NetdevException("Host doesn't belong to network");
        }
        IpAddress dns = address("dns", "DNS", 3);
        if (dns.equals(host)) {
            throw new NetdevException("DNS must be different from host");
        }
        IpAddress start = address("dhcpstart", "DHCP start address", 15);
        if (!inside(start)) {
            throw new NetdevException("DHCP doesn't belong to network");
        }
        if (start.equals(host) || start.equals(dns)) {
            throw new NetdevException("DHCP must be different from host and DNS");
        }
        readPrefix();
        IpAddress host6 = address6("ipv6-host", "IPv6 host", 2);
        if (!host6.isIn(prefix6, prefix6Length)) {
            throw new NetdevException("IPv6 Host doesn't belong to network");
        }
        IpAddress dns6 = address6("ipv6-dns", "IPv6 DNS", 3);
        List<HostForward> hostForwards = new ArrayList<>();
        for (String rule : values.all("hostfwd")) {
            hostForwards.add(HostForward.parse(rule));
        }
        return new UserOptions(
                ipv4,
                network,
                mask,
                host,
                dns,
                start,
                ipv6,
                prefix6,
                prefix6Length,
                host6,
                dns6,
                values.flag("restrict", false),
                option("hostname"),
                List.copyOf(values.all("dnssearch")),
                option("domainname"),
                folder(),
                option("tftp-server-name"),
                bootFile(),
                List.copyOf(hostForwards),
                guestForwards(host, dns));
    }

    private boolean wants4() {
        return values.text("net") != null || values.text("host") != null || values.text("dns") != null;
    }

    private boolean wants6() {
        return values.text("ipv6-net") != null
                || values.text("ipv6-prefix") != null
                || values.text("ipv6-host") != null
                || values.text("ipv6-dns") != null;
    }

    private boolean inside(IpAddress address) {
        return ((address.v4() ^ network.v4()) & mask) == 0;
    }

    private void readNetwork() throws NetdevException {
        String text = values.text("net");
        if (text == null) {
            return;
        }
        int slash = text.indexOf('/');
        IpAddress address = parse4(slash < 0 ? text : text.substring(0, slash), "netmask");
        if (slash < 0) {
            mask = classMask(address);
        } else {
            mask = mask(text.substring(slash + 1));
        }
        network = IpAddress.v4(address.v4() & mask);
    }

    /** A number of bits, or a mask. */
    private static int mask(String text) throws NetdevException {
        int bits = text.contains(".") ? -1 : Rule.number(text);
        if (bits >= 0) {
            if (bits < 4 || bits > 32) {
                throw new NetdevException("Invalid netmask provided (must be in range 4-32)");
            }
            return -1 << 32 - bits;
        }
        return parse4(text, "netmask").v4();
    }

    /** The mask that goes without saying: of the private networks of RFC 1918, otherwise of the old classes. */
    private static int classMask(IpAddress address) {
        int bits = address.v4();
        if (bits >>> 20 == 0xac1) {
            return 0xfff00000;
        }
        if (bits >>> 16 == 0xc0a8) {
            return 0xffff0000;
        }
        return bits >= 0 ? 0xff000000 : bits >>> 30 == 2 ? 0xffff0000 : 0xffffff00;
    }

    private void readPrefix() throws NetdevException {
        String text = values.text("ipv6-net");
        if (text == null) {
            text = values.text("ipv6-prefix");
        }
        String length = values.text("ipv6-prefixlen");
        if (text != null && text.contains("/")) {
            length = text.substring(text.indexOf('/') + 1);
            text = text.substring(0, text.indexOf('/'));
        }
        if (length != null) {
            if (!length.matches("[0-9]{1,9}")) {
                throw new NetdevException("Parameter 'ipv6-prefixlen' expects a number");
            }
            prefix6Length = Integer.parseInt(length);
            if (prefix6Length > 126) {
                throw new NetdevException(
                        "Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126)");
            }
        }
        if (text != null) {
            prefix6 = parse6(text, "IPv6 prefix");
        }
    }

    private IpAddress address(String name, String what, int number) throws NetdevException {
        String text = values.text(name);
        if (text == null) {
            // In a network of fewer bits the number is cut off, as the reference does: its other checks speak then.
            return IpAddress.v4(network.v4() | number & ~mask);
        }
        return parse4(text, what);
    }

    private IpAddress address6(String name, String what, int number) throws NetdevException {
        String text = values.text(name);
        return text == null ? new IpAddress(prefix6.high(), prefix6.low() | number) : parse6(text, what);
    }

    private static IpAddress parse4(String text, String what) throws NetdevException {
        IpAddress address = text.isEmpty() ? null : Rule.address(text);
        if (address == null) {
            throw new NetdevException("Failed to parse " + what);
        }
        return address;
    }

    private static IpAddress parse6(String text, String what) throws NetdevException {
        try {
            IpAddress address = IpAddress.parse(text);
            if (text.contains(":") && !address.isV4()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new NetdevException("Failed to parse " + what);
    }

    private @Nullable String option(String name) throws NetdevException {
        String text = values.text(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_OPTION) {
            throw new NetdevException("'" + name + "' parameter cannot be longer than " + LONGEST_OPTION + " bytes");
        }
        return text;
    }

    private @Nullable String bootFile() throws NetdevException {
        String text = values.text("bootfile");
        if (text != null && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_BOOT_FILE) {
            throw new NetdevException("'bootfile' parameter cannot be longer than " + LONGEST_BOOT_FILE + " bytes");
        }
        return text;
    }

    private @Nullable Path folder() {
        String text = values.text("tftp");
        return text == null || text.isEmpty() ? null : Path.of(text);
    }

    private List<GuestForward> guestForwards(IpAddress host, IpAddress dns) throws NetdevException {
        List<GuestForward> forwards = new ArrayList<>();
        for (String rule : values.all("guestfwd")) {
            GuestForward forward = GuestForward.parse(rule);
            IpAddress address = forward.address();
            if (address.isUnspecified()) {
                address = IpAddress.v4(network.v4() | 4 & ~mask);
            }
            if (!inside(address) || address.equals(host) || address.equals(dns)) {
                throw new NetdevException("Conflicting/invalid host:port in guest forwarding rule '" + rule + "'");
            }
            forwards.add(new GuestForward(rule, address, forward.port(), forward.isCommand(), forward.target()));
        }
        return List.copyOf(forwards);
    }
}
