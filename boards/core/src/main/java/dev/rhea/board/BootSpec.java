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
 * @param order what firmware tries first, in letters as {@code -boot order=} has them; empty for the board's own order
 * @param menu whether firmware is to show a menu; null where nothing is said
 * @param files what {@code -fw_cfg} adds, by name
 */
public record BootSpec(
        @Nullable String bios,
        @Nullable Path kernel,
        @Nullable Path initrd,
        @Nullable Path dtb,
        String append,
        String order,
        @Nullable Boolean menu,
        Map<String, byte[]> files) {
    public BootSpec {
        files = new LinkedHashMap<>(files);
    }
}
