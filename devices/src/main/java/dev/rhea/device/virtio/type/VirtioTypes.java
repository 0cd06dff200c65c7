package dev.rhea.device.virtio.type;

import dev.rhea.chardev.Chardev;
import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.balloon.VirtioBalloon;
import dev.rhea.device.virtio.blk.BlkOptions;
import dev.rhea.device.virtio.blk.VirtioBlk;
import dev.rhea.device.virtio.console.PortOptions;
import dev.rhea.device.virtio.console.VirtioSerial;
import dev.rhea.device.virtio.net.NetOptions;
import dev.rhea.device.virtio.net.NoNetwork;
import dev.rhea.device.virtio.net.VirtioNet;
import dev.rhea.device.virtio.ninep.SharedFolder;
import dev.rhea.device.virtio.ninep.VirtioNineP;
import dev.rhea.device.virtio.pci.VirtioPciOptions;
import dev.rhea.device.virtio.pci.VirtioPciType;
import dev.rhea.device.virtio.rng.RandomSource;
import dev.rhea.device.virtio.rng.VirtioRng;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.network.Port;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All types of virtio devices, and the ports of a virtio serial device. */
public final class VirtioTypes {
    private static final List<VirtioType> ALL = all();

    private VirtioTypes() {}

    public static List<VirtioType> list() {
        return ALL;
    }

    /** The type of a name, or null. */
    public static @Nullable VirtioType find(String name) {
        return ALL.stream().filter(type -> type.name().equals(name)).findFirst().orElse(null);
    }

    private static List<VirtioType> all() {
        List<VirtioType> types = new ArrayList<>();
        long auto = VirtioPciOptions.AUTO;
        add(types, "virtio-blk", BlkOptions.PROPERTIES, VirtioPciType.BLOCK, auto, true, VirtioTypes::disk);
        add(types, "virtio-net", NetOptions.PROPERTIES, VirtioPciType.NET, auto, false, VirtioTypes::card);
        add(types, "virtio-rng", VirtioRng.PROPERTIES, VirtioPciType.RNG, auto, false, VirtioTypes::random);
        add(
                types,
                "virtio-serial",
                VirtioSerial.PROPERTIES,
                VirtioPciType.CONSOLE,
                2,
                true,
                (values, backends, queues) -> new VirtioSerial(values));
        add(
                types,
                "virtio-balloon",
                VirtioBalloon.PROPERTIES,
                VirtioPciType.BALLOON,
                -1,
                false,
                (values, backends, queues) ->
                        new VirtioBalloon(values, backends.ramSize(), backends.clock(), backends::balloonChanged));
        add(types, "virtio-9p", VirtioNineP.PROPERTIES, VirtioPciType.NINE_P, 2, false, VirtioTypes::folder);
        return List.copyOf(types);
    }

    private static void add(
            List<VirtioType> types,
            String name,
            List<Property> properties,
            VirtioPciType pci,
            long vectors,
            boolean classed,
            VirtioType.Maker maker) {
        types.add(new VirtioType(name + "-device", "", properties, properties, null, pci, maker));
        for (VirtioPciOptions.Variant variant : VirtioPciOptions.Variant.values()) {
            types.add(new VirtioType(
                    name + "-pci" + variant.suffix(),
                    "",
                    VirtioPciOptions.properties(properties, variant, vectors, classed),
                    properties,
                    variant,
                    pci,
                    maker));
        }
    }

    private static VirtioDevice disk(PropertyValues values, Backends backends, int queues) throws BadDeviceException {
        String name = values.text("drive");
        if (name == null) {
            throw new BadDeviceException("drive property not set");
        }
        // Each queue has a thread of its own in any case.
        String thread = values.text("iothread");
        if (thread != null && !backends.hasIoThread(thread)) {
            throw new BadDeviceException("Device '" + thread + "' not found");
        }
        Backends.DriveBack drive = backends.drive(name, values.bool("share-rw"));
        if (drive == null) {
            throw notFound(values, "drive", name);
        }
        return new VirtioBlk(BlkOptions.of(values, drive.writeBack(), queues), drive.backend());
    }

    private static VirtioDevice random(PropertyValues values, Backends backends, int queues) throws BadDeviceException {
        String name = values.text("rng");
        RandomSource source = name == null ? backends.randomByDefault() : backends.random(name);
        if (source == null) {
            throw new BadDeviceException("Device '" + name + "' not found");
        }
        return new VirtioRng(values, backends.clock(), source);
    }

    private static VirtioDevice card(PropertyValues values, Backends backends, int queues) throws BadDeviceException {
        String name = values.text("netdev");
        Port port = name == null ? new NoNetwork() : backends.netdev(name);
        if (port == null) {
            throw notFound(values, "netdev", name);
        }
        NetOptions options = NetOptions.of(values);
        String mac = options.mac();
        return new VirtioNet(
                options,
                mac == null
                        ? backends.nextMacAddress()
                        : HexFormat.ofDelimiter(":").parseHex(mac),
                port);
    }

    private static VirtioDevice folder(PropertyValues values, Backends backends, int queues) throws BadDeviceException {
        String name = values.text("fsdev");
        SharedFolder folder = name == null ? null : backends.fsdev(name);
        if (folder == null) {
            throw new BadDeviceException(
                    "9pfs device couldn't find fsdev with the id = " + (name == null ? "NULL" : name));
        }
        String tag = values.text("mount_tag");
        if (tag == null) {
            throw new BadDeviceException("fsdev with id " + name + " needs mount_tag arguments");
        }
        return new VirtioNineP(CommonOptions.of(values), tag, folder);
    }

    /** Whether a name is that of a port of a virtio serial device: it plugs into one, not into a bus of virtio devices. */
    public static boolean isPort(String name) {
        return name.equals(PortOptions.CONSOLE) || name.equals(PortOptions.SERIAL_PORT);
    }

    /** Adds a port to a virtio serial device. @param values of {@link PortOptions#PROPERTIES}, for one of the two names */
    public static int addPort(VirtioSerial bus, PropertyValues values, Backends backends) throws BadDeviceException {
        String name = values.text("chardev");
        Chardev chardev = null;
        if (name != null) {
            chardev = backends.chardev(name);
            if (chardev == null) {
                throw notFound(values, "chardev", name);
            }
        }
        return bus.addPort(PortOptions.of(values), chardev);
    }

    private static BadDeviceException notFound(PropertyValues values, String property, @Nullable String name) {
        return new BadDeviceException(
                "Property '" + values.type() + "." + property + "' can't find value '" + name + "'");
    }
}
