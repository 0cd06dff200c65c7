package dev.rhea.cli.system;

import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.cli.Messages;
import dev.rhea.cli.options.CommandLine;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.SystemOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** {@code rhea system ARCH ...}, and the names {@code qemu-system-ARCH}. */
public final class SystemCommand {
    private final String program;
    private final String architecture;

    /** @param program as messages name it */
    public SystemCommand(String program, String architecture) {
        this.program = program;
        this.architecture = architecture;
    }

    /** Runs a machine to its end; the process's exit status. */
    public int run(List<String> words, Map<String, String> environment) {
        Complaints complaints = new Complaints(program, Messages.error(), Clock.systemUTC());
        try {
            List<Board> boards = Boards.of(architecture);
            if (boards.isEmpty()) {
                throw new OptionException("there is no machine of architecture '" + architecture + "'");
            }
            List<OptionUse> uses = CommandLine.parse(
                    SystemOptions.table(),
                    words,
                    path -> Files.readString(Path.of(path), StandardCharsets.ISO_8859_1),
                    complaints::say);
            if (new SystemHelp(program, architecture, Messages.output()).answers(uses)) {
                return 0;
            }
            var settings = new MachineSettings(architecture, complaints);
            Long seed = null;
            for (OptionUse use : uses) {
                settings.take(use);
                if (use.data() instanceof OptionData.Number number) {
                    seed = number.value();
                }
            }
            return new SystemRun(settings, environment, seed).run();
        } catch (OptionException e) {
            complaints.report(e);
            return 1;
        }
    }
}
