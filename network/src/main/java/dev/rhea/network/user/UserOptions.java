package dev.rhea.network.user;

import dev.rhea.network.IpAddress;
import dev.rhea.network.NetdevException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user-mode network as {@code -netdev user} describes it.
 *
 * @param ipv4 whether there is IPv4
 * @param network its network
 * @param mask the bits of {@code network} that count
 * @param host stands for the host
 * @param dns stands for the host's name server
 * @param dhcpStart the first of sixteen addresses that are leased
 * @param ipv6 whether there is IPv6
 * @param prefix6 its network
 * @param prefix6Length how many bits of it count, 0 to 126
 * @param restrict whether the guest reaches only what is forwarded
 * @param hostname the guest's name
 * @param dnsSearch where the guest looks names up
 * @param domainName the guest's domain
 * @param tftp a folder that the guest may read by TFTP
 * @param tftpServerName told to the guest as the name of whom to boot from
 * @param bootFile told to the guest as what to boot
 */
public record UserOptions(
        boolean ipv4,
        IpAddress network,
        int mask,
        IpAddress host,
        IpAddress dns,
        IpAddress dhcpStart,
        boolean ipv6,
        IpAddress prefix6,
        int prefix6Length,
        IpAddress host6,
        IpAddress dns6,
        boolean restrict,
        @Nullable String hostname,
        List<String> dnsSearch,
        @Nullable String domainName,
        @Nullable Path tftp,
        @Nullable String tftpServerName,
        @Nullable String bootFile,
        List<HostForward> hostForwards,
        List<GuestForward> guestForwards) {
    /** What {@code -netdev user} without options describes. */
    public static UserOptions defaults() {
        try {
            return parse(Map.of());
        } catch (NetdevException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Reads options by the reference's names ({@code net}, {@code hostfwd} …), each with all its values in order.
     *
     * @throws NetdevException if they make no network
     */
    public static UserOptions parse(Map<String, List<String>> options) throws NetdevException {
        return new UserOptionsReader(options).read();
    }
}
