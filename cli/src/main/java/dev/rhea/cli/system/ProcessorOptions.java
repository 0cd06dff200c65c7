package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        effects.on("smp", use -> settings.builder.topology(TopologyText.parse(OptionTrees.flatten(use))));
        effects.on("m", use -> options.memory(use.parameters()));
        effects.on("accel", use -> options.accelerator(use.parameters()));
        effects.on("enable-kvm", use -> checkAccelerator("kvm"));
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
        checkAccelerator(values.remove("accel"));
        String memory = values.remove("memory-backend");
        if (memory != null) {
            settings.objects.memoryBackend = memory;
        }
        settings.machineOptions.putAll(values);
        values.forEach(settings.builder::option);
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
        if (given.has("maxmem")) {
            long most = given.size("maxmem", 0);
            if (Long.compareUnsigned(most, bytes) < 0) {
                throw new OptionException("invalid value of maxmem: maximum memory size (0x" + Long.toHexString(most)
                        + ") must be at least the initial memory size (0x" + Long.toHexString(bytes) + ")");
            }
            if (most != bytes || given.number("slots", 0) > 0) {
                throw new OptionException(
                        "memory that is plugged in while the machine runs is not there yet: leave out slots and maxmem");
            }
        } else if (given.number("slots", 0) > 0) {
            throw new OptionException("invalid -m option value: missing 'maxmem' option");
        }
    }

    private void accelerator(Parameters given) throws OptionException {
        checkAccelerator(given.required("accel"));
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

    private static void checkAccelerator(@Nullable String list) throws OptionException {
        if (list == null) {
            return;
        }
        // Of "kvm:tcg" the first that there is.
        for (String name : list.split(":")) {
            if (name.equals("tcg")) {
                return;
            }
        }
        throw new OptionException(Suggestion.after("invalid accelerator " + list, list, List.of("tcg")));
    }
}
