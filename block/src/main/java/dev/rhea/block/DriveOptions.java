package dev.rhea.block;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code -drive} says, checked.
 *
 * @param interfaceType {@code if=}: {@code none}, {@code virtio}, {@code pflash} …; empty for the machine's own
 * @param index −1 where none is given
 * @param media {@code disk} or {@code cdrom}
 * @param format the driver's name; null where the image is to be probed
 * @param file null for a drive without a medium
 * @param serial null where none is given
 * @param driver options for the image's driver, with their prefix: {@code file.locking}, {@code size}
 */
public record DriveOptions(
        @Nullable String id,
        String interfaceType,
        int bus,
        int unit,
        int index,
        String media,
        @Nullable String file,
        @Nullable String format,
        boolean readOnly,
        CacheMode cache,
        boolean snapshot,
        boolean unmap,
        DetectZeroes detectZeroes,
        @Nullable String serial,
        Map<String, String> driver) {
    private static final Set<String> INTERFACES =
            Set.of("none", "ide", "scsi", "floppy", "pflash", "mtd", "sd", "virtio", "xen");
    private static final Set<String> AIO = Set.of("threads", "native", "io_uring");
    private static final Set<String> ON_ERROR = Set.of("report", "ignore", "enospc", "stop");
    /** Formats that Rhea opens by itself. */
    private static final Set<String> DRIVERS = Set.of("raw", "file", "host_device", "null-co", "null-aio");

    /**
     * Checks what the user gave.
     *
     * @param given keys and values as split by the command line; later ones win
     * @throws BadDriveException the reference's message
     */
    public static DriveOptions of(Map<String, String> given) throws BadDriveException {
        return new DriveParser(given).parse();
    }

    /** Takes the keys out of a map, one by one. */
    private static final class DriveParser {
        private final Map<String, String> left;

        DriveParser(Map<String, String> given) {
            left = new LinkedHashMap<>(given);
        }

        DriveOptions parse() throws BadDriveException {
            String format = left.remove("format");
            String driver = left.remove("driver");
            if (format != null && driver != null) {
                throw new BadDriveException("Cannot specify both 'driver' and 'format'");
            }
            format = format == null ? driver : format;
            String media = text("media", "disk");
            if (!media.equals("disk") && !media.equals("cdrom")) {
                throw new BadDriveException("'" + media + "' invalid media");
            }
            String type = text("if", "");
            if (!type.isEmpty() && !INTERFACES.contains(type)) {
                throw new BadDriveException("unsupported bus type '" + type + "'");
            }
            // As the reference has it both are the same, also in complaints.
            String older = left.remove("readonly");
            if (older != null) {
                left.putIfAbsent("read-only", older);
            }
            boolean readOnly = false;
            readOnly = bool("read-only", readOnly) || media.equals("cdrom");
            CacheMode cache = cache();
            String aio = left.remove("aio");
            if (aio != null && !AIO.contains(aio)) {
                throw new BadDriveException("invalid aio option");
            }
            if ("native".equals(aio) && !cache.direct()) {
                throw new BadDriveException(
                        "aio=native was specified, but it requires cache.direct=on, which was not specified.");
            }
            onError("werror");
            onError("rerror");
            boolean unmap = discard();
            DetectZeroes zeroes = detectZeroes(unmap);
            ImageFormat later = format == null ? null : ImageFormat.named(format);
            if (later != null) {
                throw new BadDriveException(Drive.later(later));
            }
            if (format != null && !DRIVERS.contains(format)) {
                throw new BadDriveException("Unknown driver '" + format + "'");
            }
            return new DriveOptions(
                    left.remove("id"),
                    type,
                    number("bus", 0),
                    number("unit", -1),
                    number("index", -1),
                    media,
                    left.remove("file"),
                    format,
                    readOnly,
                    cache,
                    bool("snapshot", false),
                    unmap,
                    zeroes,
                    left.remove("serial"),
                    Map.copyOf(left));
        }

        private String text(String key, String otherwise) {
            String value = left.remove(key);
            return value == null ? otherwise : value;
        }

        private boolean bool(String key, boolean otherwise) throws BadDriveException {
            String value = left.remove(key);
            return switch (value) {
                case null -> otherwise;
                case "on", "yes", "true", "y" -> true;
                case "off", "no", "false", "n" -> false;
                default -> throw new BadDriveException("Parameter '" + key + "' expects 'on' or 'off'");
            };
        }

        private int number(String key, int otherwise) throws BadDriveException {
            String value = left.remove(key);
            if (value == null) {
                return otherwise;
            }
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new BadDriveException("Parameter '" + key + "' expects a number");
            }
        }

        private CacheMode cache() throws BadDriveException {
            String text = left.remove("cache");
            CacheMode mode = text == null ? CacheMode.WRITEBACK : CacheMode.of(text);
            if (mode == null) {
                throw new BadDriveException("invalid cache option");
            }
            return new CacheMode(
                    mode.text(),
                    bool("cache.writeback", mode.writeBack()),
                    bool("cache.direct", mode.direct()),
                    bool("cache.no-flush", mode.noFlush()));
        }

        private void onError(String key) throws BadDriveException {
            String value = left.remove(key);
            // A read does not run out of space.
            if (value != null && (!ON_ERROR.contains(value) || key.equals("rerror") && value.equals("enospc"))) {
                throw new BadDriveException(
                        "'" + value + "' invalid " + (key.charAt(0) == 'w' ? "write" : "read") + " error action");
            }
        }

        private boolean discard() throws BadDriveException {
            return switch (text("discard", "ignore").toLowerCase(Locale.ROOT)) {
                case "ignore", "off" -> false;
                case "unmap", "on" -> true;
                default -> throw new BadDriveException("Invalid discard option");
            };
        }

        private DetectZeroes detectZeroes(boolean unmap) throws BadDriveException {
            String value = text("detect-zeroes", "off");
            return switch (value) {
                case "off" -> DetectZeroes.OFF;
                case "on" -> DetectZeroes.ON;
                case "unmap" -> {
                    if (!unmap) {
                        throw new BadDriveException(
                                "setting detect-zeroes to unmap is not allowed without setting discard"
                                        + " operation to unmap");
                    }
                    yield DetectZeroes.UNMAP;
                }
                default -> throw new BadDriveException("invalid parameter value: " + value);
            };
        }
    }
}
