package dev.rhea.cli.system;

import dev.rhea.cli.LogRange;
import dev.rhea.cli.LogText;
import dev.rhea.cli.UsageError;
import dev.rhea.cli.options.OptionException;

/** What is logged: {@code -d}, {@code -D}, {@code -dfilter}; as in user mode. */
final class LogOptions {
    /** Work of user mode's classes, which complain in their own way. */
    private interface Step {
        void run() throws UsageError;
    }

    private LogOptions() {}

    static void add(Effects effects, MachineSettings settings) {
        LogSettings log = settings.log;
        effects.on("d", use -> told(() -> LogText.add(log.items, use.text())));
        effects.on("dfilter", use -> told(() -> log.ranges.addAll(LogRange.parse(use.text()))));
        effects.on(
                "D",
                use -> told(() -> {
                    LogText.checkFile(use.text());
                    log.file = use.text();
                }));
    }

    private static void told(Step step) throws OptionException {
        try {
            step.run();
        } catch (UsageError e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
    }
}
