/** Waiting for many descriptors at once: poll, select, epoll; and the descriptors that exist to be waited for. */
@NullMarked
package dev.rhea.user.file.poll;

import org.jspecify.annotations.NullMarked;
