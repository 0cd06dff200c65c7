/** The virtio console device with its ports: Virtio 1.3, section 5.3. */
@NullMarked
package dev.rhea.device.virtio.console;

import org.jspecify.annotations.NullMarked;
