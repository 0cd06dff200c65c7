package dev.rhea.board;

import dev.rhea.engine.cpu.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is to be made of.
 *
 * @param options of the board: what follows its name in {@code -M}
 * @param cpu the CPU model with features, or null for the board's
 * @param memory bytes of RAM
 * @param bios "none", "default", or a file's name; null for the board's
 * @param append the kernel's command line
 * @param devices in the order in which they are plugged in
 * @param backends what is at the other end of devices; the machine closes them
 */
public record MachineSpec(
        String architecture,
        String machine,
        Map<String, String> options,
        @Nullable String cpu,
        Topology topology,
        long memory,
        @Nullable String bios,
        @Nullable Path kernel,
        @Nullable Path initrd,
        @Nullable Path dtb,
        String append,
        List<DeviceSpec> devices,
        Backends backends,
        Engine.Tiers tiers) {}
