package dev.rhea.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The launcher under test. */
final class Rhea {
    /** The project's folder. */
    static final Path HOME =
            Path.of(System.getProperty("rhea.home", "..")).toAbsolutePath().normalize();

    /** Which tiers a run uses: what RHEA_TIERS can say. */
    enum Tiers {
        DEFAULT,
        INTERPRETER,
        JAVA,
        NATIVE,
        REGIONS
    }

    private Rhea() {}

    /** {@code rhea user riscv64 words...}. */
    static Command user(Tiers tiers, List<String> words) {
        return user("riscv64", tiers, words);
    }

    /** {@code rhea user architecture words...}. */
    static Command user(String architecture, Tiers tiers, List<String> words) {
        if (!Files.exists(HOME.resolve("target/rhea/stamp"))) {
            throw new AssertionError("Rhea is not built: use ./dev test, or ./dev build before this");
        }
        List<String> all = new ArrayList<>(List.of(HOME.resolve("rhea").toString(), "user", architecture));
        all.addAll(words);
        Command command = Command.of(all).with("RHEA_NO_BUILD", "1");
        return tiers == Tiers.DEFAULT
                ? command
                : command.with("RHEA_TIERS", tiers.name().toLowerCase(java.util.Locale.ROOT));
    }
}
