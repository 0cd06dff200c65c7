package dev.rhea.cli.system;

import dev.rhea.block.BadDriveException;
import dev.rhea.block.BlockBackend;
import dev.rhea.block.CacheMode;
import dev.rhea.block.RawFile;
import dev.rhea.board.MachineBuilder;
import dev.rhea.cli.UsageError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code -drive} asks for. */
final class Drives {
    private final boolean snapshot;
    private final Map<String, Integer> numbers = new HashMap<>();

    Drives(boolean snapshot) {
        this.snapshot = snapshot;
    }

    void add(SystemOptions.Typed typed, MachineBuilder builder) throws UsageError {
        try {
            open(KeyValues.parse(typed.text(), null), builder);
        } catch (UsageError e) {
            throw new UsageError(typed.option() + ": " + e.getMessage());
        } catch (BadDriveException e) {
            throw new UsageError(typed.option() + ": " + e.getMessage());
        }
    }

    private void open(KeyValues values, MachineBuilder builder) throws UsageError, BadDriveException {
        String file = values.take("file");
        String where = values.take("if", "virtio");
        String format = values.take("format", "raw");
        boolean readOnly = values.takeFlag("readonly", false);
        boolean own = values.takeFlag("snapshot", snapshot);
        String cache = values.take("cache", "writeback");
        String id = values.take("id");
        for (String ignored :
                List.of("media", "aio", "discard", "detect-zeroes", "werror", "rerror", "index", "unit", "bus")) {
            values.take(ignored);
        }
        values.finish();
        if (file == null) {
            throw new UsageError("Parameter 'file' is missing");
        }
        if (!List.of("none", "virtio").contains(where)) {
            throw new UsageError(
                    List.of("ide", "scsi", "sd", "pflash", "floppy", "mtd").contains(where)
                            ? "machine type does not support if=" + where + ",bus=0,unit=0"
                            : "unsupported bus type '" + where + "'");
        }
        if (!format.equals("raw")) {
            throw new UsageError("Unknown driver '" + format + "'");
        }
        if (own) {
            throw new UsageError("snapshot=on is not there yet; copy the image, or use readonly=on");
        }
        int number = numbers.merge(where, 1, Integer::sum) - 1;
        String name = id == null ? where + number : id;
        CacheMode mode = CacheMode.of(cache);
        if (mode == null) {
            throw new UsageError("invalid cache option");
        }
        BlockBackend drive = RawFile.open(file, readOnly, mode, true, false);
        builder.drive(name, drive);
        if (where.equals("virtio")) {
            builder.device("virtio-blk-device", "drive", name);
        }
    }
}
