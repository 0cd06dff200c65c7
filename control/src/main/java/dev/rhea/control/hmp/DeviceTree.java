package dev.rhea.control.hmp;

import dev.rhea.board.Bus;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.memory.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Devices and the buses that they are on, as {@code info qtree} prints them. */
final class DeviceTree {
    private final Session session;
    private final Chassis chassis;
    private final boolean brief;

    private DeviceTree(Session session, boolean brief) {
        this.session = session;
        this.brief = brief;
        chassis = session.machine().chassis();
    }

    /**
     * Buses hang below the device that they belong to; what is on no bus is on the board's own. On each the last device comes
     * first, as in the reference.
     *
     * @param arguments {@code -b} leaves out all but types and names
     */
    static void print(Session session, Arguments arguments) throws MonitorError {
        boolean brief = arguments.flags("b").contains("b");
        arguments.end();
        var tree = new DeviceTree(session, brief);
        tree.chassis.lock().lock();
        try {
            session.line("bus: main-system-bus");
            session.line("  type System");
            tree.devices(Objects::isNull, "  ");
            for (Bus bus : session.machine().buses()) {
                if (bus.owner() == null) {
                    tree.bus(bus, "  ");
                }
            }
        } finally {
            tree.chassis.lock().unlock();
        }
    }

    private void devices(Predicate<@Nullable String> bus, String indent) {
        List<Map.Entry<String, Device>> here = new ArrayList<>();
        for (Map.Entry<String, Device> entry : chassis.devices().entrySet()) {
            if (bus.test(chassis.busOf(entry.getKey()))) {
                here.add(entry);
            }
        }
        for (Map.Entry<String, Device> entry : here.reversed()) {
            String path = entry.getKey();
            String id = path.startsWith("/machine/peripheral/") ? path.substring(path.lastIndexOf('/') + 1) : "";
            device(id, entry.getValue(), indent);
        }
    }

    private void device(String id, Device device, String indent) {
        session.line(indent + "dev: " + device.type() + ", id \"" + id + "\"");
        String below = indent + "  ";
        if (!brief) {
            facts(device, below);
        }
        Device.Behind behind = device.behind();
        if (behind != null) {
            session.line(below + "bus: " + behind.bus());
            session.line(below + "  type " + behind.kind());
            device("", behind.device(), below + "  ");
        }
        for (Bus bus : session.machine().buses()) {
            if (bus.owner() == device) {
                bus(bus, below);
            }
        }
    }

    private void facts(Device device, String indent) {
        for (Pins pins : device.pins()) {
            session.line(indent + pins.text());
        }
        for (PropertyValue property : device.properties()) {
            // Names of objects are no values of the device's own, and a number that nobody gave is none.
            if (property.kind() != PropertyKind.LINK
                    && (property.value() != null || property.kind() != PropertyKind.INT32)) {
                session.line(indent + property.name() + " = " + property.text());
            }
        }
        for (String remark : device.remarks()) {
            session.line(indent + remark);
        }
        for (Region region : device.regions()) {
            // What is placed nowhere is at the last address.
            long address = chassis.systemMemory().addressOf(region).orElse(-1);
            session.line(String.format("%smmio %016x/%016x", indent, address, region.size()));
        }
    }

    private void bus(Bus bus, String indent) {
        session.line(indent + "bus: " + bus.name());
        session.line(indent + "  type " + bus.type());
        devices(bus.name()::equals, indent + "  ");
    }
}
