package dev.rhea.block;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * A drive that is ready for a device.
 *
 * @param backend what it stores its sectors in; closed by {@link #close}
 */
public record Drive(DriveOptions options, BlockBackend backend) implements AutoCloseable {
    /** What a node is called. */
    public static final String NODE_NAME = "node-name";

    private static final Set<String> FILE_OPTIONS =
            Set.of(NODE_NAME, "file.locking", "locking", "file.driver", "size", "read-zeroes");

    /**
     * Opens what the options name.
     *
     * @param shareWrites whether the device stands others writing to the image: {@code share-rw=on}
     * @throws BadDriveException the reference's message
     */
    public static Drive open(DriveOptions options, boolean shareWrites) throws BadDriveException {
        String format = options.format() == null ? "raw" : options.format();
        for (String key : options.driver().keySet()) {
            if (!FILE_OPTIONS.contains(key)) {
                throw new BadDriveException("Block format '" + format + "' does not support the option '" + key + "'");
            }
        }
        BlockBackend image = format.startsWith("null-") ? nullImage(options) : rawImage(options, shareWrites);
        boolean made = false;
        try {
            if (options.snapshot()) {
                image = new SnapshotOverlay(image);
            }
            made = true;
        } catch (IOException e) {
            throw new BadDriveException("Could not create temporary overlay: " + e.getMessage());
        } finally {
            if (!made) {
                closeQuietly(image);
            }
        }
        return new Drive(options, new DriveBackend(image, options.unmap(), options.detectZeroes()));
    }

    private static BlockBackend nullImage(DriveOptions options) throws BadDriveException {
        Map<String, String> driver = options.driver();
        try {
            String size = driver.get("size");
            return new NullBackend(
                    size == null ? NullBackend.DEFAULT_SIZE : Long.decode(size) & -RawFile.SECTOR,
                    options.readOnly(),
                    "on".equals(driver.get("read-zeroes")));
        } catch (NumberFormatException e) {
            throw new BadDriveException("Parameter 'size' expects a non-negative number below 2^64");
        }
    }

    private static BlockBackend rawImage(DriveOptions options, boolean shareWrites) throws BadDriveException {
        String file = options.file();
        if (file == null || file.isEmpty()) {
            throw new BadDriveException("A block device must be specified for \"file\"");
        }
        String path = file.startsWith("file:") ? file.substring(5) : file;
        boolean lock = !"off".equals(options.driver().get("file.locking"))
                && !"off".equals(options.driver().get("locking"));
        return RawFile.open(path, options.readOnly() || options.snapshot(), options.cache(), lock, shareWrites);
    }

    private static void closeQuietly(BlockBackend image) {
        try {
            image.close();
        } catch (IOException e) {
            // What went wrong before is what is said.
        }
    }

    /** Whether it is a node of {@code -blockdev}, and no {@code -drive}. */
    public boolean isNode() {
        return options.driver().containsKey(NODE_NAME);
    }

    /** The name of what it stores its sectors in. */
    public String file() {
        String file = options.file();
        return file != null ? file : format() + "://";
    }

    /** The name of the image's format. */
    public String format() {
        String format = options.format();
        return format == null ? "raw" : format;
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
