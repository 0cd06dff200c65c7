package dev.rhea.board;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An option of a board: what may follow its name in {@code -M}.
 *
 * @param kind what it takes, as help says it: {@link #BOOL}, {@link #STRING}
 */
public record MachineOption(String name, String kind, String help) {
    public static final String BOOL = "bool";
    public static final String STRING = "string";

    /** What a {@link #BOOL} may be. */
    static final List<String> ON = List.of("on", "yes", "true", "y");

    private static final List<String> OFF = List.of("off", "no", "false", "n");

    /**
     * Those of every board. Some say what an option of the command line says too; some are about what only other machines have
     * (a display, a host whose memory is shared), and are as good as done.
     */
    public static final List<MachineOption> COMMON = List.of(
            new MachineOption("append", STRING, "Linux kernel command line"),
            new MachineOption("dt-compatible", STRING, "Overrides the \"compatible\" property of the dt root node"),
            new MachineOption("dtb", STRING, "Linux kernel device tree file"),
            new MachineOption("dump-guest-core", BOOL, "Include guest memory in a core dump"),
            new MachineOption("dumpdtb", STRING, "Dump current dtb to a file and quit"),
            new MachineOption("firmware", STRING, "Firmware image"),
            new MachineOption("graphics", BOOL, "Set on/off to enable/disable graphics emulation"),
            new MachineOption("initrd", STRING, "Linux initial ramdisk file"),
            new MachineOption("kernel", STRING, "Linux kernel image file"),
            new MachineOption("mem-merge", BOOL, "Enable/disable memory merge support"),
            new MachineOption("suppress-vmdesc", BOOL, "Set on to disable self-describing migration"),
            new MachineOption("usb", BOOL, "Set on/off to enable/disable usb"));

    /** All that a board knows, by name. */
    public static List<MachineOption> of(Board board) {
        List<MachineOption> all = new ArrayList<>(COMMON);
        all.addAll(board.options());
        all.sort(Comparator.comparing(MachineOption::name));
        return all;
    }

    /** The one of that name. @throws BadMachineException where the board has none */
    static MachineOption find(Board board, String name) throws BadMachineException {
        for (MachineOption option : of(board)) {
            if (option.name.equals(name)) {
                return option;
            }
        }
        throw new BadMachineException(notFound(board.name(), name));
    }

    /** What is said of an option that a board has not. */
    public static String notFound(String board, String name) {
        return "Property '" + board + "-machine." + name + "' not found";
    }

    /** @throws BadMachineException where it cannot have that value */
    void check(String value) throws BadMachineException {
        if (kind.equals(BOOL) && !ON.contains(value) && !OFF.contains(value)) {
            throw new BadMachineException("Parameter '" + name + "' expects 'on' or 'off'");
        }
    }
}
