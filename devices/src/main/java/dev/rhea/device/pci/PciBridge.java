package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.List;

/**
 * Bridges to a conventional bus: {@code pci-bridge} from another conventional bus, {@code pcie-pci-bridge} from a link,
 * {@code i82801b11-bridge} from a root complex. None has a hot-plug controller: what is behind is there from the start.
 */
public final class PciBridge implements Device, Stateful<PciFunction.State> {
    public static final String CONVENTIONAL_TYPE = "pci-bridge";
    public static final String EXPRESS_TYPE = "pcie-pci-bridge";
    public static final String INTEL_TYPE = "i82801b11-bridge";

    private static final Property MSI = Property.choice("msi", "auto", List.of("on", "off", "auto"), "on/off/auto");

    /** Of {@code pci-bridge}. */
    public static final List<Property> CONVENTIONAL_PROPERTIES = PciProperties.with(
            ResourceReserve.PROPERTIES,
            List.of(
                    Property.of("chassis_nr", PropertyKind.UINT8, "0", ""),
                    MSI,
                    Property.of("shpc", PropertyKind.BOOL, "false", "a standard hot-plug controller: off only")));

    /** Of {@code pcie-pci-bridge}. */
    public static final List<Property> EXPRESS_PROPERTIES = PciProperties.with(List.of(MSI));

    private static final int CLASS_BRIDGE_PCI = 0x060400;
    private static final int CLASS_BRIDGE_PCI_SUBTRACTIVE = 0x060401;
    private static final PciIdentity BRIDGE =
            new PciIdentity(PciIdentity.VENDOR_REDHAT, 0x0001, 0, CLASS_BRIDGE_PCI, 0, 0);
    private static final PciIdentity EXPRESS_BRIDGE =
            new PciIdentity(PciIdentity.VENDOR_REDHAT, 0x000e, 0, CLASS_BRIDGE_PCI, 0, 0);
    private static final PciIdentity I82801B11 =
            new PciIdentity(0x8086, 0x244e, 0x92, CLASS_BRIDGE_PCI_SUBTRACTIVE, 0, 0);
    /** First in its chassis, no expansion slots (PCI-to-PCI Bridge 1.2, 13.2). */
    private static final int SLOTID_FIRST_IN_CHASSIS = 0x20;

    private final PciFunction function;
    private final BridgeHeader bridge;
    private final String type;

    private PciBridge(PciBus bus, String id, PciIdentity identity, PropertyValues properties)
            throws BadDeviceException {
        type = properties.type();
        function = new PciFunction(bus, identity, properties, true);
        function.setId(id);
        bridge = new BridgeHeader(function, id.isEmpty() ? type : id, false, BridgeHeader.Kind.CONVENTIONAL);
    }

    /**
     * Puts a {@code pci-bridge} on a bus.
     *
     * @param id its name, which is its secondary bus's too; empty where it has none
     */
    public static PciBridge conventional(PciBus bus, String id, PropertyValues properties) throws BadDeviceException {
        int chassis = (int) properties.number("chassis_nr");
        if (chassis == 0) {
            throw new BadDeviceException(
                    "Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.");
        }
        if (properties.bool("shpc")) {
            throw new BadDeviceException("pci-bridge has no standard hot-plug controller: leave out shpc=on");
        }
        ResourceReserve.check(properties);
        PciBridge made = new PciBridge(bus, id, BRIDGE, properties);
        ConfigSpace config = made.function.config();
        int slots = made.function.capabilities().add(PciRegs.CAP_ID_SLOTID, 4);
        config.declare(slots + 2, 1, SLOTID_FIRST_IN_CHASSIS);
        config.declare(slots + 3, 1, chassis, 0xff);
        made.addMsi();
        ResourceReserve.addTo(made.function, properties);
        return made;
    }

    /** Puts a {@code pcie-pci-bridge} on a bus. */
    public static PciBridge express(PciBus bus, String id, PropertyValues properties) throws BadDeviceException {
        PciBridge made = new PciBridge(bus, id, EXPRESS_BRIDGE, properties);
        new ExpressCapability(made.function, ExpressCapability.PortType.PCI_BRIDGE, false);
        made.function.capabilities().addPowerManagement();
        ErrorReporting.addTo(made.function, false);
        made.addMsi();
        return made;
    }

    /** Puts an {@code i82801b11-bridge} on a bus; its properties are those of {@link PciProperties#COMMON}. */
    public static PciBridge intel(PciBus bus, String id, PropertyValues properties) throws BadDeviceException {
        PciBridge made = new PciBridge(bus, id, I82801B11, properties);
        made.function.capabilities().addSubsystem(0x50, I82801B11);
        return made;
    }

    private void addMsi() {
        if (!"off".equals(function.properties().text("msi"))) {
            function.addMsi(1, true);
        }
    }

    public PciFunction function() {
        return function;
    }

    /** The bus behind. */
    public PciBus secondary() {
        return bridge.secondary();
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public List<PropertyValue> properties() {
        return function.values();
    }

    @Override
    public List<String> remarks() {
        return function.remarks();
    }

    @Override
    public void reset() {
        function.reset();
    }

    @Override
    public Class<PciFunction.State> stateType() {
        return PciFunction.State.class;
    }

    @Override
    public PciFunction.State saveState() {
        return function.saveState();
    }

    @Override
    public void loadState(PciFunction.State state) throws BadStateException {
        function.loadState(state);
    }
}
