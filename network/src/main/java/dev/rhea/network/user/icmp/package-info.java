/** ICMP: echo, and errors for what cannot be delivered. */
@NullMarked
package dev.rhea.network.user.icmp;

import org.jspecify.annotations.NullMarked;
