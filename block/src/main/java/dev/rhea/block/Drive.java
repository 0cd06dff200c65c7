package dev.rhea.block;

import dev.rhea.host.RawMemory;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A drive that is ready for a device.
 *
 * @param backend what it stores its sectors in; closed by {@link #close}
 */
public record Drive(DriveOptions options, BlockBackend backend) implements AutoCloseable {
    private static final String OFFSET = "offset";
    private static final String SIZE = "size";

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
        return open(options, shareWrites, warning -> {});
    }

    /** The same. @param warnings is told lines that the user should read */
    public static Drive open(DriveOptions options, boolean shareWrites, Consumer<String> warnings)
            throws BadDriveException {
        String format = options.format() == null ? "raw" : options.format();
        for (String key : options.driver().keySet()) {
            if (!FILE_OPTIONS.contains(key) && !(format.equals("raw") && key.equals(OFFSET))) {
                throw new BadDriveException("Block format '" + format + "' does not support the option '" + key + "'");
            }
        }
        BlockBackend image = format.startsWith("null-") ? nullImage(options) : rawImage(options, shareWrites, warnings);
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

    private static BlockBackend rawImage(DriveOptions options, boolean shareWrites, Consumer<String> warnings)
            throws BadDriveException {
        String file = options.file();
        if (file == null || file.isEmpty()) {
            throw new BadDriveException("A block device must be specified for \"file\"");
        }
        String path = file.startsWith("file:") ? file.substring(5) : file;
        boolean lock = !"off".equals(options.driver().get("file.locking"))
                && !"off".equals(options.driver().get("locking"));
        BlockBackend image =
                RawFile.open(path, options.readOnly() || options.snapshot(), options.cache(), lock, shareWrites);
        boolean made = false;
        try {
            if (options.format() == null) {
                image = probed(image, path, warnings);
            }
            String offset = options.driver().get(OFFSET);
            String size = options.driver().get(SIZE);
            if (offset != null || size != null) {
                image = Slice.of(
                        image, offset == null ? 0 : number(OFFSET, offset), size == null ? -1 : number(SIZE, size));
            }
            made = true;
            return image;
        } catch (IOException e) {
            throw new BadDriveException("Could not read image for determining its format: " + e.getMessage());
        } finally {
            if (!made) {
                closeQuietly(image);
            }
        }
    }

    private static long number(String name, String text) throws BadDriveException {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new BadDriveException("Parameter '" + name + "' expects a non-negative number below 2^64");
        }
    }

    /** An image that nobody said the format of: raw, unless it looks like another. */
    private static BlockBackend probed(BlockBackend image, String path, Consumer<String> warnings)
            throws IOException, BadDriveException {
        byte[] head = new byte[(int) Math.min(ImageFormat.HEAD, image.size())];
        long memory = RawMemory.allocate(ImageFormat.HEAD);
        try {
            image.read(0, memory, head.length);
            RawMemory.copyOut(memory, head, 0, head.length);
        } finally {
            RawMemory.free(memory);
        }
        ImageFormat format = ImageFormat.of(head);
        if (format != null) {
            throw new BadDriveException("Could not open '" + path + "': " + later(format));
        }
        if (image.isReadOnly()) {
            return image;
        }
        warnings.accept("WARNING: Image format was not specified for '" + path + "' and probing guessed raw.");
        warnings.accept(
                "         Automatically detecting the format is dangerous for raw images, write operations on block 0"
                        + " will be restricted.");
        warnings.accept("         Specify the 'raw' format explicitly to remove the restrictions.");
        return new ProbedImage(image);
    }

    /** What is said of an image in a format that Rhea does not open by itself. */
    static String later(ImageFormat format) {
        return "images in the format " + format.text()
                + " are not there yet\nMake a raw one of it: qemu-img convert -O raw FILE NEWFILE";
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
