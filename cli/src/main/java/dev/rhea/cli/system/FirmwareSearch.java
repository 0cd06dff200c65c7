package dev.rhea.cli.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where firmware is looked for: {@code -L}, then {@code -bios} by its name. */
final class FirmwareSearch {
    private final List<String> folders = new ArrayList<>();
    private @Nullable String bios;

    /** One more folder, before those of the machine itself. */
    void add(String folder) {
        folders.add(folder);
    }

    List<String> folders() {
        return List.copyOf(folders);
    }

    void setBios(String name) {
        bios = name;
    }

    /** What {@code -bios} means: a path as it is if there is a file, the file of that name in the first folder that has one otherwise. */
    @Nullable
    String bios() {
        String name = bios;
        if (name == null || name.equals("none") || name.equals("default") || Files.isReadable(Path.of(name))) {
            return name;
        }
        for (String folder : folders) {
            Path there = Path.of(folder).resolve(name);
            if (Files.isReadable(there)) {
                return there.toString();
            }
        }
        return name;
    }
}
