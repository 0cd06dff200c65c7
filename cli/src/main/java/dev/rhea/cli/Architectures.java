package dev.rhea.cli;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.abi.NearMiss;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The architectures whose modules are there. */
final class Architectures {
    private final List<Architecture> all = new ArrayList<>();

    Architectures() {
        // Among modules only, where we are one: a look at the class path opens every jar, 10 ms of a start.
        ModuleLayer layer = Architectures.class.getModule().getLayer();
        var found =
                layer == null ? ServiceLoader.load(Architecture.class) : ServiceLoader.load(layer, Architecture.class);
        found.forEach(all::add);
    }

    /** The names that {@link #find} knows. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Architecture architecture : all) {
            names.addAll(architecture.names());
        }
        return names;
    }

    /** The architecture that answers to {@code name}. */
    Architecture find(String name) throws UsageError {
        for (Architecture architecture : all) {
            if (architecture.names().contains(name)) {
                return architecture;
            }
        }
        String near = NearMiss.of(name, names());
        throw new UsageError("there is no architecture '" + name + "'"
                + (near == null ? "; there are: " + String.join(", ", names()) : "; did you mean '" + near + "'?"));
    }
}
