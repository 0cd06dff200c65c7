package dev.rhea.cli.system;

import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command line says of a machine and of how it runs. What it is made of goes to its builder; back ends are opened when
 * all was read.
 */
final class MachineSettings {
    final String architecture;
    final MachineBuilder builder;
    final Complaints complaints;
    final RunSettings run = new RunSettings();
    final ConsoleSettings consoles = new ConsoleSettings();
    final FirmwareSearch firmware = new FirmwareSearch();
    final DeviceSettings devices = new DeviceSettings();
    final LogSettings log = new LogSettings();
    final ObjectSettings objects = new ObjectSettings();

    /** Drives, network cards and folders, in their order. */
    final List<OptionUse> backends = new ArrayList<>();

    /** What follows the machine's name in {@code -M}. */
    final Map<String, String> machineOptions = new LinkedHashMap<>();

    /** What {@code -smp} and {@code -M smp.} say. */
    final Map<String, String> processors = new LinkedHashMap<>();

    /** What {@code -boot} and {@code -M boot.} say. */
    final Map<String, String> boot = new LinkedHashMap<>();

    final Accelerators accelerators = new Accelerators();

    String machine;

    private final Effects effects = new Effects();

    MachineSettings(String architecture, Complaints complaints) {
        this.architecture = architecture;
        this.complaints = complaints;
        List<Board> boards = Boards.of(architecture);
        machine = boards.stream()
                .filter(Board::isDefault)
                .map(Board::name)
                .findFirst()
                .orElse(boards.getFirst().name());
        builder = Machine.of(architecture, machine);
        IdentityOptions.add(effects, this);
        ProcessorOptions.add(effects, this);
        BootOptions.add(effects, this);
        ClockOptions.add(effects, this);
        DeviceOptions.add(effects, this);
        ConsoleOptions.add(effects, this);
        RunOptions.add(effects, this);
        LogOptions.add(effects, this);
        LaterOptions.add(effects);
    }

    /** The board that was named; null where there is no such. */
    @Nullable
    Board board() {
        return Boards.of(architecture).stream()
                .filter(board -> board.name().equals(machine) || board.aliases().contains(machine))
                .findFirst()
                .orElse(null);
    }

    /** Takes one option. */
    void take(OptionUse use) throws OptionException {
        effects.apply(use);
    }

    /** Checks what only all options together tell, and says what its user should know. */
    void settle() throws OptionException {
        accelerators.settle(complaints);
    }

    /** Whether an option does anything. */
    boolean knows(String name) {
        return effects.knows(name);
    }
}
