package dev.rhea.network.user.ip;

import dev.rhea.network.IpAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Which address of the host's world an address of the guest's means, and back. */
public final class Outside {
    private final Addresses addresses;
    private final Resolver resolver;

    public Outside(Addresses addresses, Resolver resolver) {
        this.addresses = addresses;
        this.resolver = resolver;
    }

    /** Where the guest is to get; null if nowhere. */
    public @Nullable InetAddress of(IpAddress address) {
        if (addresses.restricted()
                || address.isMulticast()
                || address.isUnspecified()
                || addresses.isBroadcast(address)) {
            return null;
        }
        if (addresses.isDns(address)) {
            return resolver.server().inet();
        }
        if (addresses.isHost(address) || addresses.isInside(address)) {
            return (address.isV4() ? IpAddress.LOOPBACK4 : IpAddress.LOOPBACK6).inet();
        }
        return address.inet();
    }

    /** As what {@code guest} is to see somebody outside: the host's own programs as the host. */
    public IpAddress seenBy(IpAddress guest, InetAddress outside) {
        IpAddress address = IpAddress.of(outside);
        if (address.isV4() != guest.isV4()
                || address.isLoopback()
                || address.isUnspecified()
                || outside.isLinkLocalAddress()
                || addresses.isInside(address)) {
            return addresses.hostLike(guest);
        }
        return address;
    }
}
