/** The Internet layer: packets of IPv4 and IPv6 taken apart and made, fragments, and which addresses of the guest's network mean what. */
@NullMarked
package dev.rhea.network.user.ip;

import org.jspecify.annotations.NullMarked;
