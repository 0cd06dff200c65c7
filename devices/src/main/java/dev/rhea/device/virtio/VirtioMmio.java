package dev.rhea.device.virtio;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Virtio over MMIO: Virtio 1.3, section 4.2; with {@code force-legacy=on}, the reference's default, in the legacy form of section
 * 4.2.4. Without a device its registers say so.
 */
public final class VirtioMmio implements Device, Transport, Registers, Stateful<VirtioMmio.State> {
    /** The property that says whether it takes the legacy form. */
    public static final String FORCE_LEGACY = "force-legacy";

    public static final List<Property> PROPERTIES = List.of(
            Property.of(FORCE_LEGACY, PropertyKind.BOOL, "true", ""),
            Property.of("format_transport_address", PropertyKind.BOOL, "true", ""),
            Property.of("ioeventfd", PropertyKind.BOOL, "true", "on/off"));

    /** Size of the region. */
    public static final int SIZE = 0x200;

    static final int MAGIC_VALUE = 0x000;
    static final int VERSION = 0x004;
    static final int DEVICE_ID = 0x008;
    static final int VENDOR_ID = 0x00c;
    static final int DEVICE_FEATURES = 0x010;
    static final int DEVICE_FEATURES_SEL = 0x014;
    static final int DRIVER_FEATURES = 0x020;
    static final int DRIVER_FEATURES_SEL = 0x024;
    static final int GUEST_PAGE_SIZE = 0x028;
    static final int QUEUE_SEL = 0x030;
    static final int QUEUE_NUM_MAX = 0x034;
    static final int QUEUE_NUM = 0x038;
    static final int QUEUE_ALIGN = 0x03c;
    static final int QUEUE_PFN = 0x040;
    static final int QUEUE_READY = 0x044;
    static final int QUEUE_NOTIFY = 0x050;
    static final int INTERRUPT_STATUS = 0x060;
    static final int INTERRUPT_ACK = 0x064;
    static final int STATUS = 0x070;
    static final int QUEUE_DESC_LOW = 0x080;
    static final int QUEUE_DESC_HIGH = 0x084;
    static final int QUEUE_DRIVER_LOW = 0x090;
    static final int QUEUE_DRIVER_HIGH = 0x094;
    static final int QUEUE_DEVICE_LOW = 0x0a0;
    static final int QUEUE_DEVICE_HIGH = 0x0a4;
    static final int SHM_SEL = 0x0ac;
    static final int SHM_LEN_LOW = 0x0b0;
    static final int SHM_BASE_HIGH = 0x0bc;
    static final int QUEUE_RESET = 0x0c0;
    static final int CONFIG_GENERATION = 0x0fc;
    static final int CONFIG = 0x100;

    private static final int MAGIC = 0x74726976;
    /** {@code QEMU}: drivers take it for a name and nothing else. */
    private static final int VENDOR = 0x554d4551;

    private static final int INTERRUPT_USED = 1;
    private static final int INTERRUPT_CONFIG = 1 << 1;

    /** What is saved of the transport. */
    @Version(1)
    public record State(
            int deviceFeaturesSel,
            int driverFeaturesSel,
            long driverFeatures,
            int guestPageShift,
            int queueSel,
            int queueAlign,
            int interruptStatus) {}

    private final boolean legacy;
    private final AddressSpace memory;
    private final ReentrantLock lock;
    private final Line line;
    private final Mmio region;
    private @Nullable VirtioDevice device;

    private int deviceFeaturesSel;
    private int driverFeaturesSel;
    private long driverFeatures;
    private int guestPageShift;
    private int queueSel;
    private int queueAlign = VirtQueue.LEGACY_ALIGN;
    private int interruptStatus;

    /**
     * @param legacy the property {@code force-legacy}
     * @param lock the machine lock
     */
    public VirtioMmio(boolean legacy, AddressSpace memory, ReentrantLock lock, Line line) {
        this.legacy = legacy;
        this.memory = memory;
        this.lock = lock;
        this.line = line;
        region = new Mmio("virtio-mmio", SIZE, AccessRule.ANY, this);
    }

    /** Its registers. */
    public Mmio region() {
        return region;
    }

    /** Puts a device into the slot. Before the machine starts. */
    public void plug(VirtioDevice into) {
        if (device != null) {
            throw new IllegalStateException("there is a device in this slot already");
        }
        device = into;
        into.plug(this);
    }

    public @Nullable VirtioDevice device() {
        return device;
    }

    @Override
    public String type() {
        return "virtio-mmio";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(
                PropertyValue.of("format_transport_address", true),
                PropertyValue.of(FORCE_LEGACY, legacy),
                PropertyValue.of("ioeventfd", true));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(1));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    @Override
    public AddressSpace memory() {
        return memory;
    }

    @Override
    public ReentrantLock lock() {
        return lock;
    }

    @Override
    public void interrupt(VirtQueue queue) {
        interruptStatus |= INTERRUPT_USED;
        line.raise();
    }

    @Override
    public void interruptConfiguration() {
        interruptStatus |= INTERRUPT_CONFIG;
        line.raise();
    }

    @Override
    public long read(long offset, int size) {
        VirtioDevice behind = device;
        if (behind == null) {
            return switch ((int) offset) {
                case MAGIC_VALUE -> MAGIC;
                case VERSION -> legacy ? 1 : 2;
                case VENDOR_ID -> VENDOR;
                default -> 0;
            };
        }
        if (offset >= CONFIG) {
            return behind.readConfig(offset - CONFIG, size);
        }
        if (size != 4) {
            return 0;
        }
        VirtQueue queue = behind.queue(queueSel);
        return switch ((int) offset) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> legacy ? 1 : 2;
            case DEVICE_ID -> behind.id();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES ->
                switch (deviceFeaturesSel) {
                    case 0 -> behind.offeredFeatures(!legacy);
                    case 1 -> legacy ? 0 : behind.offeredFeatures(true) >>> 32;
                    default -> 0;
                };
            case QUEUE_NUM_MAX -> queue == null ? 0 : VirtQueue.MAX_SIZE;
            case QUEUE_PFN -> legacy && queue != null ? queue.descAddress() >>> guestPageShift : 0;
            case QUEUE_READY -> !legacy && queue != null && queue.isReady() ? 1 : 0;
            case INTERRUPT_STATUS -> interruptStatus;
            case STATUS -> behind.status();
            case CONFIG_GENERATION -> legacy ? 0 : behind.configGeneration();
            default -> offset >= SHM_LEN_LOW && offset <= SHM_BASE_HIGH ? -1 : 0;
        };
    }

    @Override
    public void write(long offset, long value, int size) {
        VirtioDevice behind = device;
        if (behind == null) {
            return;
        }
        if (offset >= CONFIG) {
            behind.writeConfig(offset - CONFIG, value, size);
            return;
        }
        if (size != 4) {
            return;
        }
        switch ((int) offset) {
            case DEVICE_FEATURES_SEL -> deviceFeaturesSel = (int) value;
            case DRIVER_FEATURES_SEL -> driverFeaturesSel = (int) value;
            case DRIVER_FEATURES -> setDriverFeatures(behind, value);
            case QUEUE_SEL -> queueSel = (int) value;
            case QUEUE_NOTIFY -> behind.notifyQueue((int) value);
            case INTERRUPT_ACK -> acknowledge((int) value);
            case STATUS -> setStatus(behind, (int) value);
            default -> {
                VirtQueue queue = behind.queue(queueSel);
                if (queue != null) {
                    writeQueue(queue, (int) offset, value);
                } else if (offset == GUEST_PAGE_SIZE) {
                    setGuestPageSize(value);
                }
            }
        }
    }

    private void setDriverFeatures(VirtioDevice behind, long value) {
        if (driverFeaturesSel == 0) {
            driverFeatures = driverFeatures & -1L << 32 | value;
        } else if (driverFeaturesSel == 1 && !legacy) {
            driverFeatures = driverFeatures & 0xffffffffL | value << 32;
        }
        behind.setFeatures(driverFeatures, !legacy);
    }

    private void setGuestPageSize(long value) {
        if (legacy) {
            guestPageShift = value == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(value), 31);
        }
    }

    private void writeQueue(VirtQueue queue, int offset, long value) {
        switch (offset) {
            case GUEST_PAGE_SIZE -> setGuestPageSize(value);
            case QUEUE_NUM -> {
                if (!queue.isReady()) {
                    queue.setSize((int) Math.min(value, 1 << 16));
                }
            }
            case QUEUE_ALIGN -> {
                if (legacy && Long.bitCount(value) == 1) {
                    queueAlign = (int) Math.min(value, 1 << 30);
                }
            }
            case QUEUE_PFN -> setPageFrame(queue, value);
            default -> {
                if (!legacy) {
                    writeModernQueue(queue, offset, value);
                }
            }
        }
    }

    private void setPageFrame(VirtQueue queue, long value) {
        if (!legacy) {
            return;
        }
        queue.setReady(false);
        if (value == 0) {
            queue.setDescAddress(0);
            return;
        }
        queue.setLegacyAddress(value << guestPageShift, queueAlign);
        queue.setReady(true);
    }

    private static void writeModernQueue(VirtQueue queue, int offset, long value) {
        switch (offset) {
            case QUEUE_READY -> queue.setReady((value & 1) != 0);
            case QUEUE_RESET -> {
                if (value == 1) {
                    queue.reset();
                }
            }
            case QUEUE_DESC_LOW -> queue.setDescAddress(low(queue.descAddress(), value));
            case QUEUE_DESC_HIGH -> queue.setDescAddress(high(queue.descAddress(), value));
            case QUEUE_DRIVER_LOW -> queue.setDriverAddress(low(queue.driverAddress(), value));
            case QUEUE_DRIVER_HIGH -> queue.setDriverAddress(high(queue.driverAddress(), value));
            case QUEUE_DEVICE_LOW -> queue.setDeviceAddress(low(queue.deviceAddress(), value));
            case QUEUE_DEVICE_HIGH -> queue.setDeviceAddress(high(queue.deviceAddress(), value));
            default -> {
                // read-only or nothing
            }
        }
    }

    static long low(long old, long value) {
        return old & -1L << 32 | value & 0xffffffffL;
    }

    static long high(long old, long value) {
        return old & 0xffffffffL | value << 32;
    }

    private void acknowledge(int bits) {
        interruptStatus &= ~bits;
        line.set(interruptStatus != 0);
    }

    private void setStatus(VirtioDevice behind, int value) {
        behind.setStatus(value);
        if ((value & 0xff) == 0) {
            resetRegisters();
        }
    }

    @Override
    public void reset() {
        if (device != null) {
            device.reset();
        }
        // Not by a driver's reset: legacy drivers set it before that.
        guestPageShift = 0;
        resetRegisters();
    }

    private void resetRegisters() {
        deviceFeaturesSel = 0;
        driverFeaturesSel = 0;
        driverFeatures = 0;
        queueSel = 0;
        queueAlign = VirtQueue.LEGACY_ALIGN;
        acknowledge(-1);
    }

    @Override
    public void close() {
        if (device != null) {
            device.close();
        }
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                deviceFeaturesSel,
                driverFeaturesSel,
                driverFeatures,
                guestPageShift,
                queueSel,
                queueAlign,
                interruptStatus);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (state.guestPageShift < 0 || state.guestPageShift > 31 || Integer.bitCount(state.queueAlign) != 1) {
            throw new BadStateException("virtio-mmio: page size or alignment is none");
        }
        deviceFeaturesSel = state.deviceFeaturesSel;
        driverFeaturesSel = state.driverFeaturesSel;
        driverFeatures = state.driverFeatures;
        guestPageShift = state.guestPageShift;
        queueSel = state.queueSel;
        queueAlign = state.queueAlign;
        interruptStatus = state.interruptStatus;
    }
}
