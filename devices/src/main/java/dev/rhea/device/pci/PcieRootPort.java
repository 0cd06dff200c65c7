package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.List;

/** A port of a root complex with a slot behind it: {@code pcie-root-port}. */
public final class PcieRootPort implements Device, Stateful<PciFunction.State> {
    public static final String TYPE = "pcie-root-port";

    private static final List<String> SPEEDS = List.of("2_5", "5", "8", "16");

    public static final List<Property> PROPERTIES = PciProperties.with(ResourceReserve.PROPERTIES, List.of(
            Property.of("aer_log_max", PropertyKind.UINT16, "8", ""),
            Property.of("chassis", PropertyKind.UINT8, "0", ""),
            Property.of("disable-acs", PropertyKind.BOOL, "false", ""),
            Property.of("hotplug", PropertyKind.BOOL, "true", ""),
            Property.of("port", PropertyKind.UINT8, "0", ""),
            Property.of("power_controller_present", PropertyKind.BOOL, "true", "on/off"),
            Property.of("slot", PropertyKind.UINT16, "0", ""),
            Property.choice("x-speed", "16", SPEEDS, "2_5/5/8/16"),
            Property.choice("x-width", "32", List.of("1", "2", "4", "8", "12", "16", "32"), "1/2/4/8/12/16/32")));

    private static final int DEVICE_ROOT_PORT = 0x000c;
    private static final int CLASS_BRIDGE_PCI = 0x060400;
    private static final int ACS_OFFSET = 0x148;
    private static final int ACS_SIZE = 8;
    /** Source validation, translation blocking, request and completion redirect, upstream forwarding, direct translated. */
    private static final int ACS_CONTROLS = 0x5f;

    private static final int LNKCAP_PORT_SHIFT = 24;

    private final PciFunction function;
    private final BridgeHeader bridge;
    private final ExpressSlot slot;

    /**
     * Puts a port on a bus.
     *
     * @param id the port's name, which is its secondary bus's too; empty where it has none
     * @throws BadDeviceException as {@link PciFunction#PciFunction}, or the chassis has such a slot already
     */
    public PcieRootPort(PciBus bus, String id, PropertyValues properties) throws BadDeviceException {
        ResourceReserve.check(properties);
        int number = (int) properties.number("slot");
        function = new PciFunction(
                bus,
                PciIdentity.of(PciIdentity.VENDOR_REDHAT, DEVICE_ROOT_PORT, 0, CLASS_BRIDGE_PCI),
                properties,
                true);
        function.setId(id);
        if (!bus.root().takeChassisSlot((int) properties.number("chassis"), number)) {
            bus.unplug(function);
            throw new BadDeviceException("Can't add chassis slot, error -16");
        }
        bridge = new BridgeHeader(function, id.isEmpty() ? TYPE : id, true, BridgeHeader.Kind.PORT);
        function.addInterruptPin(1);
        int subsystem = function.capabilities().add(PciRegs.CAP_ID_SSVID, 8);
        function.config().declare(subsystem + 4, 2, PciIdentity.VENDOR_REDHAT);
        function.addMsix(1, 0);
        ExpressCapability express = new ExpressCapability(function, ExpressCapability.PortType.ROOT_PORT, false);
        declareLink(express, properties);
        ErrorReporting.addTo(function, true);
        ResourceReserve.addTo(function, properties);
        if (!properties.bool("disable-acs")) {
            function.capabilities().addExtended(ACS_OFFSET, PciRegs.EXT_CAP_ID_ACS, 1, ACS_SIZE);
            function.config().declare(ACS_OFFSET + 4, 2, ACS_CONTROLS);
            function.config().declare(ACS_OFFSET + 6, 2, 0, ACS_CONTROLS);
        }
        slot = new ExpressSlot(
                function,
                express,
                bridge.secondary(),
                number,
                properties.bool("hotplug"),
                properties.bool("power_controller_present"));
        function.onReset(slot::reset);
    }

    private void declareLink(ExpressCapability express, PropertyValues properties) {
        int speed = SPEEDS.indexOf(properties.text("x-speed")) + 1;
        int width = Integer.parseInt(String.valueOf(properties.text("x-width")));
        express.setLinkCapability(speed, width);
        ConfigSpace config = function.config();
        int flags = express.offset() + ExpressCapability.FLAGS;
        config.declare(flags, 2, config.get(flags, 2) | ExpressCapability.FLAGS_SLOT);
        int capability = express.offset() + ExpressCapability.LNKCAP;
        config.declare(capability, 4, config.get(capability, 4) | properties.number("port") << LNKCAP_PORT_SHIFT);
    }

    public PciFunction function() {
        return function;
    }

    /** The link: what is plugged into the slot goes here. */
    public PciBus secondary() {
        return bridge.secondary();
    }

    /**
     * Asks the guest to let go of what is in the slot, as someone who presses its attention button does. The guest agrees by
     * switching the slot off, any time later or never.
     *
     * @param removed told once it is out of the slot, with the machine lock held
     * @throws BadDeviceException the port was made without hot-plug
     */
    public void requestUnplug(Runnable removed) throws BadDeviceException {
        if (!function.properties().bool("hotplug")) {
            throw new BadDeviceException("Hot-unplug failed: unsupported by the port device '" + secondary().name() + "'");
        }
        slot.requestUnplug(removed);
    }

    @Override
    public String type() {
        return TYPE;
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
        slot.refresh();
    }
}
