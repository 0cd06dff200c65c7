package dev.rhea.control.hmp;

import dev.rhea.board.Bus;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import java.util.Map;

/** Devices and the buses that they are on, as {@code info qtree} prints them. */
final class DeviceTree {
    private final Session session;
    private final Chassis chassis;

    private DeviceTree(Session session) {
        this.session = session;
        chassis = session.machine().chassis();
    }

    /** Buses hang below the device that they belong to; what is on no bus is on the board's own. */
    static void print(Session session) {
        var tree = new DeviceTree(session);
        tree.chassis.lock().lock();
        try {
            session.line("bus: main-system-bus");
            session.line("  type System");
            for (Map.Entry<String, Device> entry : tree.chassis.devices().entrySet()) {
                if (tree.chassis.busOf(entry.getKey()) == null) {
                    tree.device(entry.getKey(), entry.getValue(), "  ");
                }
            }
            for (Bus bus : session.machine().buses()) {
                if (bus.owner() == null) {
                    tree.bus(bus, "  ");
                }
            }
        } finally {
            tree.chassis.lock().unlock();
        }
    }

    private void device(String path, Device device, String indent) {
        String id = path.startsWith("/machine/peripheral/") ? path.substring(path.lastIndexOf('/') + 1) : "";
        session.line(indent + "dev: " + device.type() + ", id \"" + id + "\"");
        for (PropertyValue property : device.properties()) {
            session.line(indent + "  " + property.name() + " = " + property.text());
        }
        for (Bus bus : session.machine().buses()) {
            if (bus.owner() == device) {
                bus(bus, indent + "  ");
            }
        }
    }

    private void bus(Bus bus, String indent) {
        session.line(indent + "bus: " + bus.name());
        session.line(indent + "  type " + bus.kind());
        for (Map.Entry<String, Device> entry : chassis.devices().entrySet()) {
            if (bus.name().equals(chassis.busOf(entry.getKey()))) {
                device(entry.getKey(), entry.getValue(), indent + "  ");
            }
        }
    }
}
