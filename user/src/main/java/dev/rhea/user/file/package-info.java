/** Files, sockets and everything else behind a descriptor. */
@NullMarked
package dev.rhea.user.file;

import org.jspecify.annotations.NullMarked;
