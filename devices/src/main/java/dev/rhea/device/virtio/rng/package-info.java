/** The virtio entropy device: Virtio 1.3, section 5.4. */
@NullMarked
package dev.rhea.device.virtio.rng;

import org.jspecify.annotations.NullMarked;
