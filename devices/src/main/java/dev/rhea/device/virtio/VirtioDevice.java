package dev.rhea.device.virtio;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.state.BadStateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all virtio devices have in common: features, the status machine, queues and the configuration space (Virtio 1.3, section
 * 2). It does not know which transport it hangs on. With the machine lock held, unless said otherwise.
 */
public abstract class VirtioDevice implements Device {
    /** Device ids (section 5) of devices that a machine can boot from. */
    public static final int ID_NET = 1;

    public static final int ID_BLOCK = 2;

    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER = 1 << 1;
    public static final int DRIVER_OK = 1 << 2;
    public static final int FEATURES_OK = 1 << 3;
    public static final int DEVICE_NEEDS_RESET = 1 << 6;
    public static final int FAILED = 1 << 7;

    /** What is saved of every virtio device. */
    public record CoreState(
            int status, long features, int configGeneration, boolean broken, List<VirtQueue.State> queues) {}

    private static final int MOST_LOGGED = 8;
    private static final System.Logger LOG = System.getLogger(VirtioDevice.class.getName());

    private final String type;
    private final int id;
    private final CommonOptions options;
    private final List<VirtQueue> queues = new ArrayList<>();
    private List<PropertyValue> properties = List.of();
    protected final ConfigSpace config;

    private @Nullable Transport transport;
    private volatile int status;
    private volatile long features;
    private int configGeneration;
    private volatile boolean broken;
    /** How many failures were logged; a few more or less do not matter. */
    private int logged;

    /**
     * @param type its type's name: {@code virtio-blk-device}
     * @param id of section 5: 1 network card, 2 block device …
     */
    protected VirtioDevice(String type, int id, CommonOptions options, int configSize) {
        this.type = type;
        this.id = id;
        this.options = options;
        config = new ConfigSpace(configSize);
    }

    /** One more queue; the first has index 0. In constructors. */
    protected final VirtQueue addQueue(int size) {
        VirtQueue queue = new VirtQueue(this, queues.size(), size);
        queues.add(queue);
        return queue;
    }

    @Override
    public final String type() {
        return type;
    }

    /** Says what it was made with, for who looks at the machine. Once. */
    public final void describe(List<PropertyValue> values) {
        properties = List.copyOf(values);
    }

    /** What it was made with, and what it made of what was left to it. */
    @Override
    public List<PropertyValue> properties() {
        return properties;
    }

    /** The device id of section 5. */
    public final int id() {
        return id;
    }

    // ---- for transports

    /** Hangs it on a transport. Once. */
    public final void plug(Transport onto) {
        if (transport != null) {
            throw new IllegalStateException(type + " is plugged in already");
        }
        transport = onto;
        onto.memory().onChange(() -> queues.forEach(VirtQueue::memoryMoved));
        plugged();
    }

    public final List<VirtQueue> queues() {
        return queues;
    }

    /** The queue of a number, or null. */
    public final @Nullable VirtQueue queue(int index) {
        return index >= 0 && index < queues.size() ? queues.get(index) : null;
    }

    /** What the driver may choose from. @param modern whether the transport lets it choose {@link VirtioFeature#VERSION_1} */
    public final long offeredFeatures(boolean modern) {
        return modern
                ? deviceFeatures() | options.features(true)
                : legacyFeatures(deviceFeatures() & 0xffffffffL | options.features(false));
    }

    /** What the driver chose. Any thread. */
    public final long features() {
        return features;
    }

    /** The driver's choice; ignored once it is fixed. What was not offered is left out. */
    public final void setFeatures(long chosen, boolean modern) {
        if ((status & FEATURES_OK) == 0) {
            features = chosen & offeredFeatures(modern);
        }
    }

    public final boolean has(long feature) {
        return (features & feature) != 0;
    }

    final boolean isPacked() {
        return has(VirtioFeature.RING_PACKED);
    }

    public final int status() {
        return status;
    }

    /** The driver writes the status register. 0 resets. */
    public final void setStatus(int value) {
        int next = value & 0xff;
        if (next == 0) {
            reset();
            return;
        }
        int set = next & ~status;
        if ((set & FEATURES_OK) != 0 && !acceptsFeatures()) {
            next &= ~FEATURES_OK;
        }
        status = next | status & DEVICE_NEEDS_RESET;
        if ((set & DRIVER_OK) != 0) {
            queues.forEach(VirtQueue::start);
            driverReady();
            for (VirtQueue queue : queues) {
                if (queue.isActive()) {
                    notified(queue);
                }
            }
        }
    }

    private boolean acceptsFeatures() {
        return has(VirtioFeature.VERSION_1);
    }

    /** The driver finished a queue's set-up: legacy drivers use it even before DRIVER_OK. */
    final void queueReady(VirtQueue queue) {
        if ((status & DRIVER_OK) != 0 || !has(VirtioFeature.VERSION_1)) {
            queue.start();
        }
    }

    /** The driver says that it made buffers available. */
    public final void notifyQueue(int index) {
        VirtQueue queue = queue(index);
        if (queue != null && queue.isActive()) {
            notified(queue);
        }
    }

    public final long readConfig(long offset, int size) {
        return configRead(offset, size);
    }

    public final void writeConfig(long offset, long value, int size) {
        if (offset >= 0 && offset + size <= config.size()) {
            configWritten((int) offset, value, size);
        }
    }

    /** Bytes of its configuration structure. */
    public final int configSize() {
        return config.size();
    }

    /** Changes whenever the configuration does. */
    public final int configGeneration() {
        return configGeneration;
    }

    // ---- for devices

    /** The features of this device type that it offers now. */
    protected abstract long deviceFeatures();

    /** What a legacy driver is offered, of the low 32 bits. */
    protected long legacyFeatures(long features) {
        return features;
    }

    /** There may be requests in a queue. Must not block: wake a thread. */
    protected abstract void notified(VirtQueue queue);

    /** It hangs on a transport now: {@link #memory} and {@link #transport} answer. */
    protected void plugged() {}

    /** The driver is done: DRIVER_OK. */
    protected void driverReady() {}

    /** The device was reset; its queues stand still. */
    protected void deviceReset() {}

    /** The driver reads its configuration. */
    protected long configRead(long offset, int size) {
        return config.get(offset, size);
    }

    /** The driver writes to its configuration, inside of it. */
    protected void configWritten(int offset, long value, int size) {}

    /** Tells the driver that the configuration is another. */
    protected final void configurationChanged() {
        configGeneration = configGeneration + 1 & 0xff;
        Transport on = transport;
        if (on != null && (status & DRIVER_OK) != 0) {
            on.interruptConfiguration();
        }
    }

    protected final boolean isRunning() {
        return (status & DRIVER_OK) != 0 && !broken;
    }

    protected final Transport transport() {
        return Objects.requireNonNull(transport, "not plugged in");
    }

    public final AddressSpace memory() {
        return transport().memory();
    }

    /** Whether the driver broke it: only a reset helps. Any thread. */
    public final boolean isBroken() {
        return broken;
    }

    /** Interrupts for a queue. Any thread, without the queue's lock. */
    public final void interrupt(VirtQueue queue) {
        Transport on = transport();
        on.lock().lock();
        try {
            if (queue.isReady()) {
                on.interrupt(queue);
            }
        } finally {
            on.lock().unlock();
        }
    }

    /** Notes that a queue makes no sense. Any thread; {@link #announceFailure} tells the driver. */
    public final void fail(VirtQueue queue, BrokenQueueException why) {
        if (!broken) {
            broken = true;
            logFailure(queue, why);
        }
        Transport on = transport();
        if (on.lock().isHeldByCurrentThread()) {
            announceFailure();
        }
    }

    /** Says it, but does not let a guest fill the log. */
    private void logFailure(VirtQueue queue, BrokenQueueException why) {
        if (logged < MOST_LOGGED) {
            logged++;
            LOG.log(System.Logger.Level.WARNING, "{0}: queue {1}: {2}", type, queue.index(), why.getMessage());
        }
    }

    /** Tells the driver that the device needs a reset. Any thread, without a queue's lock. */
    public final void announceFailure() {
        Transport on = transport();
        on.lock().lock();
        try {
            if (broken && has(VirtioFeature.VERSION_1) && (status & DEVICE_NEEDS_RESET) == 0) {
                status |= DEVICE_NEEDS_RESET;
                on.interruptConfiguration();
            }
        } finally {
            on.lock().unlock();
        }
    }

    @Override
    public final void reset() {
        // No queue thread finds its queue active from here on; each reset of a queue waits for its thread.
        status = 0;
        queues.forEach(VirtQueue::reset);
        features = 0;
        broken = false;
        configGeneration = 0;
        deviceReset();
    }

    // ---- state

    protected final CoreState saveCore() {
        return new CoreState(
                status,
                features,
                configGeneration,
                broken,
                queues.stream().map(VirtQueue::save).toList());
    }

    /** Throws where a state is none of this device. */
    protected final void checkCore(CoreState state) throws BadStateException {
        if (state.queues.size() != queues.size() || (state.features & ~offeredFeatures(true)) != 0) {
            throw new BadStateException(type + ": queues or features are not those of this device");
        }
        for (int i = 0; i < queues.size(); i++) {
            if (!queues.get(i).accepts(state.queues.get(i))) {
                throw new BadStateException(type + ": the state of queue " + i + " makes no sense");
            }
        }
    }

    /** Takes over a state that was checked. Queues start, and look for requests, at once. */
    protected final void loadCore(CoreState state) {
        queues.forEach(VirtQueue::stop);
        status = state.status;
        features = state.features;
        configGeneration = state.configGeneration;
        broken = state.broken;
        for (int i = 0; i < queues.size(); i++) {
            queues.get(i).load(state.queues.get(i));
            queueReady(queues.get(i));
        }
        for (VirtQueue queue : queues) {
            if (queue.isActive()) {
                notified(queue);
            }
        }
    }
}
