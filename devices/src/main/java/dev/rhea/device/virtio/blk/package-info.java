/** The virtio block device: Virtio 1.3, section 5.2. */
@NullMarked
package dev.rhea.device.virtio.blk;

import org.jspecify.annotations.NullMarked;
