/** Virtio over PCI: Virtio 1.3, section 4.1, with the legacy interface of 4.1.4.10. */
@NullMarked
package dev.rhea.device.virtio.pci;

import org.jspecify.annotations.NullMarked;
