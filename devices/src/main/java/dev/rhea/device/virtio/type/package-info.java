/** The virtio device types as {@code -device} names them: properties, the bus they plug into, and how they are made. */
@NullMarked
package dev.rhea.device.virtio.type;

import org.jspecify.annotations.NullMarked;
