package dev.rhea.cli.system;

import dev.rhea.board.Topology;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code -smp}: what is not said follows from what is. */
final class TopologyText {
    private static final List<String> NAMES =
            List.of("clusters", "cores", "cpus", "dies", "maxcpus", "sockets", "threads");

    private static final int MOST = 1 << 20;

    private final Map<String, String> values;

    private TopologyText(Map<String, String> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** @throws OptionException for what is no topology, with the reference's words */
    static Topology parse(Map<String, String> values) throws OptionException {
        return new TopologyText(values).topology();
    }

    private Topology topology() throws OptionException {
        for (String name : values.keySet()) {
            if (!NAMES.contains(name)) {
                throw new OptionException(Suggestion.after("Parameter 'smp." + name + "' is unexpected", name, NAMES));
            }
        }
        int cpus = number("cpus");
        int sockets = number("sockets");
        int cores = number("cores");
        int threads = Math.max(1, number("threads"));
        int max = number("maxcpus");
        for (String other : List.of("dies", "clusters")) {
            if (number(other) > 1) {
                throw new OptionException(other + " > 1 not supported by this machine's CPU topology");
            }
        }
        int wanted = max > 0 ? max : Math.max(cpus, 1);
        if (sockets == 0 && cores == 0) {
            sockets = 1;
            cores = Math.max(1, wanted / threads);
        } else if (sockets == 0) {
            sockets = Math.max(1, wanted / (cores * threads));
        } else if (cores == 0) {
            cores = Math.max(1, wanted / (sockets * threads));
        }
        long product = (long) sockets * cores * threads;
        max = max > 0 ? max : cpus > 0 ? cpus : (int) Math.min(product, Integer.MAX_VALUE);
        cpus = cpus == 0 ? max : cpus;
        String hierarchy = "sockets (" + sockets + ") * cores (" + cores + ") * threads (" + threads + ")";
        if (product != max) {
            throw new OptionException("Invalid CPU topology: product of the hierarchy must match maxcpus: " + hierarchy
                    + " != maxcpus (" + max + ")");
        }
        if (max < cpus) {
            throw new OptionException("Invalid CPU topology: maxcpus must be equal to or greater than smp: " + hierarchy
                    + " == maxcpus (" + max + ") < smp_cpus (" + cpus + ")");
        }
        return new Topology(cpus, max, sockets, cores, threads);
    }

    /** 0 where it is not given. */
    private int number(String key) throws OptionException {
        String text = values.get(key);
        if (text == null) {
            return 0;
        }
        long value;
        try {
            value = Quantities.signed(key, text);
        } catch (OptionException e) {
            throw new OptionException("Parameter 'smp." + key + "' expects integer");
        }
        if (value == 0) {
            throw new OptionException("Invalid CPU topology: CPU topology parameters must be greater than zero");
        }
        if (value < 0 || value > MOST) {
            // No board has as many; each says how many it has.
            throw new OptionException("Invalid SMP CPUs " + value + ". No machine has more than " + MOST);
        }
        return (int) value;
    }
}
