package dev.rhea.device.misc;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import java.util.List;
import java.util.function.Consumer;

/** A place where a board has a device that Rhea does not model: reads as 0, ignores writes, and tells of both. */
public final class UnimplementedDevice implements Device, Registers {
    private final String name;
    private final Consumer<String> log;
    private final Region region;
    /** Digits that hold every offset. */
    private final int digits;

    /**
     * @param size of its registers in bytes, above 0
     * @param log is told of each access, a line for each
     */
    public UnimplementedDevice(String name, long size, Consumer<String> log) {
        this.name = name;
        this.log = log;
        region = new Mmio(name, size, AccessRule.ANY, this);
        digits = (Long.SIZE - Long.numberOfLeadingZeros(size - 1) + 3) / 4;
    }

    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "unimplemented-device";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("size", region.size()), PropertyValue.of("name", name));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    @Override
    public long read(long offset, int size) {
        log.accept(name + ": unimplemented device read  (size " + size + ", offset 0x" + hex(offset, digits) + ")");
        return 0;
    }

    @Override
    public void write(long offset, long value, int size) {
        log.accept(name + ": unimplemented device write (size " + size + ", offset 0x" + hex(offset, digits)
                + ", value 0x" + hex(value, 2 * size) + ")");
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    @Override
    public void reset() {}
}
