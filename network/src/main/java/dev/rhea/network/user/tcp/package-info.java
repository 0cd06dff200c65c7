/** TCP towards the guest (RFC 9293), joined to byte streams of the host. */
@NullMarked
package dev.rhea.network.user.tcp;

import org.jspecify.annotations.NullMarked;
