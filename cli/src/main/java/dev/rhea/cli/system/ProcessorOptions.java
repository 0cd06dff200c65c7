package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Board, processors and memory: {@code -M}, {@code -cpu}, {@code -smp}, {@code -m}, {@code -accel}. */
final class ProcessorOptions {
    private static final long MEBIBYTE = 1 << 20;

    /** Properties of {@code -accel tcg}. */
    static final List<String> TCG = List.of("one-insn-per-tb", "split-wx", "tb-size", "thread");

    private final MachineSettings settings;

    private ProcessorOptions(MachineSettings settings) {
        this.settings = settings;
    }

    static void add(Effects effects, MachineSettings settings) {
        ProcessorOptions options = new ProcessorOptions(settings);
        effects.on("machine", options::machine);
        effects.on("cpu", use -> settings.builder.cpu(use.text()));
        effects.on("smp", use -> options.processors(OptionTrees.flatten(use)));
        effects.on("m", use -> options.memory(use.parameters()));
        effects.on("accel", options::accelerator);
        effects.on("enable-kvm", use -> settings.accelerators.add("kvm", use));
        // Guest memory is not locked into RAM, and processors that wait sleep: that is "off" for both.
        effects.on("overcommit", use -> {
            if (use.parameters().flag("mem-lock", false)) {
                throw new OptionException("mem-lock=on is not there yet: guest memory is ordinary memory of the host");
            }
            if (use.parameters().flag("cpu-pm", false)) {
                throw new OptionException("cpu-pm=on needs an accelerator that runs on the host's processors");
            }
        });
    }

    private void machine(OptionUse use) throws OptionException {
        Map<String, String> values = OptionTrees.flatten(use);
        String type = values.remove("type");
        if (type != null) {
            settings.machine = type;
            settings.builder.board(type);
        }
        String accelerators = values.remove("accel");
        if (accelerators != null) {
            settings.accelerators.addAll(accelerators);
        }
        String backend = values.remove("memory-backend");
        if (backend != null) {
            settings.objects.memoryBackend = backend;
        }
        // What -smp, -m and -boot say can be said here too.
        processors(below(values, "smp"));
        Map<String, String> memory = below(values, "memory");
        if (!memory.isEmpty()) {
            nestedMemory(memory);
        }
        Map<String, String> boot = below(values, "boot");
        if (!boot.isEmpty()) {
            BootOptions.boot(settings, boot);
        }
        settings.machineOptions.putAll(values);
        values.forEach(settings.builder::option);
    }

    /** Takes values out whose names begin so, without that beginning. */
    private static Map<String, String> below(Map<String, String> values, String name) throws OptionException {
        if (values.containsKey(name)) {
            throw new OptionException("Invalid parameter type for '" + name + "', expected: object");
        }
        Map<String, String> below = new LinkedHashMap<>();
        String prefix = name + ".";
        values.entrySet().removeIf(each -> {
            boolean is = each.getKey().startsWith(prefix);
            if (is) {
                below.put(each.getKey().substring(prefix.length()), each.getValue());
            }
            return is;
        });
        return below;
    }

    /** Later ones complete or change what was said before. */
    private void processors(Map<String, String> values) throws OptionException {
        if (!values.isEmpty()) {
            settings.processors.putAll(values);
            settings.builder.topology(TopologyText.parse(settings.processors));
        }
    }

    /** {@code -M memory.size=}: bytes, unlike {@code -m}. */
    private void nestedMemory(Map<String, String> values) throws OptionException {
        long bytes = 0;
        for (Map.Entry<String, String> each : values.entrySet()) {
            String name = "memory." + each.getKey();
            switch (each.getKey()) {
                case "size" -> {
                    bytes = Quantities.treeSize(name, each.getValue());
                    settings.builder.memory(bytes);
                }
                case "max-size" -> Quantities.treeSize(name, each.getValue());
                case "slots" -> Quantities.unsigned(name, each.getValue());
                default ->
                    throw new OptionException(Suggestion.after(
                            "Parameter '" + name + "' is unexpected",
                            each.getKey(),
                            List.of("size", "max-size", "slots")));
            }
        }
        checkMost(
                values.containsKey("max-size") ? Quantities.treeSize("memory.max-size", values.get("max-size")) : -1,
                bytes,
                values.containsKey("slots"));
    }

    private void memory(Parameters given) throws OptionException {
        long bytes = 0;
        String size = given.get("size");
        if (size != null && !size.isEmpty()) {
            bytes = Quantities.size("size", size);
            if (Character.isDigit(size.charAt(size.length() - 1))) {
                if (bytes > Long.MAX_VALUE / MEBIBYTE || bytes < 0) {
                    throw new OptionException("ram size too large");
                }
                bytes *= MEBIBYTE;
            }
            settings.builder.memory(bytes);
        }
        checkMost(given.has("maxmem") ? given.size("maxmem", 0) : -1, bytes, given.number("slots", 0) > 0);
    }

    /** No board takes memory while it runs: where there could be more, nobody plugs it in. @param most -1 where nothing is said */
    private static void checkMost(long most, long bytes, boolean slots) throws OptionException {
        if (most == -1) {
            if (slots) {
                throw new OptionException("slots specified but no max-size");
            }
        } else if (Long.compareUnsigned(most, bytes) < 0) {
            throw new OptionException("invalid value of maxmem: maximum memory size (0x" + Long.toHexString(most)
                    + ") must be at least the initial memory size (0x" + Long.toHexString(bytes) + ")");
        }
    }

    private void accelerator(OptionUse use) throws OptionException {
        Parameters given = use.parameters();
        String name = given.required("accel");
        settings.accelerators.add(name, use);
        if (!name.equals(Accelerators.TCG)) {
            return;
        }
        for (Parameters.Parameter each : given.list()) {
            String value = each.value();
            switch (each.name()) {
                case "accel" -> {}
                case "thread" -> {
                    // Each processor has a thread of its own in either case; the guest cannot tell.
                    if (!value.equals("single") && !value.equals("multi")) {
                        throw new OptionException(Suggestion.after(
                                "Invalid 'thread' setting " + value, value, List.of("single", "multi")));
                    }
                }
                case "tb-size" -> {
                    try {
                        Quantities.unsigned("tb-size", value);
                    } catch (OptionException e) {
                        throw new OptionException("Parameter 'tb-size' expects uint64");
                    }
                }
                case "one-insn-per-tb" -> settings.run.interpretOnly = Quantities.flag("one-insn-per-tb", value);
                case "split-wx" -> Quantities.flag("split-wx", value);
                default ->
                    throw new OptionException(
                            Suggestion.after("Property 'tcg-accel." + each.name() + "' not found", each.name(), TCG));
            }
        }
    }
}
