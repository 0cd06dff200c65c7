package dev.rhea.device.virtio.pci;

import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.machine.memory.Registers;

/** The common configuration structure: section 4.1.4.3. With the machine lock held. */
final class CommonConfiguration implements Registers {
    static final int DEVICE_FEATURE_SELECT = 0;
    static final int DEVICE_FEATURE = 4;
    static final int DRIVER_FEATURE_SELECT = 8;
    static final int DRIVER_FEATURE = 12;
    static final int CONFIG_MSIX_VECTOR = 16;
    static final int NUM_QUEUES = 18;
    static final int DEVICE_STATUS = 20;
    static final int CONFIG_GENERATION = 21;
    static final int QUEUE_SELECT = 22;
    static final int QUEUE_SIZE = 24;
    static final int QUEUE_MSIX_VECTOR = 26;
    static final int QUEUE_ENABLE = 28;
    static final int QUEUE_NOTIFY_OFF = 30;
    static final int QUEUE_DESC = 32;
    static final int QUEUE_DRIVER = 40;
    static final int QUEUE_DEVICE = 48;
    static final int QUEUE_NOTIF_CONFIG_DATA = 56;
    static final int QUEUE_RESET = 58;

    private final VirtioPci card;
    private final VirtioDevice device;
    private int deviceFeatureSelect;
    private int driverFeatureSelect;
    private long driverFeatures;

    CommonConfiguration(VirtioPci card, VirtioDevice device) {
        this.card = card;
        this.device = device;
    }

    @Override
    public long read(long offset, int size) {
        VirtQueue queue = device.queue(card.queueSelect());
        return switch ((int) offset) {
            case DEVICE_FEATURE_SELECT -> deviceFeatureSelect;
            case DEVICE_FEATURE ->
                deviceFeatureSelect >>> 1 == 0 ? device.offeredFeatures(true) >>> 32 * deviceFeatureSelect : 0;
            case DRIVER_FEATURE_SELECT -> driverFeatureSelect;
            case DRIVER_FEATURE -> driverFeatureSelect >>> 1 == 0 ? device.features() >>> 32 * driverFeatureSelect : 0;
            case CONFIG_MSIX_VECTOR -> card.configVector();
            case NUM_QUEUES -> device.queues().size();
            case DEVICE_STATUS -> device.status();
            case CONFIG_GENERATION -> device.configGeneration();
            case QUEUE_SELECT -> card.queueSelect();
            default -> queue == null ? 0 : readQueue(queue, (int) offset);
        };
    }

    private static long readQueue(VirtQueue queue, int offset) {
        return switch (offset) {
            case QUEUE_SIZE -> queue.size();
            case QUEUE_MSIX_VECTOR -> queue.vector();
            case QUEUE_ENABLE -> queue.isReady() ? 1 : 0;
            case QUEUE_NOTIFY_OFF, QUEUE_NOTIF_CONFIG_DATA -> queue.index();
            case QUEUE_DESC -> queue.descAddress();
            case QUEUE_DESC + 4 -> queue.descAddress() >>> 32;
            case QUEUE_DRIVER -> queue.driverAddress();
            case QUEUE_DRIVER + 4 -> queue.driverAddress() >>> 32;
            case QUEUE_DEVICE -> queue.deviceAddress();
            case QUEUE_DEVICE + 4 -> queue.deviceAddress() >>> 32;
            default -> 0;
        };
    }

    @Override
    public void write(long offset, long value, int size) {
        switch ((int) offset) {
            case DEVICE_FEATURE_SELECT -> deviceFeatureSelect = (int) value;
            case DRIVER_FEATURE_SELECT -> driverFeatureSelect = (int) value;
            case DRIVER_FEATURE -> {
                if (driverFeatureSelect >>> 1 == 0) {
                    driverFeatures = driverFeatureSelect == 0
                            ? driverFeatures & -1L << 32 | value & 0xffffffffL
                            : driverFeatures & 0xffffffffL | value << 32;
                    device.setFeatures(driverFeatures, true);
                }
            }
            case CONFIG_MSIX_VECTOR -> card.setConfigVector((int) value);
            case DEVICE_STATUS -> card.setStatus((int) value);
            case QUEUE_SELECT -> card.setQueueSelect((int) value);
            default -> {
                VirtQueue queue = device.queue(card.queueSelect());
                if (queue != null) {
                    writeQueue(queue, (int) offset, value);
                }
            }
        }
    }

    private void writeQueue(VirtQueue queue, int offset, long value) {
        switch (offset) {
            case QUEUE_MSIX_VECTOR -> queue.setVector(card.vector((int) value));
            case QUEUE_ENABLE -> {
                if (value == 1) {
                    queue.setReady(true);
                }
            }
            case QUEUE_RESET -> {
                if (value == 1) {
                    queue.reset();
                }
            }
            default -> {
                if (!queue.isReady()) {
                    place(queue, offset, value);
                }
            }
        }
    }

    private static void place(VirtQueue queue, int offset, long value) {
        switch (offset) {
            case QUEUE_SIZE -> queue.setSize((int) value & 0xffff);
            case QUEUE_DESC -> queue.setDescAddress(low(queue.descAddress(), value));
            case QUEUE_DESC + 4 -> queue.setDescAddress(high(queue.descAddress(), value));
            case QUEUE_DRIVER -> queue.setDriverAddress(low(queue.driverAddress(), value));
            case QUEUE_DRIVER + 4 -> queue.setDriverAddress(high(queue.driverAddress(), value));
            case QUEUE_DEVICE -> queue.setDeviceAddress(low(queue.deviceAddress(), value));
            case QUEUE_DEVICE + 4 -> queue.setDeviceAddress(high(queue.deviceAddress(), value));
            default -> {
                // read-only or nothing
            }
        }
    }

    private static long low(long old, long value) {
        return old & -1L << 32 | value & 0xffffffffL;
    }

    private static long high(long old, long value) {
        return old & 0xffffffffL | value << 32;
    }

    void reset() {
        deviceFeatureSelect = 0;
        driverFeatureSelect = 0;
        driverFeatures = 0;
    }

    int deviceFeatureSelect() {
        return deviceFeatureSelect;
    }

    int driverFeatureSelect() {
        return driverFeatureSelect;
    }

    long driverFeatures() {
        return driverFeatures;
    }

    void load(int deviceSelect, int driverSelect, long features) {
        deviceFeatureSelect = deviceSelect;
        driverFeatureSelect = driverSelect;
        driverFeatures = features;
    }
}
