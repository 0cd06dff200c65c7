package dev.rhea.device.pci;

import dev.rhea.device.pci.ExpressCapability.PortType;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A port of a root complex or of a switch: a bridge whose secondary bus is a link, or the bus inside of the switch. */
public final class PciePort implements Device, Stateful<PciFunction.State> {
    private static final int CLASS_BRIDGE_PCI = 0x060400;
    private static final int VENDOR_INTEL = 0x8086;
    private static final int VENDOR_TI = 0x104c;
    private static final List<String> SPEEDS = List.of("2_5", "5", "8", "16");
    private static final Property AER_LOG = Property.of("aer_log_max", PropertyKind.UINT16, "8", "");
    private static final Property PORT = Property.of("port", PropertyKind.UINT8, "0", "");
    private static final List<Property> SLOT = List.of(
            Property.of("chassis", PropertyKind.UINT8, "0", ""),
            Property.of("hotplug", PropertyKind.BOOL, "true", ""),
            Property.of("power_controller_present", PropertyKind.BOOL, "true", "on/off"),
            Property.of("slot", PropertyKind.UINT16, "0", ""));
    private static final List<Property> ACS = List.of(Property.of("disable-acs", PropertyKind.BOOL, "false", ""));
    private static final List<Property> LINK = List.of(
            Property.choice("x-speed", "16", SPEEDS, "2_5/5/8/16"),
            Property.choice("x-width", "32", List.of("1", "2", "4", "8", "12", "16", "32"), "1/2/4/8/12/16/32"));

    /** The ports there are. */
    public enum Model {
        /** A root port of no vendor. */
        GENERIC(
                "pcie-root-port",
                PortType.ROOT_PORT,
                new PciIdentity(PciIdentity.VENDOR_REDHAT, 0x000c, 0, CLASS_BRIDGE_PCI, PciIdentity.VENDOR_REDHAT, 0),
                PciProperties.with(ResourceReserve.PROPERTIES, SLOT, ACS, LINK, List.of(AER_LOG, PORT))),
        /** A root port of Intel's 5520 I/O hub. */
        IOH3420(
                "ioh3420",
                PortType.ROOT_PORT,
                new PciIdentity(VENDOR_INTEL, 0x3420, 2, CLASS_BRIDGE_PCI, VENDOR_INTEL, 0),
                PciProperties.with(SLOT, ACS, List.of(AER_LOG, PORT))),
        /** The upstream port of a TI X3130 switch. */
        X3130_UPSTREAM(
                "x3130-upstream",
                PortType.UPSTREAM,
                new PciIdentity(VENDOR_TI, 0x8232, 2, CLASS_BRIDGE_PCI, 0, 0),
                PciProperties.with(List.of(AER_LOG, PORT))),
        /** A downstream port of a TI X3130 switch. */
        XIO3130_DOWNSTREAM(
                "xio3130-downstream",
                PortType.DOWNSTREAM,
                new PciIdentity(VENDOR_TI, 0x8233, 1, CLASS_BRIDGE_PCI, 0, 0),
                PciProperties.with(SLOT, List.of(AER_LOG, PORT)));

        private final String type;
        private final PortType port;
        private final PciIdentity identity;
        private final List<Property> properties;

        Model(String type, PortType port, PciIdentity identity, List<Property> properties) {
            this.type = type;
            this.port = port;
            this.identity = identity;
            this.properties = properties;
        }

        /** The device type's name. */
        public String type() {
            return type;
        }

        public List<Property> properties() {
            return properties;
        }

        /** The model with a type's name. */
        public static Optional<Model> of(String type) {
            return Arrays.stream(values())
                    .filter(model -> model.type.equals(type))
                    .findFirst();
        }
    }

    private final Model model;
    private final PciFunction function;
    private final BridgeHeader bridge;
    private final @Nullable ExpressSlot slot;

    /**
     * Puts a port on a bus.
     *
     * @param id the port's name, which is its secondary bus's too; empty where it has none
     * @throws BadDeviceException as {@link PciFunction#PciFunction}, or the chassis has such a slot already
     */
    public PciePort(Model model, PciBus bus, String id, PropertyValues properties) throws BadDeviceException {
        this.model = model;
        if (model == Model.GENERIC) {
            ResourceReserve.check(properties);
        }
        function = new PciFunction(bus, model.identity, properties, true);
        function.setId(id);
        boolean slotted = model.port != PortType.UPSTREAM;
        if (slotted) {
            takeSlot(properties);
        }
        bridge = new BridgeHeader(
                function,
                id.isEmpty() ? model.type : id,
                true,
                model.port == PortType.ROOT_PORT ? BridgeHeader.Kind.PORT : BridgeHeader.Kind.SWITCH_PORT);
        ExpressCapability express = declareCapabilities(properties);
        slot = slotted ? new ExpressSlot(function, express, bridge.secondary(), properties) : null;
        if (slot != null) {
            function.onReset(slot::reset);
        }
    }

    private void takeSlot(PropertyValues properties) throws BadDeviceException {
        int chassis = (int) properties.number("chassis");
        if (!function.bus().root().takeChassisSlot(chassis, (int) properties.number("slot"))) {
            function.bus().unplug(function);
            throw new BadDeviceException("Can't add chassis slot, error -16");
        }
    }

    private ExpressCapability declareCapabilities(PropertyValues properties) {
        int port = (int) properties.number("port");
        Capabilities capabilities = function.capabilities();
        ExpressCapability express;
        switch (model) {
            case GENERIC -> {
                function.addInterruptPin(1);
                capabilities.addSubsystem(0x40, model.identity);
                function.addMsix(1, 0);
                express = new ExpressCapability(function, model.port, false);
                int speed = SPEEDS.indexOf(properties.text("x-speed")) + 1;
                int width = Integer.parseInt(String.valueOf(properties.text("x-width")));
                express.setLink(speed, width, true, port);
                ErrorReporting.addTo(function, true);
                if (!properties.bool("disable-acs")) {
                    capabilities.addAccessControl(0x148);
                }
                ResourceReserve.addTo(function, properties);
            }
            case IOH3420 -> {
                function.addInterruptPin(1);
                capabilities.addSubsystem(0x40, model.identity);
                function.addMsi(new Msi.Layout(0x60, 2, false, true));
                express = new ExpressCapability(function, model.port, 0x90, false);
                express.setLink(1, 1, false, port);
                ErrorReporting.addTo(function, true);
                if (!properties.bool("disable-acs")) {
                    capabilities.addAccessControl(0x148);
                }
            }
            default -> {
                function.addMsi(new Msi.Layout(0x70, 1, true, false));
                capabilities.addSubsystem(0x80, model.identity);
                express = new ExpressCapability(function, model.port, 0x90, false);
                express.setLink(1, 1, false, port);
                ErrorReporting.addTo(function, false);
            }
        }
        return express;
    }

    public PciFunction function() {
        return function;
    }

    /** The bus behind: the link that what is plugged into the slot goes to, or of an upstream port the inside of the switch. */
    public PciBus secondary() {
        return bridge.secondary();
    }

    /**
     * Asks the guest to let go of what is in the slot, as someone who presses its attention button does. The guest agrees by
     * switching the slot off, any time later or never.
     *
     * @param removed told once it is out of the slot, with the machine lock held
     * @throws BadDeviceException the port has no slot, or was made without hot-plug
     */
    public void requestUnplug(Runnable removed) throws BadDeviceException {
        if (slot == null || !function.properties().bool("hotplug")) {
            throw new BadDeviceException("Bus '" + secondary().name() + "' does not support hotplugging");
        }
        slot.requestUnplug(removed);
    }

    @Override
    public String type() {
        return model.type;
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
        if (slot != null) {
            slot.refresh();
        }
    }
}
