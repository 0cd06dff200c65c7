package dev.rhea.cli;

import dev.rhea.cli.system.SystemCommand;
import dev.rhea.engine.abi.NearMiss;
import java.util.List;
import java.util.Map;

/** The {@code rhea} command. */
public final class Main {
    /** What {@code -version} says. */
    static final String VERSION = "0.1.0";

    private Main() {}

    /** Entry of the launcher. */
    public static void main(String[] arguments) {
        Invocation invocation = Invocation.of(arguments);
        int status = run(invocation.arguments(), invocation.environment());
        System.exit(status);
    }

    private static int run(List<String> words, Map<String, String> environment) {
        String command = words.isEmpty() ? "help" : words.getFirst();
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        switch (command) {
            case "user" -> {
                if (rest.isEmpty() || rest.getFirst().startsWith("-")) {
                    return complain("usage: rhea user ARCH [options] program [arguments...]; ARCH is one of "
                            + String.join(", ", new Architectures().names()));
                }
                String architecture = rest.getFirst();
                return new UserCommand("rhea", architecture).run(rest.subList(1, rest.size()), environment);
            }
            case "system" -> {
                if (rest.isEmpty() || rest.getFirst().startsWith("-")) {
                    return complain("usage: rhea system ARCH [options]; ARCH is one of "
                            + String.join(", ", new Architectures().names()));
                }
                return new SystemCommand("rhea", rest.getFirst()).run(rest.subList(1, rest.size()), environment);
            }
            case "assemble" -> {
                return new AssembleCommand().run(rest);
            }
            case "as" -> {
                // A name of the reference's, from bin/.
                String name = rest.isEmpty() ? "" : rest.getFirst();
                if (name.startsWith("qemu-system-")) {
                    return new SystemCommand(name, name.substring("qemu-system-".length()))
                            .run(rest.subList(1, rest.size()), environment);
                }
                if (name.startsWith("qemu-")) {
                    return new UserCommand(name, name.substring("qemu-".length()))
                            .run(rest.subList(1, rest.size()), environment);
                }
                return complain("rhea: as: '" + name + "' is no name of the reference's that is known here");
            }
            case "version", "-version", "--version" -> {
                Messages.output().println("rhea " + VERSION);
                return 0;
            }
            case "help", "-h", "-help", "--help" -> {
                Messages.output().print(HELP);
                return words.isEmpty() ? 1 : 0;
            }
            default -> {
                String near = NearMiss.of(command, List.of("user", "system", "assemble", "demo", "version", "help"));
                return complain("rhea: there is no command '" + command + "'"
                        + (near == null ? "; 'rhea help' lists them" : "; did you mean '" + near + "'?"));
            }
        }
    }

    private static int complain(String message) {
        Messages.error().println(message);
        return 1;
    }

    private static final String HELP = """
            usage: rhea COMMAND
              user ARCH [options] program [arguments...]
                             runs a Linux program made for ARCH; 'rhea user ARCH -h' lists the options
              system ARCH [options]
                             runs a machine; 'rhea system ARCH -h' lists the options
              assemble ARCH FILE [options]
                             makes a program of assembly; 'rhea assemble -h' lists the options
              demo           boots a Debian kernel, or a small guest of our own where no packages can be fetched
              demo small     boots the latter
              demo user      fetches real riscv64 programs by package name and runs them
              version
              help
            """;
}
