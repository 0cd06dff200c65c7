/** Addresses for the guest: DHCP (RFC 2131), and DHCPv6 without state (RFC 8415). */
@NullMarked
package dev.rhea.network.user.dhcp;

import org.jspecify.annotations.NullMarked;
