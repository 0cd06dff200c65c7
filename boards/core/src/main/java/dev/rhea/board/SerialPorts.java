package dev.rhea.board;

import dev.rhea.device.virtio.console.PortOptions;
import dev.rhea.device.virtio.console.VirtioSerial;
import dev.rhea.device.virtio.type.VirtioTypes;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValues;

/** A virtio serial device as a place for consoles and ports. */
final class SerialPorts implements Bus {
    static final String KIND = "virtio-serial-bus";

    private final VirtioSerial serial;
    private final String name;

    SerialPorts(VirtioSerial serial, String name) {
        this.serial = serial;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean isFull() {
        return false; // the device says so itself, with the reference's words
    }

    @Override
    public Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException {
        int number = VirtioTypes.addPort(
                serial, new PropertyValues(spec.driver(), PortOptions.PROPERTIES, spec.properties()), bench.backing());
        return new Port(spec.driver(), number);
    }

    /** A port; its state is the serial device's. */
    private record Port(String type, int number) implements Device {
        @Override
        public void reset() {}
    }
}
