package dev.rhea.device.virtio.pci;

import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.machine.memory.Registers;

/** The legacy interface in I/O space: section 4.1.4.10. With the machine lock held. */
final class LegacyRegisters implements Registers {
    static final int DEVICE_FEATURES = 0;
    static final int DRIVER_FEATURES = 4;
    static final int QUEUE_ADDRESS = 8;
    static final int QUEUE_SIZE = 12;
    static final int QUEUE_SELECT = 14;
    static final int QUEUE_NOTIFY = 16;
    static final int DEVICE_STATUS = 18;
    static final int ISR_STATUS = 19;
    static final int CONFIG_MSIX_VECTOR = 20;
    static final int QUEUE_MSIX_VECTOR = 22;

    /** Bytes before the device's configuration, with the vectors that are there while MSI-X is on. */
    static final int HEADER = 24;

    private static final int PAGE_SHIFT = 12;

    private final VirtioPci card;
    private final VirtioDevice device;

    LegacyRegisters(VirtioPci card, VirtioDevice device) {
        this.card = card;
        this.device = device;
    }

    private int headerSize() {
        return card.isMsixEnabled() ? HEADER : CONFIG_MSIX_VECTOR;
    }

    @Override
    public long read(long offset, int size) {
        if (offset >= headerSize()) {
            return device.readConfig(offset - headerSize(), size);
        }
        VirtQueue queue = device.queue(card.queueSelect());
        return switch ((int) offset) {
            case DEVICE_FEATURES -> device.offeredFeatures(false);
            case DRIVER_FEATURES -> device.features();
            case QUEUE_ADDRESS -> queue == null || !queue.isReady() ? 0 : queue.descAddress() >>> PAGE_SHIFT;
            case QUEUE_SIZE -> queue == null ? 0 : queue.proposedSize();
            case QUEUE_SELECT -> card.queueSelect();
            case DEVICE_STATUS -> device.status();
            case ISR_STATUS -> card.takeIsr();
            case CONFIG_MSIX_VECTOR -> card.configVector();
            case QUEUE_MSIX_VECTOR -> queue == null ? VirtQueue.NO_VECTOR : queue.vector();
            default -> -1;
        };
    }

    @Override
    public void write(long offset, long value, int size) {
        if (offset >= headerSize()) {
            device.writeConfig(offset - headerSize(), value, size);
            return;
        }
        VirtQueue queue = device.queue(card.queueSelect());
        switch ((int) offset) {
            case DRIVER_FEATURES -> device.setFeatures(value & 0xffffffffL, false);
            case QUEUE_ADDRESS -> {
                if (queue != null) {
                    place(queue, value & 0xffffffffL);
                }
            }
            case QUEUE_SELECT -> card.setQueueSelect((int) value);
            case QUEUE_NOTIFY -> device.notifyQueue((int) value & 0xffff);
            case DEVICE_STATUS -> card.setStatus((int) value);
            case CONFIG_MSIX_VECTOR -> card.setConfigVector((int) value);
            case QUEUE_MSIX_VECTOR -> {
                if (queue != null) {
                    queue.setVector(card.vector((int) value));
                }
            }
            default -> {
                // read-only or nothing
            }
        }
    }

    private static void place(VirtQueue queue, long page) {
        queue.setReady(false);
        if (page != 0) {
            queue.setLegacyAddress(page << PAGE_SHIFT, 1 << PAGE_SHIFT);
            queue.setReady(true);
        }
    }
}
