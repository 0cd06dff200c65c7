package dev.rhea.device.virtio.pci;

import dev.rhea.device.virtio.VirtioDevice;
import java.util.function.ToIntFunction;

/** What PCI shows of a virtio device type. */
public enum VirtioPciType {
    NET(0x1000, 0x0200, device -> device.queues().size() + 1),
    BLOCK(0x1001, 0x0100, device -> device.queues().size() + 1),
    BALLOON(0x1002, 0x00ff, device -> 0),
    CONSOLE(0x1003, 0x0780, device -> device.queues().size() + 1),
    RNG(0x1005, 0x00ff, device -> 2),
    NINE_P(0x1009, 0x0002, device -> 2);

    private final int transitionalId;
    private final int classCode;
    private final ToIntFunction<VirtioDevice> vectors;

    VirtioPciType(int transitionalId, int classCode, ToIntFunction<VirtioDevice> vectors) {
        this.transitionalId = transitionalId;
        this.classCode = classCode;
        this.vectors = vectors;
    }

    /** The device id of one with a legacy interface. */
    public int transitionalId() {
        return transitionalId;
    }

    /** Base class and subclass. */
    public int classCode() {
        return classCode;
    }

    /** MSI-X vectors unless somebody says: the queues' and the configuration's. */
    int vectors(VirtioDevice device) {
        return vectors.applyAsInt(device);
    }
}
