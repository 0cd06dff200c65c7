/** The traditional memory balloon: Virtio 1.3, section 5.5. */
@NullMarked
package dev.rhea.device.virtio.balloon;

import org.jspecify.annotations.NullMarked;
