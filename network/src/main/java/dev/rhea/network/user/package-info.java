/**
 * The user-mode network: a small Internet of its own for the guest, without privileges on the host.
 *
 * <p>{@link dev.rhea.network.user.UserStack} is the port. Behind it: {@code link} (ARP, neighbour discovery), {@code ip}
 * (packets, fragments, addresses), {@code icmp}, {@code udp}, {@code tcp}, and the services {@code dhcp} and {@code tftp}.
 * Connections of the guest end here and are joined to sockets of the host; nothing of the guest's packets gets to the host's
 * network as it is. All of it runs on one thread. Whatever the guest does, memory, sockets and processes have limits.
 */
@NullMarked
package dev.rhea.network.user;

import org.jspecify.annotations.NullMarked;
