package dev.rhea.cli;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.user.ExitStatus;
import dev.rhea.user.Program;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From options to a running program. */
final class UserRun {
    private UserRun() {}

    /** Runs the program to its end. @return the process's exit status */
    static int run(String name, String architecture, Architecture.Guest guest, UserOptions options, Map<String, String> host)
            throws UsageError {
        List<String> command = options.command();
        Program.Builder builder = Program.of(guest, command.getFirst())
                .arguments(command.subList(1, command.size()))
                .argument0(options.argv0())
                .environment(environment(host, options.environment()))
                .sysroot(options.prefix())
                .release(options.release())
                .stackBytes(options.stackSize())
                .strace(options.log().contains(LogItem.STRACE))
                .hostSignals(true);
        if (options.oneInstruction()) {
            builder.tiers(Engine.Tiers.INTERPRETER);
        }
        ExitStatus status;
        try (OutputStream trace = traceOf(options);
                Program program = builder.trace(trace).start()) {
            status = program.await();
            program.awaitAll();
        } catch (Program.CannotStart e) {
            Messages.error().println(name + ": " + e.getMessage());
            return e.errno == 2 ? 127 : 126;
        } catch (IOException e) {
            throw new UsageError(options.logFile() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
        status.dieLikeIt();
        return status.code();
    }

    /** Where {@code -D} sends traces. */
    private static OutputStream traceOf(UserOptions options) throws IOException {
        String file = options.logFile();
        return new FileOutputStream(file == null ? "/dev/stderr" : file, file == null);
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
