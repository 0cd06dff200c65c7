package dev.rhea.network.user.ip;

/** Numbers of the protocols above IP, of IPv6's extension headers, and of Ethernet's payloads (IANA). */
public final class IpProtocol {
    private IpProtocol() {}

    public static final int HOP_BY_HOP = 0;
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int ICMPV6 = 58;
    public static final int DESTINATION_OPTIONS = 60;

    public static final int ETHERTYPE_IPV4 = 0x0800;
    public static final int ETHERTYPE_ARP = 0x0806;
    public static final int ETHERTYPE_IPV6 = 0x86dd;
}
