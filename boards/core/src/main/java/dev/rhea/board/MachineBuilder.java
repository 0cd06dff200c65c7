package dev.rhea.board;

import dev.rhea.block.Drive;
import dev.rhea.board.boot.BootException;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.device.virtio.ninep.SharedFolder;
import dev.rhea.device.virtio.rng.RandomSource;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.network.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a machine is to be, then makes it:
 *
 * <pre>{@code
 * try (Machine vm = Machine.of("riscv64", "virt").memory(512 << 20).cpus(2)
 *         .kernel(kernel).initrd(initrd).append("console=ttyS0").build()) {
 *     vm.start();
 *     vm.console().expect("login:", Duration.ofMinutes(1));
 * }
 * }</pre>
 */
public final class MachineBuilder {
    private static final Multiplexer.Orders NO_ORDERS = new Multiplexer.Orders() {
        @Override
        public void exit() {}

        @Override
        public void saveDisks() {}
    };

    /** Bytes of RAM are a multiple of it. */
    private static final long MEMORY_STEP = 8192;

    private final String architecture;
    private String board;
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<DeviceSpec> devices = new ArrayList<>();
    private final Map<String, Drive> drives = new LinkedHashMap<>();
    private final Map<String, Port> networks = new LinkedHashMap<>();
    private final Map<String, String> networkInfo = new LinkedHashMap<>();
    private Chardevs chardevs = new Chardevs(NO_ORDERS, Multiplexer.DEFAULT_ESCAPE, message -> {});
    private final Map<String, SharedFolder> folders = new LinkedHashMap<>();
    private final Map<String, RandomSource> randoms = new LinkedHashMap<>();
    private final Set<String> threads = new LinkedHashSet<>();
    private final List<@Nullable Chardev> serials = new ArrayList<>();
    private final Map<String, String> boardDrives = new LinkedHashMap<>();
    private final List<NetworkCard> cards = new ArrayList<>();
    private @Nullable String cpu;
    private @Nullable Topology topology;
    private long memory;
    private @Nullable RamBacking ram;
    private @Nullable String bios;
    private @Nullable Path kernel;
    private @Nullable Path initrd;
    private @Nullable Path dtb;
    private String append = "";
    private BootConfiguration bootConfiguration = BootConfiguration.DEFAULT;
    private @Nullable Long seed;
    private final Map<String, byte[]> firmwareFiles = new LinkedHashMap<>();
    private final List<GlobalProperty> globals = new ArrayList<>();
    private Identity identity = Identity.NONE;
    private WallClock wallClock = WallClock.UTC;
    private Log log = Log.none();
    private Engine.Tiers tiers = Engine.Tiers.DEFAULT;

    MachineBuilder(String architecture, String board) {
        this.architecture = architecture;
        this.board = board;
    }

    /** Another board than the one that was named first. */
    public MachineBuilder board(String name) {
        board = name;
        return this;
    }

    /** An option of the board: what follows its name in {@code -M}. */
    public MachineBuilder option(String name, String value) {
        options.put(name, value);
        return this;
    }

    /** The CPU model with features, as {@code -cpu} takes it. */
    public MachineBuilder cpu(String model) {
        cpu = model;
        return this;
    }

    /** How many processors, from 1 on. */
    public MachineBuilder cpus(int count) {
        return topology(Topology.of(count));
    }

    public MachineBuilder topology(Topology value) {
        topology = value;
        return this;
    }

    /** Bytes of RAM. */
    public MachineBuilder memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** What RAM is made of, instead of memory of its own; it has the size that memory() says, if that says any. */
    public MachineBuilder ram(RamBacking backing) {
        ram = backing;
        return this;
    }

    /** Firmware: a file's name, "none", or "default". */
    public MachineBuilder bios(String value) {
        bios = value;
        return this;
    }

    public MachineBuilder kernel(Path file) {
        kernel = file;
        return this;
    }

    public MachineBuilder initrd(Path file) {
        initrd = file;
        return this;
    }

    /** A device tree instead of the board's own. */
    public MachineBuilder dtb(Path file) {
        dtb = file;
        return this;
    }

    /** The kernel's command line. */
    public MachineBuilder append(String commandLine) {
        append = commandLine;
        return this;
    }

    /** What firmware is told about booting. */
    public MachineBuilder bootConfiguration(BootConfiguration value) {
        bootConfiguration = value;
        return this;
    }

    /** Makes what is random in the machine the same at each start: what its kernel and its virtio-rng are given. */
    public MachineBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** A file that firmware and guest can read through fw_cfg. */
    public MachineBuilder firmwareFile(String name, byte[] content) {
        firmwareFiles.put(name, content);
        return this;
    }

    /** A property's value for all devices of a type that are not told otherwise. */
    public MachineBuilder global(String driver, String property, String value) {
        globals.add(new GlobalProperty(driver, property, value));
        return this;
    }

    /** Name and UUID. */
    public MachineBuilder identity(Identity value) {
        identity = value;
        return this;
    }

    /** What its real-time clocks show. */
    public MachineBuilder wallClock(WallClock value) {
        wallClock = value;
        return this;
    }

    /** One more device. @param properties key, value, key, value; {@code id} and {@code bus} among them */
    public MachineBuilder device(String driver, String... properties) {
        return device(DeviceSpec.of(driver, properties));
    }

    public MachineBuilder device(DeviceSpec spec) {
        devices.add(spec);
        return this;
    }

    /** What devices with {@code drive=id} store their data in. */
    public MachineBuilder drive(String id, Drive drive) {
        drives.put(id, drive);
        return this;
    }

    /**
     * Puts a drive into a device of the board's own, as {@code -drive if=sd,unit=0} does.
     *
     * @param interfaceType {@code sd}, {@code mtd}
     * @param id of a {@link #drive}
     */
    public MachineBuilder boardDrive(String interfaceType, int unit, String id) {
        boardDrives.put(interfaceType + unit, id);
        return this;
    }

    /** Connects the board's next own network card. */
    public MachineBuilder card(NetworkCard card) {
        cards.add(card);
        return this;
    }

    /** What devices with {@code netdev=id} are connected to. */
    public MachineBuilder network(String id, Port port) {
        return network(id, port, "");
    }

    /** The same. @param info what monitors say of it: {@code type=user,net=10.0.2.0} */
    public MachineBuilder network(String id, Port port, String info) {
        networks.put(id, port);
        networkInfo.put(id, info);
        return this;
    }

    /** What devices with {@code chardev=id} are connected to. Input that several of them could have waits until the machine is built. */
    public MachineBuilder chardevs(Chardevs all) {
        all.holdInput();
        chardevs = all;
        return this;
    }

    /** A folder of the host that devices with {@code fsdev=id} share; the device closes it. */
    public MachineBuilder folder(String id, SharedFolder folder) {
        folders.put(id, folder);
        return this;
    }

    /** Where devices with {@code rng=id} have their numbers from; the machine closes it. */
    public MachineBuilder random(String id, RandomSource source) {
        randoms.put(id, source);
        return this;
    }

    /** A name that devices may give as {@code iothread=id}. */
    public MachineBuilder ioThread(String id) {
        threads.add(id);
        return this;
    }

    /** The other end of the next serial port; null for nothing. Without any the first is the machine's {@link Console}. */
    public MachineBuilder serial(@Nullable Chardev chardev) {
        serials.add(chardev);
        return this;
    }

    /** Which tiers of the engine run. */
    public MachineBuilder tiers(Engine.Tiers value) {
        tiers = value;
        return this;
    }

    /** Who is told of code and traps: {@code -d}. */
    public MachineBuilder log(Log to) {
        log = to;
        return this;
    }

    /**
     * Makes the machine, with everything reset and nothing running.
     *
     * @throws BadMachineException where it cannot be as asked; whatever was opened for it is closed then
     */
    public Machine build() throws BadMachineException {
        Board type = Boards.find(architecture, board);
        takeOptions(type);
        if (kernel == null && initrd != null) {
            throw new BadMachineException("-initrd only allowed with -kernel option");
        }
        if (kernel == null && !append.isEmpty()) {
            throw new BadMachineException("-append only allowed with -kernel option");
        }
        Console console = null;
        if (serials.isEmpty()) {
            console = new Console();
            serials.add(console.chardev());
        }
        Topology arrangement = topology == null ? Topology.of(type.defaultCpus()) : topology;
        if (arrangement.cpus() < type.minCpus()) {
            throw new BadMachineException("Invalid SMP CPUs " + arrangement.cpus()
                    + ". The min CPUs supported by machine '" + type.name() + "' is " + type.minCpus());
        }
        if (arrangement.maxCpus() > type.maxCpus()) {
            throw new BadMachineException("Invalid SMP CPUs " + arrangement.maxCpus()
                    + ". The max CPUs supported by machine '" + type.name() + "' is " + type.maxCpus());
        }
        RamBacking backing = ram;
        if (backing != null && memory != 0 && roundedUp(memory) != backing.size()) {
            throw new BadMachineException("Machine memory size does not match the size of the memory backend");
        }
        var spec = new MachineSpec(
                architecture,
                type.name(),
                identity,
                Map.copyOf(options),
                cpu,
                arrangement,
                backing != null ? backing.size() : memory == 0 ? type.defaultMemory() : roundedUp(memory),
                backing,
                new BootSpec(bios, kernel, initrd, dtb, append, bootConfiguration, firmwareFiles),
                wallClock,
                seed,
                List.copyOf(devices),
                List.copyOf(globals),
                new Backends(
                        drives,
                        networks,
                        networkInfo,
                        folders,
                        randoms,
                        threads,
                        chardevs,
                        serials,
                        boardDrives,
                        cards),
                log.followsExecution() ? Engine.Tiers.INTERPRETER : tiers,
                log);
        var bench = new Workbench(spec);
        var machine = new Machine(bench, console);
        try {
            type.build(bench);
            bench.check();
            bench.chassis().powerOn();
            chardevs.releaseInput();
        } catch (BadMachineException | RuntimeException | Error e) {
            machine.close();
            if (e instanceof OutOfMemoryError) {
                throw new BadMachineException("cannot set up guest memory: " + e.getMessage());
            }
            throw e;
        } catch (BootException e) {
            machine.close();
            throw new BadMachineException(String.valueOf(e.getMessage()));
        } catch (BadDeviceException e) {
            machine.close();
            throw new BadMachineException(String.valueOf(e.getMessage()), bench.plugging());
        }
        return machine;
    }

    /** As the reference does: {@code -m 1.9G} is no whole number of pages. */
    private static long roundedUp(long bytes) {
        return bytes + MEMORY_STEP - 1 & -MEMORY_STEP;
    }

    /** Checks the options of {@code -M}, and takes those that say what other options say too. */
    private void takeOptions(Board type) throws BadMachineException {
        for (Map.Entry<String, String> option : options.entrySet()) {
            String value = option.getValue();
            MachineOption.find(type, option.getKey()).check(value);
            switch (option.getKey()) {
                case "kernel" -> kernel = Path.of(value);
                case "initrd" -> initrd = Path.of(value);
                case "dtb" -> dtb = Path.of(value);
                case "append" -> append = value;
                case "firmware" -> bios = value;
                default -> {}
            }
        }
    }
}
