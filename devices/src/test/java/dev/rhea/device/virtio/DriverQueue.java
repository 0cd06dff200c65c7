package dev.rhea.device.virtio;

import java.util.List;

/** A driver's end of a virtqueue. */
public interface DriverQueue {
    /** A piece of memory in a request. */
    record Buffer(long address, long length, boolean writable) {
        public static Buffer in(long address, long length) {
            return new Buffer(address, length, true);
        }

        public static Buffer out(long address, long length) {
            return new Buffer(address, length, false);
        }
    }

    /** A request that the device gave back. */
    record Used(int id, long written) {}

    /** Makes a request available. @return its id */
    int add(List<Buffer> buffers);

    /** The same with an indirect table. */
    int addIndirect(List<Buffer> buffers);

    void kick();

    /** Waits for the next used request, by interrupts. */
    Used await();

    /** A used request, if there is one. */
    boolean hasUsed();

    /** One request from start to end. @return bytes written */
    default long run(Buffer... buffers) {
        int id = add(List.of(buffers));
        kick();
        Used used = await();
        if (used.id() != id) {
            throw new AssertionError("request " + used.id() + " came back, not " + id);
        }
        return used.written();
    }
}
