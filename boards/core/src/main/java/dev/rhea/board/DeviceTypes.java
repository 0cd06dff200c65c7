package dev.rhea.board;

import dev.rhea.block.BlockBackend;
import dev.rhea.device.edu.Edu;
import dev.rhea.device.pci.PciBus;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.VirtioMmio;
import dev.rhea.device.virtio.blk.BlkOptions;
import dev.rhea.device.virtio.blk.VirtioBlk;
import dev.rhea.device.virtio.net.FramePort;
import dev.rhea.device.virtio.net.NetOptions;
import dev.rhea.device.virtio.net.VirtioNet;
import dev.rhea.device.virtio.pci.VirtioPci;
import dev.rhea.device.virtio.pci.VirtioPciOptions;
import dev.rhea.device.virtio.pci.VirtioPciOptions.Variant;
import dev.rhea.device.virtio.pci.VirtioPciType;
import dev.rhea.device.virtio.rng.VirtioRng;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.network.Port;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The device types that {@code -device} can name. */
public final class DeviceTypes {
    /** A device of virtio, whatever it is reached through. */
    private enum Virtio {
        BLK("virtio-blk", "Storage", BlkOptions.PROPERTIES, VirtioPciType.BLOCK) {
            @Override
            VirtioDevice make(PropertyValues values, Workbench bench, boolean pci) throws BadDeviceException {
                BlockBackend drive = Backing.drive(values, bench);
                return new VirtioBlk(
                        BlkOptions.of(
                                values, true, pci ? bench.spec().topology().cpus() : 1),
                        drive);
            }
        },
        NET("virtio-net", "Network", NetOptions.PROPERTIES, VirtioPciType.NET) {
            @Override
            VirtioDevice make(PropertyValues values, Workbench bench, boolean pci) throws BadDeviceException {
                return new VirtioNet(
                        NetOptions.of(values), Backing.mac(values, bench), new PortEnd(Backing.port(values, bench)));
            }
        },
        RNG("virtio-rng", "Misc", VirtioRng.PROPERTIES, VirtioPciType.RNG) {
            @Override
            VirtioDevice make(PropertyValues values, Workbench bench, boolean pci) {
                return new VirtioRng(values, bench.chassis().clock());
            }
        };

        final String base;
        final String category;
        final List<Property> properties;
        final VirtioPciType pciType;

        Virtio(String base, String category, List<Property> properties, VirtioPciType pciType) {
            this.base = base;
            this.category = category;
            this.properties = properties;
            this.pciType = pciType;
        }

        abstract VirtioDevice make(PropertyValues values, Workbench bench, boolean pci) throws BadDeviceException;
    }

    /** A network port as cards see it. */
    private record PortEnd(Port port) implements FramePort {
        @Override
        public void send(byte[] frame, int offset, int length) {
            port.send(frame, offset, length);
        }

        @Override
        public void connect(Receiver card) {
            port.connect(card::receive);
        }

        @Override
        public void resume() {
            port.resume();
        }
    }

    private static final Map<String, DeviceType<VirtioMmio>> MMIO = new LinkedHashMap<>();
    private static final Map<String, DeviceType<PciBus>> PCI = new LinkedHashMap<>();

    static {
        for (Virtio device : Virtio.values()) {
            MMIO.put(device.base + "-device", mmio(device));
            for (Variant variant : Variant.values()) {
                DeviceType<PciBus> type = pci(device, variant);
                PCI.put(type.name(), type);
            }
        }
        PCI.put(
                "edu",
                new DeviceType<>(
                        "edu",
                        "PCI",
                        "Misc",
                        "",
                        Edu.PROPERTIES,
                        (bus, id, values, bench) ->
                                new Edu(bus, id, bench.chassis().clock(), values)));
    }

    private DeviceTypes() {}

    private static DeviceType<VirtioMmio> mmio(Virtio device) {
        String name = device.base + "-device";
        return new DeviceType<>(
                name, "virtio-bus", device.category, "", device.properties, (slot, id, values, bench) -> {
                    VirtioDevice made = device.make(values, bench, false);
                    slot.plug(made);
                    return made;
                });
    }

    private static DeviceType<PciBus> pci(Virtio device, Variant variant) {
        String name = device.base + "-pci" + variant.suffix();
        List<Property> properties =
                VirtioPciOptions.properties(device.properties, variant, VirtioPciOptions.AUTO, false);
        return new DeviceType<>(name, "PCI", device.category, "", properties, (bus, id, values, bench) -> {
            VirtioPciOptions options = VirtioPciOptions.of(values, properties, variant, bus);
            return new VirtioPci(
                    bus,
                    id,
                    values,
                    options,
                    device.pciType,
                    device.make(values, bench, true),
                    bench.chassis().lock());
        });
    }

    /** Types that go into a slot of virtio-mmio. */
    public static Map<String, DeviceType<VirtioMmio>> mmio() {
        return Collections.unmodifiableMap(MMIO);
    }

    /** Types that go onto PCI. */
    public static Map<String, DeviceType<PciBus>> pci() {
        return Collections.unmodifiableMap(PCI);
    }

    /** All of them, by name. */
    public static List<DeviceType<?>> all() {
        List<DeviceType<?>> all = new ArrayList<>(MMIO.values());
        all.addAll(PCI.values());
        all.sort((a, b) -> a.name().compareTo(b.name()));
        return all;
    }

    /** The kind of bus a type is plugged into; null where there is no such type. */
    static @Nullable String kind(String driver) {
        return MMIO.containsKey(driver) ? "virtio-bus" : PCI.containsKey(driver) ? "PCI" : null;
    }
}
