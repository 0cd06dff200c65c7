package dev.rhea.device.misc;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;

/** A place where a board has a device that Rhea does not model: reads as 0, ignores writes, and says so once in the log. */
public final class UnimplementedDevice implements Device, Registers {
    private static final System.Logger LOG = System.getLogger(UnimplementedDevice.class.getName());

    private final String name;
    private final Region region;
    private boolean said;

    /** @param size of its registers in bytes, above 0 */
    public UnimplementedDevice(String name, long size) {
        this.name = name;
        region = new Mmio(name, size, AccessRule.ANY, this);
    }

    public Region region() {
        return region;
    }

    @Override
    public String type() {
        return "unimplemented-device";
    }

    @Override
    public long read(long offset, int size) {
        say("reads", offset);
        return 0;
    }

    @Override
    public void write(long offset, long value, int size) {
        say("writes", offset);
    }

    /** Once: a guest that polls is not to fill the disk. */
    private void say(String what, long offset) {
        if (!said) {
            said = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} is not implemented; the guest {1} offset 0x{2}",
                    name,
                    what,
                    Long.toHexString(offset));
        }
    }

    @Override
    public void reset() {}
}
