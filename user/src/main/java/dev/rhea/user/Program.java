package dev.rhea.user;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileFamilies;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.file.poll.Pidfds;
import dev.rhea.user.memory.GuestRam;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.KernelOptions;
import dev.rhea.user.process.Process;
import dev.rhea.user.process.ProcessText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running program of another architecture, with all processes that descend from it.
 *
 * {@snippet :
 * try (Program program = Program.of(guest, "/usr/riscv64-linux-gnu/bin/true").start()) {
 *     int code = program.await().code();
 * }
 * }
 *
 * <p>Its processes live in this JVM; {@link #close} ends those that are left. Paths, arguments and environment are bytes in
 * Linux: where they are strings here, each character is one byte (ISO 8859-1).
 */
public final class Program implements AutoCloseable {
    private final Engine engine;
    private final GuestRam ram;
    private final Kernel kernel;
    private final Process first;

    private Program(Engine engine, GuestRam ram, Kernel kernel, Process first) {
        this.engine = engine;
        this.ram = ram;
        this.kernel = kernel;
        this.first = first;
    }

    /** A program by the path of its file and the arguments that follow its name. */
    public static Builder of(Architecture.Guest guest, String path, String... arguments) {
        return new Builder(guest, path, List.of(arguments));
    }

    /** Waits until the first process has ended. Others may go on: {@link #awaitAll}, or {@link #close}. */
    public ExitStatus await() throws InterruptedException {
        return new ExitStatus(kernel.await(first));
    }

    /** Waits until no process is left. */
    public void awaitAll() throws InterruptedException {
        kernel.awaitAll();
    }

    /** Process id of the first process. */
    public int pid() {
        return first.pid();
    }

    /** Sends a signal to the first process. */
    public void signal(int number) {
        kernel.hostSignal(number);
    }

    /** What runs the guest's instructions, for its statistics. */
    public Engine engine() {
        return engine;
    }

    /** Kills every process that is left and gives back what was used. */
    @Override
    public void close() {
        kernel.close();
        engine.close();
        ram.close();
    }

    /** What a program is started with. */
    public static final class Builder {
        private final Architecture.Guest guest;
        private final String path;
        private List<String> arguments;
        private List<String> environment = List.of();
        private @Nullable String argument0;
        private @Nullable String sysroot;
        private @Nullable String release;
        private long stackBytes;
        private boolean strace;
        private boolean hostSignals;
        private OutputStream trace = System.err;
        private Engine.Tiers tiers = Engine.Tiers.DEFAULT;

        private Builder(Architecture.Guest guest, String path, List<String> arguments) {
            this.guest = guest;
            this.path = path;
            this.arguments = arguments;
        }

        /** The words after the program's name. */
        public Builder arguments(List<String> words) {
            arguments = List.copyOf(words);
            return this;
        }

        /** What the program is told as its own name; its path if not set. */
        public Builder argument0(@Nullable String name) {
            argument0 = name;
            return this;
        }

        /** The environment as {@code NAME=value}. */
        public Builder environment(List<String> assignments) {
            environment = List.copyOf(assignments);
            return this;
        }

        /** The environment. */
        public Builder environment(Map<String, String> variables) {
            List<String> assignments = new ArrayList<>(variables.size());
            variables.forEach((name, value) -> assignments.add(name + "=" + value));
            return environment(assignments);
        }

        /** Where absolute paths are looked up first: {@code -L}. */
        public Builder sysroot(@Nullable String directory) {
            sysroot = directory;
            return this;
        }

        /** What {@code uname -r} says. */
        public Builder release(@Nullable String name) {
            release = name;
            return this;
        }

        /** Size of the first stack in bytes; 0 for the host's limit. */
        public Builder stackBytes(long bytes) {
            stackBytes = bytes;
            return this;
        }

        /** Prints system calls. */
        public Builder strace(boolean on) {
            strace = on;
            return this;
        }

        /** Where system calls are printed. */
        public Builder trace(OutputStream to) {
            trace = to;
            return this;
        }

        /** Passes signals that this JVM receives on to the program. For launchers: an embedder keeps its own. */
        public Builder hostSignals(boolean on) {
            hostSignals = on;
            return this;
        }

        /** Which tiers of the engine run. */
        public Builder tiers(Engine.Tiers which) {
            tiers = which;
            return this;
        }

        /**
         * Starts it.
         *
         * @throws CannotStart where there is no such program or it is not one for this guest
         */
        public Program start() throws CannotStart {
            LinuxAbi abi = guest.linux();
            Engine engine = new Engine(guest.isa(), tiers);
            GuestRam ram = new GuestRam(engine);
            HostSignalRelay relay = new HostSignalRelay(hostSignals);
            Pidfds pidfds = new Pidfds();
            Kernel kernel = new Kernel(
                    engine,
                    abi,
                    new KernelOptions(
                            sysroot,
                            release,
                            stackBytes,
                            new Images(ram),
                            pidfds,
                            strace,
                            trace,
                            FileFamilies.all(abi, sysroot, ProcessText::find, pidfds),
                            relay::actionChanged,
                            relay::stopped));
            relay.attach(kernel);
            List<byte[]> words = new ArrayList<>(arguments.size() + 1);
            String name = argument0;
            words.add(bytes(name == null ? path : name));
            for (String argument : arguments) {
                words.add(bytes(argument));
            }
            List<byte[]> variables = new ArrayList<>(environment.size());
            for (String variable : environment) {
                variables.add(bytes(variable));
            }
            try {
                Process first =
                        kernel.start(bytes(path), words, variables, FileTable.inheriting(), FileContext.inheriting());
                return new Program(engine, ram, kernel, first);
            } catch (Errno e) {
                kernel.close();
                engine.close();
                ram.close();
                throw new CannotStart(path, e);
            }
        }

        private static byte[] bytes(String s) {
            return s.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** The program could not be loaded. */
    public static final class CannotStart extends IOException {
        private static final long serialVersionUID = 1;

        /** Linux's error number. */
        public final int errno;

        CannotStart(String path, Errno cause) {
            super(path + ": " + Errno.name(cause.number), cause);
            errno = cause.number;
        }
    }
}
