/** UDP: flows of the guest out of sockets of the host, forwards into the guest, and the services that answer here. */
@NullMarked
package dev.rhea.network.user.udp;

import org.jspecify.annotations.NullMarked;
