package dev.rhea.device.virtio.blk;

import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a user says of a virtio disk.
 *
 * @param numQueues 1 to 1023; {@link #AUTO} is left to whoever knows how many processors there are
 * @param logicalBlockSize in bytes, as the next three; 0 means 512
 */
public record BlkOptions(
        CommonOptions common,
        String serial,
        int numQueues,
        int queueSize,
        int logicalBlockSize,
        int physicalBlockSize,
        int minIoSize,
        int optIoSize,
        long discardGranularity,
        boolean configWce,
        boolean writeBack,
        boolean discard,
        boolean writeZeroes,
        long maxDiscardSectors,
        long maxWriteZeroesSectors,
        boolean segMaxAdjust,
        int cylinders,
        int heads,
        int sectors) {
    /** The reference's value for "as many as make sense". */
    public static final int AUTO = 65535;

    private static final List<String> ON_OFF_AUTO = List.of("on", "off", "auto");
    private static final List<String> ON_ERROR = List.of("report", "ignore", "enospc", "stop", "auto");
    private static final String BLOCK_SIZE = "A power of two between 512 B and 2 MiB";
    private static final long UNSET = 0xffffffffL;
    private static final int MAX_BLOCK_SIZE = 2 << 20;

    public static final List<Property> PROPERTIES = Stream.concat(
                    CommonOptions.PROPERTIES.stream(),
                    Stream.of(
                            Property.choice("account-failed", "auto", ON_OFF_AUTO, "on/off/auto"),
                            Property.choice("account-invalid", "auto", ON_OFF_AUTO, "on/off/auto"),
                            Property.choice("backend_defaults", "auto", ON_OFF_AUTO, "on/off/auto"),
                            Property.of("bootindex", PropertyKind.INT32, null, ""),
                            Property.of("config-wce", PropertyKind.BOOL, "true", "on/off"),
                            Property.of("cyls", PropertyKind.UINT32, "0", ""),
                            Property.of("discard", PropertyKind.BOOL, "true", "on/off"),
                            Property.of("discard_granularity", PropertyKind.SIZE, "4294967295", ""),
                            Property.of(
                                    "drive",
                                    PropertyKind.DRIVE,
                                    null,
                                    "Node name or ID of a block device to use as a backend"),
                            Property.of("heads", PropertyKind.UINT32, "0", ""),
                            Property.of("iothread", PropertyKind.LINK, null, ""),
                            Property.of("lcyls", PropertyKind.UINT32, "0", ""),
                            Property.of("lheads", PropertyKind.UINT32, "0", ""),
                            Property.of("logical_block_size", PropertyKind.SIZE, "0", BLOCK_SIZE),
                            Property.of("lsecs", PropertyKind.UINT32, "0", ""),
                            Property.of("max-discard-sectors", PropertyKind.UINT32, "4194303", ""),
                            Property.of("max-write-zeroes-sectors", PropertyKind.UINT32, "4194303", ""),
                            Property.of("min_io_size", PropertyKind.SIZE, "0", ""),
                            Property.of("num-queues", PropertyKind.UINT16, "65535", ""),
                            Property.of("opt_io_size", PropertyKind.SIZE, "0", ""),
                            Property.of("physical_block_size", PropertyKind.SIZE, "0", BLOCK_SIZE),
                            Property.of("queue-size", PropertyKind.UINT16, "256", ""),
                            Property.of("report-discard-granularity", PropertyKind.BOOL, "true", ""),
                            Property.of("request-merging", PropertyKind.BOOL, "true", "on/off"),
                            Property.choice(
                                    "rerror",
                                    "auto",
                                    ON_ERROR,
                                    "Error handling policy, report/ignore/enospc/stop/auto"),
                            Property.of("secs", PropertyKind.UINT32, "0", ""),
                            Property.of("seg-max-adjust", PropertyKind.BOOL, "true", ""),
                            Property.of("serial", PropertyKind.STRING, null, ""),
                            Property.of("share-rw", PropertyKind.BOOL, "false", ""),
                            Property.choice(
                                    "werror",
                                    "auto",
                                    ON_ERROR,
                                    "Error handling policy, report/ignore/enospc/stop/auto"),
                            Property.choice("write-cache", "auto", ON_OFF_AUTO, "on/off/auto"),
                            Property.of("write-zeroes", PropertyKind.BOOL, "true", "on/off"),
                            Property.of("x-enable-wce-if-config-wce", PropertyKind.BOOL, "true", "")))
            .sorted(java.util.Comparator.comparing(Property::name))
            .toList();

    /**
     * Checks and takes over what a user gave.
     *
     * @param driveWriteBack whether the drive's cache mode has a write cache: what {@code write-cache=auto} means
     * @param defaultQueues how many queues there are if nobody says: 1 on MMIO, on PCI one for each processor
     */
    public static BlkOptions of(PropertyValues values, boolean driveWriteBack, int defaultQueues)
            throws BadDeviceException {
        int queues = (int) values.number("num-queues");
        if (queues == AUTO) {
            queues = defaultQueues;
        }
        if (queues == 0) {
            throw new BadDeviceException("num-queues property must be larger than 0");
        }
        int queueSize = (int) values.number("queue-size");
        if (Integer.bitCount(queueSize) != 1 || queueSize <= 2 || queueSize > VirtQueue.MAX_SIZE) {
            throw new BadDeviceException("invalid queue-size property (" + queueSize + "), must be a power of 2 (max "
                    + VirtQueue.MAX_SIZE + ")");
        }
        int logical = blockSize(values, "logical_block_size");
        int physical = Math.max(blockSize(values, "physical_block_size"), 0);
        if (physical != 0 && logical > physical) {
            throw new BadDeviceException("logical_block_size > physical_block_size not supported");
        }
        String serial = values.text("serial");
        String cache = values.text("write-cache");
        return new BlkOptions(
                CommonOptions.of(values),
                serial == null ? "" : serial,
                queues,
                queueSize,
                logical == 0 ? BlkRequest.SECTOR : logical,
                physical == 0 ? BlkRequest.SECTOR : physical,
                (int) values.number("min_io_size"),
                (int) values.number("opt_io_size"),
                values.number("discard_granularity"),
                values.bool("config-wce"),
                "auto".equals(cache) ? driveWriteBack : "on".equals(cache),
                values.bool("discard"),
                values.bool("write-zeroes"),
                values.number("max-discard-sectors"),
                values.number("max-write-zeroes-sectors"),
                values.bool("seg-max-adjust"),
                (int) values.number("cyls"),
                (int) values.number("heads"),
                (int) values.number("secs"));
    }

    private static int blockSize(PropertyValues values, String name) throws BadDeviceException {
        long size = values.number(name);
        if (size != 0 && (Long.bitCount(size) != 1 || size < BlkRequest.SECTOR || size > MAX_BLOCK_SIZE)) {
            throw new BadDeviceException("Property " + values.type() + "." + name + " doesn't take value '" + size
                    + "', it's not a power of 2 between 512 and 2 MiB");
        }
        return (int) size;
    }

    /** Sectors that a discard starts at a multiple of. */
    int discardAlignment() {
        long granularity = discardGranularity == UNSET ? logicalBlockSize : discardGranularity;
        return (int) Math.max(granularity / BlkRequest.SECTOR, 1);
    }
}
