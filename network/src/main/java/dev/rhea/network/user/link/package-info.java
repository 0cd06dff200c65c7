/** Who has which Ethernet address: ARP for IPv4, neighbour discovery for IPv6. */
@NullMarked
package dev.rhea.network.user.link;

import org.jspecify.annotations.NullMarked;
