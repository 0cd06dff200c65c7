package dev.rhea.device.virtio.pci;

import dev.rhea.device.pci.BarType;
import dev.rhea.device.pci.ExpressCapability;
import dev.rhea.device.pci.Msix;
import dev.rhea.device.pci.PciBus;
import dev.rhea.device.pci.PciFunction;
import dev.rhea.device.pci.PciIdentity;
import dev.rhea.device.virtio.Transport;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A virtio device as a PCI function: modern, legacy, or both. */
public final class VirtioPci implements Device, Transport, Stateful<VirtioPci.State> {
    /** Saved state of the transport; the device behind has its own. */
    @Version(1)
    public record State(
            PciFunction.State function,
            int deviceFeatureSelect,
            int driverFeatureSelect,
            long driverFeatures,
            int queueSelect,
            int configVector,
            int isr) {}

    private static final int VENDOR = 0x1af4;
    private static final int MODERN_ID = 0x1040;
    private static final int SUBSYSTEM_MODERN = 0x1100;

    private static final int CAP_COMMON_CFG = 1;
    private static final int CAP_NOTIFY_CFG = 2;
    private static final int CAP_ISR_CFG = 3;
    private static final int CAP_DEVICE_CFG = 4;

    private static final int LEGACY_BAR = 0;
    private static final int MSIX_BAR = 1;
    private static final int MODERN_BAR = 4;

    private static final int ISR_QUEUE = 1;
    private static final int ISR_CONFIG = 2;

    /** Where the structures are in the modern BAR, a page each. */
    private static final int COMMON_OFFSET = 0x0000;

    private static final int ISR_OFFSET = 0x1000;
    private static final int DEVICE_OFFSET = 0x2000;
    private static final int NOTIFY_OFFSET = 0x3000;
    private static final int PAGE = 0x1000;
    private static final int BAR_SIZE = 0x4000;
    /** With a page for each queue. */
    private static final int WIDE_NOTIFY_OFFSET = 0x40_0000;

    private static final int WIDE_BAR_SIZE = 0x80_0000;

    private static final AccessRule TO_WORDS = new AccessRule(1, 8, 1, 4, true);

    private final String type;
    private final PciFunction function;
    private final VirtioDevice device;
    private final ReentrantLock lock;
    private final CommonConfiguration common;
    private final @Nullable Msix msix;
    private int queueSelect;
    private int configVector = VirtQueue.NO_VECTOR;
    private int isr;

    /**
     * Puts a device on a bus.
     *
     * @param id the name the user gave; empty where none
     * @param lock the machine lock
     */
    public VirtioPci(
            PciBus bus,
            String id,
            PropertyValues values,
            VirtioPciOptions options,
            VirtioPciType kind,
            VirtioDevice device,
            ReentrantLock lock)
            throws BadDeviceException {
        type = values.type();
        this.device = device;
        this.lock = lock;
        function = new PciFunction(bus, identity(options, kind, device), values);
        function.setId(id);
        function.addInterruptPin(1);
        common = new CommonConfiguration(this, device);
        if (bus.isExpress() && !bus.isRoot() && options.modern()) {
            new ExpressCapability(function, ExpressCapability.PortType.ENDPOINT, true);
            function.capabilities().addPowerManagement();
        }
        if (options.legacy()) {
            int size = Integer.highestOneBit(LegacyRegisters.HEADER + device.configSize() - 1) << 1;
            function.addBar(
                    LEGACY_BAR, BarType.IO, new Mmio("virtio-pci", size, TO_WORDS, new LegacyRegisters(this, device)));
        }
        if (options.modern()) {
            addModern(options.pagePerQueue());
        }
        int vectors = (int) Math.min(
                options.vectors() == VirtioPciOptions.AUTO ? kind.vectors(device) : options.vectors(),
                Msix.MAX_VECTORS);
        msix = vectors == 0 ? null : function.addMsix(vectors, MSIX_BAR);
        function.onReset(this::functionReset);
        device.plug(this);
    }

    private static PciIdentity identity(VirtioPciOptions options, VirtioPciType kind, VirtioDevice device) {
        int classCode = (options.classCode() == 0 ? kind.classCode() : options.classCode()) << 8;
        return options.legacy()
                ? new PciIdentity(VENDOR, kind.transitionalId(), 0, classCode, VENDOR, device.id())
                : new PciIdentity(VENDOR, MODERN_ID + device.id(), 1, classCode, VENDOR, SUBSYSTEM_MODERN);
    }

    // ---- the modern interface

    private void addModern(boolean pagePerQueue) {
        int notifyOffset = pagePerQueue ? WIDE_NOTIFY_OFFSET : NOTIFY_OFFSET;
        int notifySize = pagePerQueue ? WIDE_NOTIFY_OFFSET : PAGE;
        int multiplier = pagePerQueue ? PAGE : 4;
        Container bar = new Container("virtio-pci", pagePerQueue ? WIDE_BAR_SIZE : BAR_SIZE);
        bar.add(COMMON_OFFSET, region("common", PAGE, common, true));
        bar.add(ISR_OFFSET, region("isr", PAGE, new IsrRegister(), true));
        bar.add(DEVICE_OFFSET, region("device", PAGE, new DeviceConfiguration(), true));
        bar.add(notifyOffset, region("notify", notifySize, new NotifyRegisters(multiplier), false));
        function.addBar(MODERN_BAR, BarType.MEMORY_64_PREFETCHABLE, bar);
        addCapability(CAP_COMMON_CFG, COMMON_OFFSET, PAGE, 0);
        addCapability(CAP_ISR_CFG, ISR_OFFSET, PAGE, 0);
        addCapability(CAP_DEVICE_CFG, DEVICE_OFFSET, PAGE, 0);
        addCapability(CAP_NOTIFY_CFG, notifyOffset, notifySize, multiplier);
        new ConfigurationAccess(function, new AddressSpace("virtio-pci-cfg", bar, lock), MODERN_BAR);
    }

    private Mmio region(String name, int size, Registers registers, boolean locked) {
        return new Mmio(
                "virtio-pci-" + name + "-" + device.type().replace("-device", ""), size, TO_WORDS, registers, locked);
    }

    private void addCapability(int kind, int offset, int length, int multiplier) {
        byte[] body = new byte[kind == CAP_NOTIFY_CFG ? 17 : 13];
        body[0] = (byte) kind;
        body[1] = MODERN_BAR;
        for (int i = 0; i < 4; i++) {
            body[5 + i] = (byte) (offset >>> 8 * i);
            body[9 + i] = (byte) (length >>> 8 * i);
            if (kind == CAP_NOTIFY_CFG) {
                body[13 + i] = (byte) (multiplier >>> 8 * i);
            }
        }
        function.capabilities().addVendor(body, new byte[0]);
    }

    private final class IsrRegister implements Registers {
        @Override
        public long read(long offset, int size) {
            return offset == 0 ? takeIsr() : 0;
        }

        @Override
        public void write(long offset, long value, int size) {}
    }

    private final class DeviceConfiguration implements Registers {
        @Override
        public long read(long offset, int size) {
            return device.readConfig(offset, size);
        }

        @Override
        public void write(long offset, long value, int size) {
            device.writeConfig(offset, value, size);
        }
    }

    /** Called without the machine lock: a notification only wakes a thread. */
    private final class NotifyRegisters implements Registers {
        private final int multiplier;

        NotifyRegisters(int multiplier) {
            this.multiplier = multiplier;
        }

        @Override
        public long read(long offset, int size) {
            return 0;
        }

        @Override
        public void write(long offset, long value, int size) {
            device.notifyQueue((int) (offset / multiplier));
        }
    }

    // ---- what both interfaces have

    int queueSelect() {
        return queueSelect;
    }

    void setQueueSelect(int value) {
        queueSelect = value & 0xffff;
    }

    int configVector() {
        return configVector;
    }

    void setConfigVector(int value) {
        configVector = vector(value);
    }

    /** A vector as the driver reads it back: none where there is no such one. */
    int vector(int asked) {
        return msix != null && (asked & 0xffff) < msix.vectors() ? asked & 0xffff : VirtQueue.NO_VECTOR;
    }

    boolean isMsixEnabled() {
        return msix != null && msix.isEnabled();
    }

    void setStatus(int value) {
        device.setStatus(value);
        if ((value & 0xff) == 0) {
            resetRegisters();
        }
    }

    /** Reads and clears the interrupt status, which takes the pin back. */
    int takeIsr() {
        int result = isr;
        isr = 0;
        function.setIntx(false);
        return result;
    }

    @Override
    public AddressSpace memory() {
        return function.dma();
    }

    @Override
    public ReentrantLock lock() {
        return lock;
    }

    @Override
    public void interrupt(VirtQueue queue) {
        interrupt(ISR_QUEUE, queue.vector());
    }

    @Override
    public void interruptConfiguration() {
        interrupt(ISR_QUEUE | ISR_CONFIG, configVector);
    }

    private void interrupt(int bits, int vector) {
        isr |= bits;
        if (isMsixEnabled()) {
            if (msix != null && vector != VirtQueue.NO_VECTOR) {
                msix.notify(vector);
            }
        } else {
            function.setIntx(true);
        }
    }

    private void functionReset() {
        device.reset();
        resetRegisters();
    }

    private void resetRegisters() {
        common.reset();
        queueSelect = 0;
        configVector = VirtQueue.NO_VECTOR;
        isr = 0;
        function.setIntx(false);
    }

    // ---- a device

    public PciFunction function() {
        return function;
    }

    /** The virtio device behind. */
    public VirtioDevice device() {
        return device;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public List<PropertyValue> properties() {
        // Those of the device behind it says itself.
        Set<String> behind =
                device.properties().stream().map(PropertyValue::name).collect(Collectors.toSet());
        return function.values().stream()
                .filter(property -> !behind.contains(property.name()))
                .toList();
    }

    @Override
    public List<String> remarks() {
        return function.remarks();
    }

    @Override
    public Behind behind() {
        return new Behind("virtio-bus", "virtio-pci-bus", device);
    }

    @Override
    public void reset() {
        function.reset();
    }

    @Override
    public void close() {
        device.close();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                function.saveState(),
                common.deviceFeatureSelect(),
                common.driverFeatureSelect(),
                common.driverFeatures(),
                queueSelect,
                configVector,
                isr);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        function.loadState(state.function);
        common.load(state.deviceFeatureSelect, state.driverFeatureSelect, state.driverFeatures);
        queueSelect = state.queueSelect & 0xffff;
        configVector = vector(state.configVector);
        isr = state.isr & (ISR_QUEUE | ISR_CONFIG);
    }
}
