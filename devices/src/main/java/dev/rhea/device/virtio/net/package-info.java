/** The virtio network card: Virtio 1.3, section 5.1. */
@NullMarked
package dev.rhea.device.virtio.net;

import org.jspecify.annotations.NullMarked;
