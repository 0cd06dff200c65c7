package dev.rhea.cli.system;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceSpec;
import dev.rhea.board.DeviceTypes;
import dev.rhea.board.MachineOption;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Suggestion;
import dev.rhea.machine.device.Property;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the user of a machine that cannot be may have meant. */
final class Hints {
    private static final Pattern PROPERTY = Pattern.compile("Property '[^']*\\.([^'.]+)' not found");
    private static final Pattern VALUE = Pattern.compile("Parameter '([^']+)' does not accept value '([^']*)'");

    private final MachineSettings settings;

    Hints(MachineSettings settings) {
        this.settings = settings;
    }

    /** A complaint with the place of the option that is wrong, where one is. */
    OptionException of(BadMachineException wrong) {
        DeviceSpec device = wrong.device();
        OptionUse use = device == null ? null : settings.devices.place(device);
        OptionException complaint = new OptionException(after(String.valueOf(wrong.getMessage()), device));
        return use == null ? complaint : use.wrong(complaint);
    }

    /** The message, with a line of what was meant where something near is known. @param device that is wrong, or null */
    private String after(String message, @Nullable DeviceSpec device) {
        if (device != null) {
            return afterDevice(message, device);
        }
        if (message.startsWith("unsupported machine type")) {
            return Suggestion.after(
                    message + "\nUse -machine help to list supported machines",
                    settings.machine,
                    Boards.of(settings.architecture).stream().map(Board::name).toList());
        }
        Matcher property = PROPERTY.matcher(message);
        if (property.matches()) {
            for (Board board : Boards.of(settings.architecture)) {
                if (message.equals(MachineOption.notFound(board.name(), property.group(1)))) {
                    return Suggestion.after(
                            message,
                            property.group(1),
                            MachineOption.of(board).stream()
                                    .map(MachineOption::name)
                                    .toList());
                }
            }
        }
        return message;
    }

    private static String afterDevice(String message, DeviceSpec device) {
        DeviceTypes.Entry type = DeviceTypes.find(device.driver());
        if (type == null) {
            return Suggestion.after(message, device.driver(), DeviceTypes.names());
        }
        Matcher property = PROPERTY.matcher(message);
        if (property.matches()) {
            return Suggestion.after(
                    message,
                    property.group(1),
                    type.properties().stream().map(Property::name).toList());
        }
        Matcher value = VALUE.matcher(message);
        if (value.matches()) {
            List<String> choices = type.properties().stream()
                    .filter(each -> each.name().equals(value.group(1)))
                    .flatMap(each -> each.choices().stream())
                    .toList();
            return Suggestion.after(message, value.group(2), choices);
        }
        return message;
    }
}
