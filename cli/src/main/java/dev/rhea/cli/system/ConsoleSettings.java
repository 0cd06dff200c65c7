package dev.rhea.cli.system;

import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.options.OptionUse;
import java.util.ArrayList;
import java.util.List;

/** Where serial ports and monitors lead. */
final class ConsoleSettings {
    final List<OptionUse> serials = new ArrayList<>();

    /** {@code -monitor} and {@code -mon}, in their order. */
    final List<OptionUse> monitors = new ArrayList<>();

    boolean nographic;

    /** The byte that introduces an order to a multiplexer. */
    int escape = Multiplexer.DEFAULT_ESCAPE;
}
