/** The virtio 9P transport (Virtio 1.3, section 5.9 names it) and a 9P2000.L file server over a folder of the host. */
@NullMarked
package dev.rhea.device.virtio.ninep;

import org.jspecify.annotations.NullMarked;
