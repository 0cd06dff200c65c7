package dev.rhea.network.user.ip;

import dev.rhea.network.IpAddress;

/**
 * The addresses of the guest's network.
 *
 * @param ipv4 whether there is IPv4 at all
 * @param network its network, of which {@code mask} says the bits that count
 * @param host stands for the host, and is the gateway
 * @param dns stands for the host's name server
 * @param dhcpStart the first address that DHCP leases
 * @param ipv6 whether there is IPv6 at all
 * @param prefix6 its network, of {@code prefix6Length} bits
 * @param restricted whether the guest reaches nothing but what was forwarded on purpose
 */
public record Addresses(
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
        boolean restricted) {
    /** The gateway's link-local address. */
    public static final IpAddress ROUTER6 = new IpAddress(0xfe80L << 48, 2);

    private static final IpAddress DNS_LINK_LOCAL = new IpAddress(0xfe80L << 48, 3);

    /** Where an Ethernet address of ours begins: locally administered, as the reference has it. */
    private static final long MAC4 = 0x5255L << 32;

    private static final long MAC6 = 0x5256L << 32;

    /** Whether the address stands for the host. */
    public boolean isHost(IpAddress address) {
        return address.equals(host) || address.equals(host6) || address.equals(ROUTER6);
    }

    /** Whether the address stands for the host's name server. */
    public boolean isDns(IpAddress address) {
        return address.equals(dns) || address.equals(dns6) || address.equals(DNS_LINK_LOCAL);
    }

    /** Whether the address is one of ours, which no guest may have. */
    public boolean isOurs(IpAddress address) {
        return isHost(address) || isDns(address);
    }

    /** Whether the address belongs to the guest's network. */
    public boolean isInside(IpAddress address) {
        return address.isV4()
                ? ((address.v4() ^ network.v4()) & mask) == 0
                : address.isIn(prefix6, prefix6Length) || address.isLinkLocal6();
    }

    /** Whether it means everybody on the guest's IPv4 network. */
    public boolean isBroadcast(IpAddress address) {
        return address.isV4() && (address.v4() == -1 || isInside(address) && (address.v4() | mask) == -1);
    }

    /** The address that stands for the host, of the family of {@code other}. */
    public IpAddress hostLike(IpAddress other) {
        return other.isV4() ? host : other.isLinkLocal6() ? ROUTER6 : host6;
    }

    /** The address that stands for the name server, of the family of {@code other}. */
    public IpAddress dnsLike(IpAddress other) {
        return other.isV4() ? dns : other.isLinkLocal6() ? DNS_LINK_LOCAL : dns6;
    }

    /** The Ethernet address of the gateway for packets of this family. */
    public long gatewayMac(boolean v4) {
        return mac(v4 ? host : host6);
    }

    /** The Ethernet address of an address of ours. */
    public long mac(IpAddress address) {
        return address.isV4() ? MAC4 | address.v4() & 0xffffffffL : MAC6 | address.low() & 0xff;
    }

    /** Whether a frame to this Ethernet address is for us. */
    public static boolean isForUs(long mac) {
        long prefix = mac & 0xffffL << 32;
        return (mac & 1L << 40) != 0 || prefix == MAC4 || prefix == MAC6;
    }
}
