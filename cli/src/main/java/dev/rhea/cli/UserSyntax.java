package dev.rhea.cli;

import dev.rhea.engine.abi.NearMiss;
import dev.rhea.engine.log.LogItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of user mode and how they are read: environment variables first, in the table's order, then the command line
 * in its own order, up to the first word without a dash: that is the program, and the rest is the program's.
 */
final class UserSyntax {
    private final List<Option> options = new ArrayList<>();

    UserSyntax() {
        add("g", "port", "QEMU_GDB", "wait for gdb at 'port' (not yet)", (o, a) -> {
            throw new UsageError("-g: there is no gdb server yet");
        });
        add(
                "L",
                "path",
                "QEMU_LD_PREFIX",
                "look for the program's interpreter and files below 'path' first",
                (o, a) -> o.prefix = a);
        add("s", "size", "QEMU_STACK_SIZE", "size of the stack: bytes, or with suffix k, M, G", (o, a) -> {
            o.stackSize = Numbers.size("s", a);
            if (o.stackSize < 1 << 16 || o.stackSize > 1L << 40) {
                throw new UsageError("Stack size is between 64k and 1T, not '" + a + "'");
            }
        });
        add(
                "cpu",
                "model",
                "QEMU_CPU",
                "CPU model[,+feature][,-feature]... ('-cpu help' lists them)",
                (o, a) -> o.cpu = a);
        add("E", "var=value", "QEMU_SET_ENV", "sets variables of the program's environment", UserSyntax::set);
        add("U", "var", "QEMU_UNSET_ENV", "removes variables from the program's environment", UserSyntax::unset);
        add("0", "argv0", "QEMU_ARGV0", "the program's argv[0]", (o, a) -> o.argv0 = a);
        add("r", "release", "QEMU_UNAME", "the kernel release that uname tells", (o, a) -> o.release = a);
        add(
                "B",
                "address",
                "QEMU_GUEST_BASE",
                "accepted: guest addresses here do not depend on the host's",
                (o, a) -> o.guestBase = Numbers.guestBase(a));
        add(
                "R",
                "size",
                "QEMU_RESERVED_VA",
                "size of the program's address space",
                (o, a) -> o.reserved = Numbers.reserved(a));
        add("t", "map", "QEMU_RTSIG_MAP", "accepted: the program's signals are its own", (o, a) -> {});
        add("d", "item[,...]", "QEMU_LOG", "log these items ('-d help' lists them)", (o, a) -> LogText.add(o.log, a));
        add(
                "dfilter",
                "range[,...]",
                "QEMU_DFILTER",
                "log only addresses in these ranges",
                (o, a) -> o.filter.addAll(LogRange.parse(a)));
        add(
                "D",
                "file",
                "QEMU_LOG_FILENAME",
                "write the log to 'file', in which %d is the process id (default: standard error)",
                (o, a) -> {
                    LogText.checkFile(a);
                    o.logFile = a;
                });
        add("p", "pagesize", "QEMU_PAGESIZE", "accepted: pages have the architecture's size", (o, a) -> {
            long size = Numbers.number("p", a);
            if (Long.bitCount(size) != 1) {
                throw new UsageError("page size must be a power of two");
            }
        });
        add(
                "one-insn-per-tb",
                null,
                "QEMU_ONE_INSN_PER_TB",
                "never translate: instruction by instruction",
                (o, a) -> o.oneInstruction = true);
        add("singlestep", null, "QEMU_SINGLESTEP", "older name of -one-insn-per-tb", (o, a) -> o.oneInstruction = true);
        add("tb-size", "size", "QEMU_TB_SIZE", "accepted: the code budget looks after itself", (o, a) -> {});
        add("strace", null, "QEMU_STRACE", "log system calls", (o, a) -> o.log.add(LogItem.STRACE));
        add(
                "seed",
                "number",
                "QEMU_RAND_SEED",
                "makes what is random repeatable",
                (o, a) -> o.seed = Numbers.number("seed", a));
        add("plugin", "file", "QEMU_PLUGIN", "(no)", (o, a) -> {
            throw new UsageError("-plugin: plugins for the reference's C interface do not load here");
        });
        add(
                "stats",
                null,
                "RHEA_STATS",
                "print at exit where time and instructions went",
                (o, a) -> o.statistics = true);
    }

    private void add(String name, @Nullable String argument, String variable, String help, Option.Effect effect) {
        options.add(new Option(name, argument, variable, help, effect));
    }

    /** All options, in the order of the help. */
    List<Option> options() {
        return options;
    }

    /**
     * Reads the whole command.
     *
     * @param arguments what stands after the architecture
     * @param variables the host's environment
     * @throws Asked for {@code -h}, {@code -version}, {@code -cpu help} and {@code -d help}
     */
    UserOptions parse(List<String> arguments, Map<String, String> variables) throws UsageError, Asked {
        UserOptions.Builder builder = new UserOptions.Builder();
        if (variables.get("QEMU_VERSION") != null) {
            throw new Asked(Asked.For.VERSION);
        }
        for (Option option : options) {
            String value = variables.get(option.variable());
            if (value != null) {
                apply(option, value, builder);
            }
        }
        int at = 0;
        while (at < arguments.size()) {
            String word = arguments.get(at);
            if (word.length() < 2 || word.charAt(0) != '-') {
                break;
            }
            at++;
            if (word.equals("--")) {
                break;
            }
            String name = word.substring(word.startsWith("--") ? 2 : 1);
            if (name.equals("h") || name.equals("help")) {
                throw new Asked(Asked.For.HELP);
            }
            if (name.equals("version")) {
                throw new Asked(Asked.For.VERSION);
            }
            Option option = find(name);
            if (option.argument() == null) {
                apply(option, "", builder);
            } else if (at == arguments.size()) {
                throw new UsageError("missing argument for option '" + name + "'");
            } else {
                apply(option, arguments.get(at++), builder);
            }
        }
        builder.command = arguments.subList(at, arguments.size());
        return builder.build();
    }

    private Option find(String name) throws UsageError {
        List<String> names = new ArrayList<>();
        for (Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
            names.add(option.name());
        }
        names.add("help");
        names.add("version");
        String near = NearMiss.of(name, names);
        throw new UsageError("unknown option '" + name + "'" + (near == null ? "" : "; did you mean '-" + near + "'?"));
    }

    private static void apply(Option option, String argument, UserOptions.Builder builder) throws UsageError, Asked {
        if (option.name().equals("cpu") && (argument.equals("help") || argument.equals("?"))) {
            throw new Asked(Asked.For.CPU_HELP);
        }
        if (option.name().equals("d") && (argument.equals("help") || argument.equals("?"))) {
            throw new Asked(Asked.For.LOG_HELP);
        }
        option.effect().apply(builder, argument);
    }

    private static void set(UserOptions.Builder builder, String argument) throws UsageError {
        for (String assignment : argument.split(",")) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new UsageError("-E: '" + assignment + "' is not of the form var=value");
            }
            builder.environment.add(
                    new UserOptions.Change(assignment.substring(0, equals), assignment.substring(equals + 1)));
        }
    }

    private static void unset(UserOptions.Builder builder, String argument) throws UsageError {
        for (String name : argument.split(",")) {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new UsageError("-U: '" + name + "' is not a variable's name");
            }
            builder.environment.add(new UserOptions.Change(name, null));
        }
    }

    /** The user asked to be told something instead of running a program. */
    static final class Asked extends Exception {
        private static final long serialVersionUID = 1;

        /** What about. */
        enum For {
            HELP,
            VERSION,
            CPU_HELP,
            LOG_HELP
        }

        private final For what;

        Asked(For what) {
            super(what.name(), null, false, false);
            this.what = what;
        }

        For what() {
            return what;
        }
    }
}
