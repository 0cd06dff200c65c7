package dev.rhea.cli.system;

import dev.rhea.board.MachineBuilder;
import dev.rhea.board.RamBacking;
import dev.rhea.cli.options.Identifiers;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import dev.rhea.device.virtio.rng.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code -object} makes: memory, random numbers, threads, secrets, and what listens to networks. */
final class ObjectSettings {
    private static final long PAGE = 4096;

    /** {@code -M memory-backend=}; null for memory of the machine's own. */
    @Nullable
    String memoryBackend;

    private final Map<String, Made> objects = new LinkedHashMap<>();

    /** An object: checked, and made when all options were read. */
    private record Made(ObjectType type, Map<String, String> values, OptionUse use) {
        boolean flag(String name) throws OptionException {
            String value = values.get(name);
            return value != null && Quantities.flag(name, value);
        }
    }

    /** A capture of what passes a network back end. @param maxLength bytes of each frame, at least 1 */
    record Dump(String netdev, Path file, int maxLength, OptionUse use) {}

    /** Checks what an option asks for, and remembers it. */
    void add(OptionUse use) throws OptionException {
        Map<String, String> values = OptionTrees.flatten(use);
        String name = values.remove("qom-type");
        if (name == null) {
            throw new OptionException("Parameter 'qom-type' is missing");
        }
        ObjectType type = ObjectType.find(name);
        if (type == null) {
            throw ObjectType.unknown(name);
        }
        String id = values.remove("id");
        if (id == null) {
            throw new OptionException("Parameter 'id' is missing");
        }
        Identifiers.check("id", id);
        type.check(values);
        if (objects.putIfAbsent(id, new Made(type, values, use)) != null) {
            throw new OptionException("Duplicate ID '" + id + "' for object");
        }
    }

    /** Makes them. @param seed of {@code -seed}, or null */
    void make(MachineBuilder builder, @Nullable Long seed) throws OptionException {
        for (Map.Entry<String, Made> each : objects.entrySet()) {
            Made made = each.getValue();
            try {
                switch (made.type.name()) {
                    case "rng-random" ->
                        builder.random(
                                each.getKey(),
                                RandomSource.file(Path.of(made.values.getOrDefault("filename", "/dev/urandom"))));
                    case "rng-builtin" ->
                        builder.random(each.getKey(), seed == null ? RandomSource.HOST : RandomSource.seeded(seed));
                    case "iothread" -> thread(builder, each.getKey(), made);
                    case "secret" -> secret(made);
                    default -> {} // memory when it is asked for, filters when networks are there
                }
            } catch (NoSuchFileException e) {
                throw made.use.wrong("Could not open '" + e.getFile() + "': No such file or directory");
            } catch (IOException e) {
                throw made.use.wrong("Could not open '" + made.values.get("filename") + "': " + e.getMessage());
            } catch (OptionException e) {
                throw made.use.wrong(e);
            }
        }
        if (memoryBackend != null) {
            builder.ram(memory(memoryBackend));
        }
        for (Made made : objects.values()) {
            if (made.type.name().startsWith("memory-backend-")) {
                try {
                    size(made);
                } catch (OptionException e) {
                    throw made.use.wrong(e);
                }
            }
        }
    }

    private static void thread(MachineBuilder builder, String id, Made made) throws OptionException {
        for (Map.Entry<String, String> each : made.values.entrySet()) {
            long value = Quantities.signed(each.getKey(), each.getValue());
            if (value < 0) {
                throw new OptionException(each.getKey() + " value must be in range [0, " + Long.MAX_VALUE + "]");
            }
        }
        builder.ioThread(id);
    }

    private static long size(Made made) throws OptionException {
        String text = Objects.requireNonNull(made.values.get("size"));
        long size = Quantities.treeSize("size", text);
        if (size <= 0) {
            throw new OptionException("property 'size' of " + made.type.name() + " doesn't take value '"
                    + Long.toUnsignedString(size) + "'");
        }
        return size;
    }

    private RamBacking memory(String id) throws OptionException {
        Made made = objects.get(id);
        if (made == null || !made.type.name().startsWith("memory-backend-")) {
            throw new OptionException(Suggestion.after("Memory backend '" + id + "' not found", id, objects.keySet()));
        }
        try {
            long size = size(made);
            if (size % PAGE != 0) {
                throw new OptionException("property 'size' of " + made.type.name() + " is not a multiple of " + PAGE);
            }
            if (made.flag("readonly")) {
                throw new OptionException("readonly=on is not there for a machine's own memory");
            }
            String path = made.values.get("mem-path");
            return new RamBacking(id, size, path == null ? null : Path.of(path), made.flag("share"));
        } catch (OptionException e) {
            throw made.use.wrong(e);
        }
    }

    /** The captures, in their order. */
    List<Dump> dumps() throws OptionException {
        List<Dump> dumps = new ArrayList<>();
        for (Made made : objects.values()) {
            if (made.type.name().equals("filter-dump") && !"off".equals(made.values.get("status"))) {
                String length = made.values.getOrDefault("maxlen", "65536");
                long bytes = Quantities.signed("maxlen", length);
                if (bytes < 1 || bytes > Integer.MAX_VALUE) {
                    throw made.use.wrong("Property 'filter-dump.maxlen' doesn't take value '" + length + "'");
                }
                dumps.add(new Dump(
                        Objects.requireNonNull(made.values.get("netdev")),
                        Path.of(Objects.requireNonNull(made.values.get("file"))),
                        (int) bytes,
                        made.use));
            }
        }
        return dumps;
    }

    private static byte[] secret(Made made) throws OptionException {
        String data = made.values.get("data");
        String file = made.values.get("file");
        if (data != null && file != null) {
            throw new OptionException("'file' and 'data' are mutually exclusive");
        }
        if (made.values.containsKey("keyid") || made.values.containsKey("iv")) {
            throw new OptionException("secrets that are encrypted (keyid, iv) are not there yet");
        }
        byte[] bytes;
        if (data != null) {
            bytes = data.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        } else if (file != null) {
            try {
                bytes = Files.readAllBytes(Path.of(file));
            } catch (IOException e) {
                throw new OptionException("Unable to read " + file + ": Failed to open file \u201c" + file + "\u201d: "
                        + (e instanceof NoSuchFileException ? "No such file or directory" : e.getMessage()));
            }
        } else {
            throw new OptionException("Either 'file' or 'data' must be provided");
        }
        try {
            return "base64".equals(made.values.get("format"))
                    ? Base64.getMimeDecoder().decode(bytes)
                    : bytes;
        } catch (IllegalArgumentException e) {
            throw new OptionException("base64 data is not valid: " + e.getMessage());
        }
    }
}
