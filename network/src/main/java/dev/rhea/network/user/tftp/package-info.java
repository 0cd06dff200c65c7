/** A TFTP server (RFC 1350) that reads a folder of the host. */
@NullMarked
package dev.rhea.network.user.tftp;

import org.jspecify.annotations.NullMarked;
