package dev.rhea.cli;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.log.LogItems;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** {@code rhea user ARCH}, under its own name or one of the reference's. */
final class UserCommand {
    private final String name;
    private final String architecture;

    /**
     * @param name how the user called us: messages begin with it
     * @param architecture what the program is made for
     */
    UserCommand(String name, String architecture) {
        this.name = name;
        this.architecture = architecture;
    }

    /** Runs the command. @return the process's exit status */
    int run(List<String> arguments, Map<String, String> environment) {
        UserSyntax syntax = new UserSyntax();
        try {
            Architecture isa = new Architectures().find(architecture);
            UserOptions options;
            try {
                options = syntax.parse(arguments, environment);
            } catch (UserSyntax.Asked asked) {
                return answer(asked.what(), syntax, isa);
            }
            if (options.command().isEmpty()) {
                throw new UsageError("no user program specified");
            }
            return UserRun.run(name, isa.guest(architecture, options.cpu()), options, environment);
        } catch (UsageError | Architecture.BadCpu e) {
            Messages.error().println(name + ": " + e.getMessage());
            return 1;
        }
    }

    private int answer(UserSyntax.Asked.For what, UserSyntax syntax, Architecture isa) {
        PrintStream out = Messages.output();
        switch (what) {
            case HELP -> help(out, syntax);
            case VERSION -> {
                out.println(
                        name.equals("rhea")
                                ? "rhea user " + architecture + " version " + Main.VERSION
                                : name + " version 9.0.0 (Rhea " + Main.VERSION + ")");
                return 0;
            }
            case CPU_HELP -> {
                out.println("Available CPUs:");
                for (String model : isa.cpuModels(architecture)) {
                    out.println("  " + model);
                }
            }
            case LOG_HELP -> out.print(LogItems.list());
        }
        // As the reference has it: asked for help, it did not run a program.
        return what == UserSyntax.Asked.For.HELP ? 0 : 1;
    }

    private void help(PrintStream out, UserSyntax syntax) {
        out.println("usage: " + (name.equals("rhea") ? "rhea user " + architecture : name)
                + " [options] program [arguments...]");
        out.println("Runs a Linux program made for " + architecture + ".");
        out.println();
        out.println(pad("Argument", 20) + " " + pad("Env-variable", 20) + " Description");
        out.println(pad("-h", 41) + " print this help");
        for (Option option : syntax.options()) {
            String argument =
                    option.argument() == null ? "-" + option.name() : "-" + option.name() + " " + option.argument();
            out.println(pad(argument, 20) + " " + pad(option.variable(), 20) + " " + option.help());
        }
        out.println(pad("-version", 20) + " " + pad("QEMU_VERSION", 20) + " print the version");
        out.println();
        out.println(
                "-E and -U may be given several times, and may name several variables separated by commas; the last");
        out.println("change of a variable holds. Options on the command line come after those in the environment.");
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }
}
