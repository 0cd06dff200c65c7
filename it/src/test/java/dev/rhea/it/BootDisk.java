package dev.rhea.it;

import dev.rhea.block.BadDriveException;
import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** The disk that boot loaders find Debian's kernel and busybox on, as {@code bin/guests boot-disk} describes it; nothing is written to it. */
final class BootDisk {
    /** A partition with systemd-boot. */
    static final int SYSTEM = 1;

    /** A partition with an ext4 file system and U-Boot's {@code extlinux.conf}. */
    static final int LINUX = 2;

    /** A partition with a FAT file system and no {@code \EFI}. */
    static final int OTHER = 3;

    private static final int MBR_ENTRIES = 446;
    private static final int MBR_ENTRY = 16;
    private static final int SECTOR = 512;

    private BootDisk() {}

    static Drive whole() throws BadDriveException {
        return open(Guests.bootDisk(), "snapshot");
    }

    /** A disk of what is in one partition, with no partition table. @param folder for a copy of it */
    static Drive bare(int partition, Path folder) throws BadDriveException, IOException {
        Path copy = folder.resolve("partition" + partition);
        try (FileChannel from = FileChannel.open(Guests.bootDisk());
                FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer entry = ByteBuffer.allocate(MBR_ENTRY).order(ByteOrder.LITTLE_ENDIAN);
            from.read(entry, MBR_ENTRIES + (partition - 1) * (long) MBR_ENTRY);
            long size = (entry.getInt(12) & 0xffffffffL) * SECTOR;
            for (long at = 0; at < size; ) {
                at += from.transferTo((entry.getInt(8) & 0xffffffffL) * SECTOR + at, size - at, to);
            }
        }
        return open(copy);
    }

    /** A file as a drive. @param switches options that are on */
    static Drive open(Path file, String... switches) throws BadDriveException {
        Map<String, String> options =
                new LinkedHashMap<>(Map.of("file", file.toString(), "format", "raw", "if", "none", "id", "d0"));
        for (String each : switches) {
            options.put(each, "on");
        }
        return Drive.open(DriveOptions.of(options), false);
    }
}
