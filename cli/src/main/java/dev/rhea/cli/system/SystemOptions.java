package dev.rhea.cli.system;

import dev.rhea.board.DeviceSpec;
import dev.rhea.board.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command line for a whole machine says. */
final class SystemOptions {
    /** An option's text with the option as it was typed, for messages. */
    record Typed(String option, String text) {}

    @Nullable
    String machine;

    final Map<String, String> machineOptions = new LinkedHashMap<>();

    @Nullable
    String cpu;

    @Nullable
    Topology topology;

    /** Bytes, 0 for the board's default. */
    long memory;

    @Nullable
    String bios;

    @Nullable
    String kernel;

    @Nullable
    String initrd;

    @Nullable
    String dtb;

    String append = "";
    final List<DeviceSpec> devices = new ArrayList<>();
    final List<Typed> drives = new ArrayList<>();
    final List<Typed> netdevs = new ArrayList<>();
    final List<Typed> nics = new ArrayList<>();
    final List<Typed> chardevs = new ArrayList<>();
    final List<String> serials = new ArrayList<>();
    final List<String> monitors = new ArrayList<>();
    boolean nographic;
    boolean noReboot;
    boolean noShutdown;
    boolean snapshot;
    boolean paused;
    boolean noDefaults;

    @Nullable
    String name;

    @Nullable
    String pidfile;

    /** What {@code help} was asked for: machine, cpu, device, chardev, netdev, or a device's name. */
    @Nullable
    String help;
}
