package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function on a PCI bus: what a device makes itself of to be one. It owns configuration space, base address registers,
 * interrupts and the gate that lets the device reach memory while it is bus master.
 *
 * <p>A device makes it, declares registers and capabilities, and calls {@link #reset} from its own reset; {@link #onReset} brings
 * resets that the guest causes (of the function, or of the bus by a bridge) to the device. All methods with the machine lock held.
 */
public final class PciFunction implements Stateful<PciFunction.State> {
    /**
     * Saved state.
     *
     * @param config all of configuration space
     * @param intx whether the function asserts its pin
     * @param msixTable the MSI-X table; empty without MSI-X
     * @param msixPending the pending bits, 64 each
     */
    @Version(1)
    public record State(byte[] config, boolean intx, int[] msixTable, long[] msixPending) {}

    private final PciBus bus;
    private final int devfn;
    private final PciIdentity identity;
    private final PropertyValues properties;
    private final ConfigSpace config = new ConfigSpace();
    private final AddressSpace dma;
    private final Capabilities capabilities = new Capabilities(config);
    private final List<Bar> bars = new ArrayList<>();
    private final List<Runnable> resetActions = new ArrayList<>();
    private final Intx intx;
    private @Nullable BridgeHeader bridge;
    private @Nullable Msi msi;
    private @Nullable Msix msix;
    private String id = "";

    /**
     * Takes an address on a bus: the one that {@code addr} says, else the first free slot.
     *
     * @param properties with those of {@link PciProperties#COMMON}
     * @throws BadDeviceException the address is taken, the bus is full, the ROM can't be read
     */
    public PciFunction(PciBus bus, PciIdentity identity, PropertyValues properties) throws BadDeviceException {
        this(bus, identity, properties, false);
    }

    /** @param bridge whether the header is that of a bridge, which {@link BridgeHeader} declares the rest of */
    PciFunction(PciBus bus, PciIdentity identity, PropertyValues properties, boolean bridge) throws BadDeviceException {
        this.bus = bus;
        this.identity = identity;
        this.properties = properties;
        devfn = bus.allocate(properties);
        dma = bus.dma().gate(properties.type());
        intx = new Intx(this);
        declareHeader(bridge);
        config.hook(PciRegs.COMMAND, 2, new ConfigHook() {
            @Override
            public void afterWrite(int offset, int size) {
                commandChanged();
            }
        });
        ExpansionRom.of(properties).ifPresent(rom -> addRom(rom, bridge));
        bus.plug(this);
    }

    private void declareHeader(boolean bridge) {
        config.declare(PciRegs.VENDOR_ID, 2, identity.vendor());
        config.declare(PciRegs.DEVICE_ID, 2, identity.device());
        config.declare(
                PciRegs.COMMAND,
                2,
                0,
                PciRegs.COMMAND_IO
                        | PciRegs.COMMAND_MEMORY
                        | PciRegs.COMMAND_MASTER
                        | PciRegs.COMMAND_SERR
                        | PciRegs.COMMAND_INTX_DISABLE);
        config.declare(PciRegs.STATUS, 2, 0, 0, PciRegs.STATUS_ERRORS);
        config.changes(PciRegs.STATUS, 2, PciRegs.STATUS_INTERRUPT);
        config.declare(PciRegs.CLASS_REVISION, 4, identity.revision() | (long) identity.classCode() << 8);
        config.declare(PciRegs.CACHE_LINE_SIZE, 1, 0, 0xff);
        config.declare(
                PciRegs.HEADER_TYPE,
                1,
                (bridge ? PciRegs.HEADER_TYPE_BRIDGE : 0)
                        | (properties.bool("multifunction") ? PciRegs.HEADER_TYPE_MFD : 0));
        if (!bridge) {
            config.declare(PciRegs.SUBSYSTEM_VENDOR_ID, 2, identity.subsystemVendor());
            config.declare(PciRegs.SUBSYSTEM_ID, 2, identity.subsystem());
        }
        config.declare(PciRegs.INTERRUPT_LINE, 1, 0, 0xff);
    }

    // ---- what it is

    public PciBus bus() {
        return bus;
    }

    public PciIdentity identity() {
        return identity;
    }

    /** Slot and function: {@code slot << 3 | function}. */
    public int devfn() {
        return devfn;
    }

    public int slot() {
        return devfn >> 3;
    }

    public int function() {
        return devfn & 7;
    }

    /** The name of the device's type. */
    public String type() {
        return properties.type();
    }

    public PropertyValues properties() {
        return properties;
    }

    /** The name that the user gave the device; empty where none. */
    public String id() {
        return id;
    }

    public void setId(String name) {
        id = name;
    }

    void setBridge(BridgeHeader header) {
        bridge = header;
    }

    @Nullable
    BridgeHeader bridge() {
        return bridge;
    }

    // ---- what a device declares

    public ConfigSpace config() {
        return config;
    }

    /**
     * Declares a base address register.
     *
     * @param number 0 to 5; one of 64 bits takes the next number too
     * @param region what answers; its size is a power of 2, for I/O at least 4, for memory at least 16
     */
    public void addBar(int number, BarType type, Region region) {
        int count = config.getInt(PciRegs.HEADER_TYPE, 1) & 0x7f;
        int last = number + (type.is64() ? 1 : 0);
        if (number < 0 || last >= (count == 0 ? 6 : 2) || isBar(number) || isBar(last)) {
            throw new IllegalArgumentException(
                    type() + ": no base address register " + number + " for " + region.name());
        }
        addBar(new Bar(number, PciRegs.BASE_ADDRESS_0 + 4 * number, type, region, false, bus));
    }

    private boolean isBar(int number) {
        return bars.stream().anyMatch(bar -> bar.covers(number));
    }

    private void addRom(Region rom, boolean bridge) {
        addBar(new Bar(6, bridge ? PciRegs.ROM_ADDRESS1 : PciRegs.ROM_ADDRESS, BarType.MEMORY, rom, true, bus));
    }

    private void addBar(Bar bar) {
        bar.declare(config);
        bars.add(bar);
        config.hook(bar.offset, bar.type.is64() ? 8 : 4, new ConfigHook() {
            @Override
            public void afterWrite(int offset, int size) {
                bus.update(() -> bar.update(config));
            }
        });
    }

    List<Bar> bars() {
        return Collections.unmodifiableList(bars);
    }

    /** Where a base address register's region answers now, as an address on the bus; -1 where nowhere. */
    public long barAddress(int number) {
        return bars.stream()
                .filter(bar -> bar.number == number)
                .mapToLong(Bar::mapped)
                .findFirst()
                .orElse(Bar.UNMAPPED);
    }

    /** The region of a base address register, or null. */
    public @Nullable Region barRegion(int number) {
        return bars.stream()
                .filter(bar -> bar.number == number)
                .map(bar -> bar.region)
                .findFirst()
                .orElse(null);
    }

    /** Base class and subclass: 16 bits. */
    public int classCode() {
        return config.getInt(PciRegs.CLASS_DEVICE, 2);
    }

    /** What it was made with, and where it was put. */
    public List<PropertyValue> values() {
        return properties.view().stream()
                .map(value -> value.kind() == PropertyKind.PCI_ADDRESS
                        ? new PropertyValue(value.name(), value.kind(), (long) devfn())
                        : value)
                .toList();
    }

    /** Its class, its place, and where its base address registers answer: what {@code info qtree} shows below properties. */
    public List<String> remarks() {
        return PciInfo.of(this).remarks();
    }

    /** Capabilities of the first 256 bytes, and extended ones. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** Declares that it interrupts through a pin. @param pin 1 to 4: INTA# to INTD# */
    public void addInterruptPin(int pin) {
        if (pin < 1 || pin > 4) {
            throw new IllegalArgumentException("pins are 1 to 4, not " + pin);
        }
        config.declare(PciRegs.INTERRUPT_PIN, 1, pin);
    }

    /** Declares MSI with 64-bit addresses. @param vectors a power of 2, 1 to 32 */
    public Msi addMsi(int vectors, boolean perVectorMasking) {
        return addMsi(new Msi.Layout(Msi.ANYWHERE, vectors, true, perVectorMasking));
    }

    Msi addMsi(Msi.Layout layout) {
        return msi = new Msi(this, layout);
    }

    /** Declares MSI-X whose table and pending bits are in a memory register of their own. @param vectors 1 to 2048 */
    public Msix addMsix(int vectors, int bar) {
        return msix = Msix.inOwnBar(this, vectors, bar);
    }

    /**
     * Declares MSI-X whose table and pending bits are in registers that the device places in its own regions: see
     * {@link Msix#table} and {@link Msix#pendingBits}.
     *
     * @param tableOffset in the region of {@code tableBar}, a multiple of 8
     */
    public Msix addMsix(int vectors, int tableBar, int tableOffset, int pendingBar, int pendingOffset) {
        return msix = new Msix(this, vectors, tableBar, tableOffset, pendingBar, pendingOffset);
    }

    public @Nullable Msi msi() {
        return msi;
    }

    public @Nullable Msix msix() {
        return msix;
    }

    /** Runs whenever the function is reset, after configuration space is as at power-on. */
    public void onReset(Runnable action) {
        resetActions.add(action);
    }

    // ---- what a device does

    /** Memory as the function reaches it: closed unless it, and each bridge above it, is bus master. */
    public AddressSpace dma() {
        return dma;
    }

    /** Whether the guest lets it be bus master. */
    public boolean isBusMaster() {
        return (config.getInt(PciRegs.COMMAND, 2) & PciRegs.COMMAND_MASTER) != 0;
    }

    /** Asserts or deasserts its interrupt pin: a level. Nothing reaches the host bridge while the guest disables INTx. */
    public void setIntx(boolean level) {
        intx.set(level);
    }

    /** Sends a message as a bus master; where it can't it is lost. */
    void send(MsiMessage message) {
        bus.root().send(message, dma);
    }

    // ---- what the guest does

    /** A guest reads configuration space. @param bytes 1 to 4, at any offset up to 4096 */
    long readConfig(int offset, int bytes) {
        return config.read(offset, bytes);
    }

    void writeConfig(int offset, int bytes, long value) {
        config.write(offset, bytes, value);
    }

    private void commandChanged() {
        dma.setOpen(isBusMaster());
        intx.update();
        bus.update(() -> bars.forEach(bar -> bar.update(config)));
    }

    /** Back to the state after power-on: registers unmapped, interrupts off, then the actions of {@link #onReset}. */
    public void reset() {
        intx.clear();
        config.reset();
        if (msix != null) {
            msix.reset();
        }
        commandChanged();
        if (bridge != null) {
            bridge.functionReset();
        }
        resetActions.forEach(Runnable::run);
    }

    // ---- state

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                config.save(),
                intx.level(),
                msix == null ? new int[0] : msix.saveTable(),
                msix == null ? new long[0] : msix.savePending());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (!config.accepts(state.config)) {
            throw new BadStateException(type() + ": the saved configuration space is that of another device");
        }
        if (msix == null
                ? state.msixTable.length != 0 || state.msixPending.length != 0
                : !msix.accepts(state.msixTable, state.msixPending)) {
            throw new BadStateException(type() + ": the saved MSI-X table has another number of vectors");
        }
        intx.clear();
        config.load(state.config);
        if (msix != null) {
            msix.load(state.msixTable, state.msixPending);
        }
        dma.setOpen(isBusMaster());
        intx.set(state.intx);
        bus.update(() -> bars.forEach(bar -> bar.update(config)));
        if (bridge != null) {
            bridge.refresh();
        }
    }
}
