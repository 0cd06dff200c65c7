package dev.rhea.cli;

import java.util.List;
import java.util.Map;

/** The run from which the build makes the archive of classes that a start needs. */
final class Training {
    private Training() {}

    static int run(Map<String, String> environment) {
        return new UserCommand("rhea", "riscv64").run(List.of("-cpu", "help"), environment) == 1 ? 0 : 1;
    }
}
