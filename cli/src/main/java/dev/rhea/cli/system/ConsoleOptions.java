package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.util.List;
import java.util.Map;

/** Serial ports, monitors, and the display that there is not. */
final class ConsoleOptions {
    private static final List<String> VGA = List.of("none", "std", "cirrus", "vmware", "qxl", "virtio", "tcx", "cg3");

    private final MachineSettings settings;

    private ConsoleOptions(MachineSettings settings) {
        this.settings = settings;
    }

    static void add(Effects effects, MachineSettings settings) {
        ConsoleOptions options = new ConsoleOptions(settings);
        ConsoleSettings consoles = settings.consoles;
        effects.on("serial", consoles.serials::add);
        effects.on("monitor mon", consoles.monitors::add);
        effects.on("nographic", use -> consoles.nographic = true);
        effects.on("echr", use -> consoles.escape = escape(use.text()));
        effects.on("display", options::display);
        effects.on("vga", options::vga);
        effects.on("parallel", options::parallel);
        effects.on("usb", use -> {}); // as with -M usb=on: a board without a controller has none
        effects.on("k", use -> {}); // there is no keyboard whose layout it could be
    }

    private static int escape(String text) throws OptionException {
        long code;
        try {
            code = Quantities.unsigned("echr", text);
        } catch (OptionException e) {
            throw new OptionException("Bad argument to echr");
        }
        if (code < 0 || code > 255) {
            throw new OptionException("Bad argument to echr\nThe code of a key is 0 to 255");
        }
        return (int) code;
    }

    private void display(OptionUse use) throws OptionException {
        Map<String, String> values = OptionTrees.flatten(use);
        String type = values.remove("type");
        if (type == null) {
            throw new OptionException("Parameter 'type' is missing");
        }
        if (!type.equals("none")) {
            throw new OptionException("Parameter 'type' does not accept value '" + type
                    + "'\nDisplays are not there yet; 'none' and -nographic are");
        }
        for (String name : values.keySet()) {
            throw new OptionException("Parameter '" + name + "' is unexpected");
        }
    }

    private void vga(OptionUse use) throws OptionException {
        String type = use.text();
        if (!VGA.contains(type)) {
            throw new OptionException(Suggestion.after("unknown vga type: " + type, type, VGA));
        }
        if (!type.equals("none")) {
            settings.complaints.say("warning: A -vga option was passed but this machine type does not use that option;"
                    + " No VGA device has been created");
        }
    }

    /** No board has a parallel port: as in the reference what would be behind it is left alone. */
    private void parallel(OptionUse use) throws OptionException {
        if (!use.text().equals("none") && !use.text().equals("null")) {
            throw new OptionException("this machine has no parallel port\nWrite 'none'");
        }
    }
}
