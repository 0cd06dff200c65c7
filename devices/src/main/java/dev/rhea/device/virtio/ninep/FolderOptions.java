package dev.rhea.device.virtio.ninep;

import dev.rhea.host.HostException;
import dev.rhea.machine.device.BadDeviceException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code -fsdev local} says, checked. */
public record FolderOptions(String id, String path, SecurityModel model, boolean readOnly) {
    private static final String MODELS =
            "\nValid options are: security_model=[passthrough|mapped-xattr|mapped-file|none]";

    /**
     * Checks what the user gave.
     *
     * @param given keys and values as split by the command line, without the driver's name
     * @throws BadDeviceException the reference's message
     */
    public static FolderOptions of(Map<String, String> given) throws BadDeviceException {
        String id = given.get("id");
        if (id == null) {
            throw new BadDeviceException("fsdev: No id specified");
        }
        String name = given.get("security_model");
        if (name == null) {
            throw new BadDeviceException("security_model property not set" + MODELS);
        }
        SecurityModel model = SecurityModel.of(name);
        if (model == null) {
            if (name.equals("mapped-file")) {
                throw new BadDeviceException("security_model=mapped-file: Rhea has passthrough, mapped-xattr and none");
            }
            throw new BadDeviceException("invalid security_model property '" + name + "'" + MODELS);
        }
        String path = given.get("path");
        if (path == null) {
            throw new BadDeviceException("path property not set");
        }
        return new FolderOptions(id, path, model, readOnly(given.get("readonly")));
    }

    private static boolean readOnly(@Nullable String text) throws BadDeviceException {
        return switch (text) {
            case null -> false;
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default -> throw new BadDeviceException("Parameter 'readonly' expects 'on' or 'off'");
        };
    }

    /** Opens the folder for one device. */
    public SharedFolder open() throws BadDeviceException {
        try {
            return SharedFolder.open(path, model, readOnly);
        } catch (HostException e) {
            throw new BadDeviceException(
                    "cannot initialize fsdev '" + id + "': failed to open '" + path + "': " + e.getMessage());
        }
    }
}
