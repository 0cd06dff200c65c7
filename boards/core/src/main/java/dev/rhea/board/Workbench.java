package dev.rhea.board;

import dev.rhea.block.Drive;
import dev.rhea.board.boot.BootMemory;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.console.VirtioSerial;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.LogItem;
import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.network.Port;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A machine while it is built: the chassis, what was asked for, and what the board has put in so far. */
public final class Workbench {
    private static final String NETWORK = "netdev ";
    private static final String BOOT_INDEX = "bootindex";
    private static final List<Property> BOOT_PROPERTIES =
            List.of(Property.of(BOOT_INDEX, PropertyKind.INT32, null, ""));

    private final MachineSpec spec;
    private final Chassis chassis = new Chassis();
    private final BootMemory boot = new BootMemory(chassis.memory());
    private final List<Bus> buses = new ArrayList<>();
    private final List<AutoCloseable> closed = new ArrayList<>();
    private byte @Nullable [] deviceTree;
    private final Set<String> claimed = new HashSet<>();
    private final Map<String, String> driveUsers = new LinkedHashMap<>();
    /** Drives of the device that is being plugged in. */
    private final List<String> taken = new ArrayList<>();

    private @Nullable Engine engine;
    private int anonymous;
    private int serialBuses;
    private final Backing backing = new Backing(this);
    private final Globals globals;
    private final BootOrder bootOrder = new BootOrder();
    private final List<String> warnings = new ArrayList<>();
    private @Nullable DeviceSpec plugging;

    Workbench(MachineSpec spec) {
        this.spec = spec;
        globals = new Globals(spec.globals());
        chassis.onReset(boot::load);
    }

    public MachineSpec spec() {
        return spec;
    }

    public Chassis chassis() {
        return chassis;
    }

    /** What stands in memory at each start. */
    public BootMemory boot() {
        return boot;
    }

    /** A bus that devices can be plugged into. */
    public void addBus(Bus bus) {
        buses.add(bus);
    }

    public List<Bus> buses() {
        return List.copyOf(buses);
    }

    /** Takes a back end for a device; false if another has it. */
    boolean claim(String backend) {
        return claimed.add(backend);
    }

    /** Makes a virtio serial device a bus for ports. @param id the user's name for it; empty for none */
    void offerPorts(VirtioDevice device, String id) {
        if (device instanceof VirtioSerial serial) {
            addBus(new SerialPorts(serial, id.isEmpty() ? "virtio-serial-bus." + serialBuses++ : id + ".0"));
        }
    }

    /** Puts a device that says {@code bootindex=} among those that firmware boots from. @param path as firmware names it */
    void offerToBoot(DeviceSpec device, String path) throws BadDeviceException {
        String index = device.properties().get(BOOT_INDEX);
        if (index != null) {
            bootOrder.add(
                    new PropertyValues(device.driver(), BOOT_PROPERTIES, Map.of(BOOT_INDEX, index)).number(BOOT_INDEX),
                    path);
        }
    }

    /** The devices that firmware is to boot from. */
    public BootOrder bootOrder() {
        return bootOrder;
    }

    /** Random bytes for the guest: the same ones at each start where the machine has a seed. */
    public byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        Long seed = spec.seed();
        if (seed == null) {
            new SecureRandom().nextBytes(bytes);
        } else {
            new SplittableRandom(seed).nextBytes(bytes);
        }
        return bytes;
    }

    /** Where devices say that the guest uses what they have not: {@code -d unimp}. */
    public Consumer<String> unimplemented() {
        return line -> {
            if (spec.log().has(LogItem.UNIMP)) {
                spec.log().write(line + "\n");
            }
        };
    }

    /** What its user should know, though it is no error; sentences. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Looks for properties of {@code -global} that the board's own devices have not, or that it sets itself, and for networks
     * without a card.
     */
    void check() throws BadDeviceException {
        warnings.addAll(globals.check(chassis.devices().values()));
        for (String network : spec.backends().networks().keySet()) {
            if (!claimed.contains(NETWORK + network)) {
                warnings.add("warning: netdev " + network + " has no peer");
            }
        }
    }

    /** The engine that the processors run on. */
    public void setEngine(Engine made) {
        engine = made;
    }

    @Nullable
    Engine engine() {
        return engine;
    }

    /** Notes which device has a drive. @param path of the device in the object tree */
    public void useDrive(String name, String path) {
        driveUsers.put(name, path);
    }

    Map<String, String> driveUsers() {
        return Map.copyOf(driveUsers);
    }

    /** Takes a drive for the device that is being plugged in; false if another has it. */
    boolean claimDrive(String name) {
        taken.add(name);
        return claim("drive " + name);
    }

    /** Takes a network for a card; false if another has it. */
    boolean claimNetwork(String name) {
        return claim(NETWORK + name);
    }

    /** What {@code -global} says of processors. @param classes all that a processor is: {@code rv64-riscv-cpu}, {@code cpu} */
    public List<GlobalProperty> processorGlobals(List<String> classes) {
        return globals.ofClasses(classes);
    }

    /** What devices find their back ends with. */
    Backing backing() {
        return backing;
    }

    /** Closed with the machine, after its processors and before its memory; the last one first. */
    public void onClose(AutoCloseable resource) {
        closed.add(resource);
    }

    List<AutoCloseable> closed() {
        return closed.reversed();
    }

    /** The blob the guest is given, for {@code dumpdtb}. */
    public void setDeviceTree(byte[] blob) {
        deviceTree = blob;
    }

    byte @Nullable [] deviceTree() {
        return deviceTree;
    }

    /** Plugs in what {@code -device} asks for. Boards call it when all their buses are there. */
    public void plugDevices() throws BadDeviceException {
        for (DeviceSpec device : spec.devices()) {
            plugging = device;
            plug(device);
            plugging = null;
        }
    }

    /** The device that is being made: where something is wrong, it is wrong with that one. */
    @Nullable
    DeviceSpec plugging() {
        return plugging;
    }

    /**
     * The values of a device of the board's own, as {@code -global} may have changed them.
     *
     * @param type the device's
     */
    public PropertyValues values(String type, List<Property> properties) throws BadDeviceException {
        return new PropertyValues(type, properties, globals.of(type, properties));
    }

    /**
     * The drive that is meant for a device of the board's own; null where there is none.
     *
     * @param interfaceType {@code sd}, {@code mtd}
     */
    public @Nullable Drive boardDrive(String interfaceType, int unit) throws BadDeviceException {
        String name = spec.backends().boardDrives().get(interfaceType + unit);
        if (name == null) {
            return null;
        }
        Drive drive = spec.backends().drives().get(name);
        if (drive == null) {
            throw new BadDeviceException("there is no drive '" + name + "' for if=" + interfaceType + ",unit=" + unit);
        }
        if (!claim("drive " + name)) {
            throw new BadDeviceException("Drive '" + name + "' is already in use by another device");
        }
        return drive;
    }

    /**
     * The values of a network card of the board's own.
     *
     * @param type the card's
     * @param properties that it declares, {@code mac} and {@code netdev} among them
     * @param number of the card on its board, from 0 on
     */
    public PropertyValues cardValues(String type, List<Property> properties, int number) throws BadDeviceException {
        Map<String, String> given = globals.of(type, properties);
        List<NetworkCard> cards = spec.backends().cards();
        NetworkCard card = number < cards.size() ? cards.get(number) : new NetworkCard(null, null);
        String netdev = card.netdev();
        if (netdev != null) {
            given.put("netdev", netdev);
        }
        String mac = card.mac();
        if (mac != null) {
            given.put("mac", mac);
        }
        return new PropertyValues(type, properties, given);
    }

    /** The network of a name, for one card; null where there is none. */
    public @Nullable Port network(String name) {
        return backing.netdev(name);
    }

    /** An address for a network card that was given none: 6 bytes. */
    public byte[] nextMacAddress() {
        return backing.nextMacAddress();
    }

    /** RAM of the size that was asked for, made of what was asked for. With the machine it goes. */
    public RamBlock newMainRam(String name) throws BadMachineException {
        try {
            return mainRam(name);
        } catch (OutOfMemoryError e) {
            throw new BadMachineException("cannot set up guest memory '" + name + "': Cannot allocate memory");
        }
    }

    private RamBlock mainRam(String name) throws BadMachineException {
        RamBacking backing = spec.ram();
        Path file = backing == null ? null : backing.file();
        if (backing == null || file == null) {
            return chassis.newRam(backing == null ? name : backing.id(), spec.memory());
        }
        try (HostFile open = HostFile.open(file.toString(), HostFile.O_RDWR | HostFile.O_CREAT, 0644)) {
            if (open.size() < backing.size()) {
                open.setSize(backing.size());
            }
            return chassis.newRam(backing.id(), backing.size(), open, backing.shared());
        } catch (HostException e) {
            throw new BadMachineException("can't open backing store " + file + " for guest RAM: " + e.getMessage());
        }
    }

    private void plug(DeviceSpec given) throws BadDeviceException {
        DeviceTypes.Entry known = DeviceTypes.find(given.driver());
        if (known == null) {
            plugAsIs(given);
            return;
        }
        Map<String, String> properties = globals.of(given.driver(), known.properties());
        properties.putAll(given.properties());
        plugAsIs(new DeviceSpec(given.driver(), given.id(), given.bus(), properties));
    }

    private void plugAsIs(DeviceSpec device) throws BadDeviceException {
        DeviceTypes.Entry type = DeviceTypes.find(device.driver());
        if (type == null) {
            throw new BadDeviceException(
                    DeviceTypes.isBuiltIn(device.driver())
                            ? "Parameter 'driver' expects a pluggable device type"
                            : "'" + device.driver() + "' is not a valid device model name");
        }
        Bus bus = type.bus().isEmpty() ? null : find(device, type.bus());
        Device made = bus == null ? plugWithoutBus(device) : bus.plug(device, this);
        String id = device.id();
        String path = id != null ? "/machine/peripheral/" + id : "/machine/peripheral-anon/device[" + anonymous++ + "]";
        String user = made.behind() == null ? path : path + "/virtio-backend";
        taken.forEach(drive -> useDrive(drive, user));
        taken.clear();
        if (bus == null) {
            chassis.add(path, made);
        } else {
            chassis.add(path, made, bus.name());
        }
    }

    private Device plugWithoutBus(DeviceSpec device) throws BadDeviceException {
        String wanted = device.bus();
        if (wanted != null) {
            Bus there = buses.stream()
                    .filter(bus -> bus.name().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new BadDeviceException("Bus '" + wanted + "' not found"));
            throw new BadDeviceException("Device '" + device.driver() + "' can't go on " + there.kind() + " bus");
        }
        return GenericLoader.plug(device, this);
    }

    private Bus find(DeviceSpec device, String kind) throws BadDeviceException {
        String wanted = device.bus();
        if (wanted != null) {
            for (Bus bus : buses) {
                if (bus.name().equals(wanted)) {
                    if (!bus.kind().equals(kind)) {
                        throw new BadDeviceException(
                                "Device '" + device.driver() + "' can't go on " + bus.kind() + " bus");
                    }
                    if (bus.isFull()) {
                        throw new BadDeviceException("Bus '" + wanted + "' is full");
                    }
                    return bus;
                }
            }
            throw new BadDeviceException("Bus '" + wanted + "' not found");
        }
        boolean any = false;
        for (Bus bus : buses) {
            if (bus.kind().equals(kind)) {
                any = true;
                if (!bus.isFull()) {
                    return bus;
                }
            }
        }
        throw new BadDeviceException(
                any
                        ? "All '" + kind + "' buses are full"
                        : "No '" + kind + "' bus found for device '" + device.driver() + "'");
    }
}
