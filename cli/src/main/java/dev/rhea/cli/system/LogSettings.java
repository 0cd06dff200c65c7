package dev.rhea.cli.system;

import dev.rhea.cli.LogRange;
import dev.rhea.engine.log.LogItem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is logged, and where to. */
final class LogSettings {
    final Set<LogItem> items = EnumSet.noneOf(LogItem.class);
    final List<LogRange> ranges = new ArrayList<>();

    /** {@code -D}; null for standard error. */
    @Nullable
    String file;
}
