package dev.rhea.board;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is to be made of.
 *
 * @param options of the board: what follows its name in {@code -M}
 * @param cpu the CPU model with features, or null for the board's
 * @param memory bytes of RAM
 * @param ram what it is made of; null for memory of its own
 * @param seed of what is random in it; null for the host's random numbers
 * @param devices in the order in which they are plugged in
 * @param globals for all devices, the board's own too; of several for one property the last holds
 * @param log what is told of code and traps
 * @param backends what is at the other end of devices; the machine closes them
 */
public record MachineSpec(
        String architecture,
        String machine,
        Identity identity,
        Map<String, String> options,
        @Nullable String cpu,
        Topology topology,
        long memory,
        @Nullable RamBacking ram,
        BootSpec boot,
        WallClock wallClock,
        @Nullable Long seed,
        List<DeviceSpec> devices,
        List<GlobalProperty> globals,
        Backends backends,
        Engine.Tiers tiers,
        Log log) {
    /** Whether an option of the board is on. @param initial where nothing is said */
    public boolean isOn(String option, boolean initial) {
        String value = options.get(option);
        return value == null ? initial : MachineOption.ON.contains(value);
    }
}
