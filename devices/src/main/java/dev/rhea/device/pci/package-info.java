/**
 * PCI and PCI Express as guests see them: functions with their configuration space, base address registers and interrupts, buses,
 * bridges and host bridges. A device is not a subclass of anything here: it makes itself a {@link dev.rhea.device.pci.PciFunction}
 * on a bus and declares its registers there. Sources: PCI Local Bus 3.0, PCI-to-PCI Bridge Architecture 1.2, PCI Express Base 3.0;
 * names are those of Linux's {@code pci_regs.h}.
 */
@NullMarked
package dev.rhea.device.pci;

import org.jspecify.annotations.NullMarked;
