package dev.rhea.network.user.tcp;

import dev.rhea.network.IpAddress;

/**
 * What tells connections apart.
 *
 * @param remote the address under which the guest knows its peer
 */
record TcpFlow(IpAddress guest, int guestPort, IpAddress remote, int remotePort) {}
