package dev.rhea.cli.system;

import dev.rhea.cli.options.Parameters;
import java.util.List;

/** How the process runs, and what the guest's end is for it. */
final class RunOptions {
    private static final List<String> PANIC = List.of("pause", "shutdown", "exit-failure", "none");
    private static final List<String> WATCHDOG =
            List.of("reset", "shutdown", "poweroff", "pause", "debug", "none", "inject-nmi");

    private RunOptions() {}

    static void add(Effects effects, MachineSettings settings) {
        RunSettings run = settings.run;
        effects.on("S", use -> run.paused = true);
        effects.on("no-reboot", use -> run.noReboot = true);
        effects.on("no-shutdown", use -> run.noShutdown = true);
        effects.on("action", use -> {
            Parameters given = use.parameters();
            String reboot = given.oneOf("reboot", List.of("reset", "shutdown"));
            String shutdown = given.oneOf("shutdown", List.of("poweroff", "pause"));
            // No device tells of a guest's panic, and no watchdog bites: what they would do is checked.
            given.oneOf("panic", PANIC);
            given.oneOf("watchdog", WATCHDOG);
            run.noReboot = reboot == null ? run.noReboot : reboot.equals("shutdown");
            run.noShutdown = shutdown == null ? run.noShutdown : shutdown.equals("pause");
        });
        effects.on(
                "watchdog-action",
                use -> new Parameters(null, List.of(new Parameters.Parameter("watchdog", use.text())), false)
                        .oneOf("watchdog", WATCHDOG));
        effects.on("snapshot", use -> run.snapshot = true);
        effects.on("stats", use -> run.statistics = true);
        effects.on("nodefaults", use -> run.noDefaults = true);
        effects.on("pidfile", use -> run.pidFile = use.text());
        effects.on("daemonize", use -> run.daemon = true);
        // Read by the command line itself, or a number that parsing has checked: all that is random in a guest comes
        // from
        // the host's kernel, unless an object says otherwise.
        effects.on("no-user-config readconfig set seed", use -> {});
    }
}
