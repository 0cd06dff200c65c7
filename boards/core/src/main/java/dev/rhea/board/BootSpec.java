package dev.rhea.board;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine starts from.
 *
 * @param bios "none", "default", or a file's name; null for the board's own choice
 * @param append the kernel's command line; empty for none
 * @param configuration what firmware is told about booting
 * @param files what {@code -fw_cfg} adds, by name
 */
public record BootSpec(
        @Nullable String bios,
        @Nullable Path kernel,
        @Nullable Path initrd,
        @Nullable Path dtb,
        String append,
        BootConfiguration configuration,
        Map<String, byte[]> files) {
    public BootSpec {
        files = new LinkedHashMap<>(files);
    }
}
