/** Bytes as they are on the wire: network byte order and the Internet checksum. */
@NullMarked
package dev.rhea.network.wire;

import org.jspecify.annotations.NullMarked;
