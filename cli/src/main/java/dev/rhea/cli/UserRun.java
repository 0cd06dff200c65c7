package dev.rhea.cli;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import dev.rhea.user.Ending;
import dev.rhea.user.HostStop;
import dev.rhea.user.LoadFailure;
import dev.rhea.user.Settings;
import dev.rhea.user.UserMode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From options to a running program. */
final class UserRun {
    private UserRun() {}

    /** Runs the program to its end; ends the JVM by the guest's signal if one killed it. @return the process's exit status */
    static int run(String name, Architecture.Guest guest, UserOptions options, Map<String, String> host)
            throws UsageError {
        List<byte[]> arguments = new ArrayList<>();
        for (String word : options.command()) {
            arguments.add(bytes(word));
        }
        byte[] program = arguments.getFirst();
        if (options.argv0() != null) {
            arguments.set(0, bytes(options.argv0()));
        }
        List<byte[]> environment = new ArrayList<>();
        for (String assignment : environment(host, options.environment())) {
            environment.add(bytes(assignment));
        }
        Ending ending;
        PrintStream error = Messages.lastingError();
        try (OutputStream log = LogText.open(options.logFile());
                UserMode linux = new UserMode(guest, settings(options, host.get("RHEA_TIERS"), log))) {
            ending = linux.run(program, arguments, environment);
            if (options.statistics()) {
                Statistics.print(error, linux.engine());
            }
        } catch (LoadFailure e) {
            throw new UsageError("Error while loading " + options.command().getFirst() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            throw new UsageError("interrupted");
        } catch (IOException e) {
            throw new UsageError("the log cannot be written: " + e.getMessage());
        }
        if (ending.signal() != 0) {
            // As the reference has it: nothing is said of a death without a core.
            if (ending.core()) {
                error.println(name + ": uncaught target signal " + ending.signal() + " ("
                        + SignalText.of(ending.signal()) + ") - core dumped");
            }
            HostStop.die(ending.signal());
        }
        return ending.exitStatus();
    }

    private static Settings settings(UserOptions options, @Nullable String tiers, OutputStream log) throws UsageError {
        Engine.Tiers chosen = options.oneInstruction() ? Engine.Tiers.INTERPRETER : Engine.Tiers.DEFAULT;
        if (tiers != null) {
            chosen = switch (tiers) {
                case "default" -> Engine.Tiers.DEFAULT;
                case "interpreter" -> Engine.Tiers.INTERPRETER;
                case "java" -> Engine.Tiers.JAVA;
                case "regions" -> Engine.Tiers.REGIONS;
                case "native" -> Engine.Tiers.NATIVE;
                default ->
                    throw new UsageError(
                            "RHEA_TIERS is default, interpreter, java, regions or native, not '" + tiers + "'");
            };
        }
        return new Settings(
                chosen,
                options.prefix(),
                options.release(),
                options.stackSize(),
                options.seed(),
                options.reserved(),
                new Log(options.log(), log, LogRange.filter(options.filter())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The guest's environment: the host's with the changes of {@code -E} and {@code -U}. */
    static List<String> environment(Map<String, String> host, List<UserOptions.Change> changes) {
        Map<String, String> variables = new LinkedHashMap<>(host);
        for (UserOptions.Change change : changes) {
            if (change.value() == null) {
                variables.remove(change.name());
            } else {
                variables.put(change.name(), change.value());
            }
        }
        List<String> assignments = new ArrayList<>();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            assignments.add(variable.getKey() + "=" + variable.getValue());
        }
        return assignments;
    }
}
