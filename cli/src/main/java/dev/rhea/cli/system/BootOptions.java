package dev.rhea.cli.system;

import dev.rhea.board.BootConfiguration;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the machine starts from: {@code -kernel} and its companions, {@code -bios}, {@code -boot}, {@code -fw_cfg}. */
final class BootOptions {
    private static final List<String> BOOT =
            List.of("menu", "once", "order", "reboot-timeout", "splash", "splash-time", "strict");

    /** The longest name of a file of fw_cfg, in bytes. */
    private static final int LONGEST_NAME = 55;

    private static final int MOST_TIME = 65535;

    private final MachineSettings settings;
    private final Set<String> names = new HashSet<>();

    private BootOptions(MachineSettings settings) {
        this.settings = settings;
    }

    static void add(Effects effects, MachineSettings settings) {
        BootOptions options = new BootOptions(settings);
        effects.on("kernel", use -> settings.builder.kernel(Path.of(use.text())));
        effects.on("initrd", use -> settings.builder.initrd(Path.of(use.text())));
        effects.on("append", use -> settings.builder.append(use.text()));
        effects.on("dtb", use -> settings.builder.dtb(Path.of(use.text())));
        effects.on("bios", use -> settings.firmware.setBios(use.text()));
        effects.on("L", use -> settings.firmware.add(use.text()));
        effects.on("boot", use -> boot(settings, OptionTrees.flatten(use)));
        effects.on("fw_cfg", options::file);
    }

    /** {@code -boot}, and {@code -M boot.}. Later ones complete or change what was said before. */
    static void boot(MachineSettings settings, Map<String, String> more) throws OptionException {
        Map<String, String> values = settings.boot;
        values.putAll(more);
        boolean menu = false;
        boolean strict = false;
        Integer wait = null;
        int timeout = -1;
        for (Map.Entry<String, String> each : values.entrySet()) {
            String name = each.getKey();
            String value = each.getValue();
            switch (name) {
                case "order", "once" -> {
                    checkOrder(value);
                    // Drive letters are what a PC's firmware knows; here devices have a bootindex.
                    throw new OptionException("no function defined to set boot device list for this architecture\n"
                            + "Give the devices a bootindex= instead");
                }
                case "menu" -> menu = flag(name, value);
                case "strict" -> strict = flag(name, value);
                case "splash" -> {} // there is no display to show it on
                case "splash-time" -> wait = time(name, value, 0, "splash-time");
                case "reboot-timeout" -> timeout = time(name, value, -1, "reboot timeout");
                default ->
                    throw new OptionException(
                            Suggestion.after("Parameter 'boot." + name + "' is unexpected", name, BOOT));
            }
        }
        settings.builder.bootConfiguration(new BootConfiguration(menu, wait, timeout, strict));
    }

    /** Letters from a to p, each once at most. */
    private static void checkOrder(String letters) throws OptionException {
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            if (letter < 'a' || letter > 'p') {
                throw new OptionException("Invalid boot device '" + letter + "'");
            }
            if (letters.indexOf(letter) < i) {
                throw new OptionException("Boot device '" + letter + "' was given twice");
            }
        }
    }

    private static boolean flag(String name, String value) throws OptionException {
        return Quantities.flag("boot." + name, value);
    }

    private static int time(String name, String value, int least, String what) throws OptionException {
        long time;
        try {
            time = Quantities.signed(name, value);
        } catch (OptionException e) {
            throw new OptionException("Parameter 'boot." + name + "' expects integer");
        }
        if (time < least || time > MOST_TIME) {
            throw new OptionException(what + " is invalid,it should be a value between " + least + " and " + MOST_TIME);
        }
        return (int) time;
    }

    private void file(OptionUse use) throws OptionException {
        Parameters given = use.parameters();
        String name = given.get("name");
        String file = given.get("file");
        String string = given.get("string");
        if (given.has("gen_id")) {
            throw new OptionException("gen_id is not there yet: no object makes such data");
        }
        if (name == null || (file == null) == (string == null)) {
            throw new OptionException("name, plus exactly one of file, string and gen_id, are needed");
        }
        if (name.isEmpty()) {
            throw new OptionException("invalid argument(s)\nA name is not empty");
        }
        if (name.length() > LONGEST_NAME) {
            throw new OptionException("name too long (max. " + LONGEST_NAME + " char)");
        }
        if (!names.add(name)) {
            throw new OptionException("duplicate fw_cfg file name: " + name);
        }
        if (!name.startsWith("opt/")) {
            settings.complaints.say(
                    use.place() + ": warning: externally provided fw_cfg item names should be prefixed with \"opt/\"");
        }
        settings.builder.firmwareFile(
                name, string != null ? string.getBytes(StandardCharsets.ISO_8859_1) : content(String.valueOf(file)));
    }

    private static byte[] content(String file) throws OptionException {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new OptionException("can't load " + file);
        }
    }
}
