/** Sockets: addresses, messages with their control data, options. */
@NullMarked
package dev.rhea.user.file.socket;

import org.jspecify.annotations.NullMarked;
