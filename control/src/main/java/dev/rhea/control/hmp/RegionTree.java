package dev.rhea.control.hmp;

import dev.rhea.machine.memory.Alias;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.Region;

/** Regions as {@code info mtree} prints them. */
final class RegionTree {
    private RegionTree() {}

    static void print(Session session, Container root) {
        print(session, root, 0, 0, 1);
    }

    private static void print(Session session, Region region, long base, int priority, int depth) {
        String kind = switch (region) {
            case Ram ram -> ram.isWritable() ? "ram" : "rom";
            case Mmio device -> "i/o";
            case Container container -> "container";
            case Alias alias -> "i/o";
        };
        String name = region instanceof Alias alias
                ? String.format(
                        "alias %s @%s %016x-%016x",
                        alias.name(), alias.target().name(), alias.offset(), alias.offset() + alias.size() - 1)
                : region.name();
        session.line(String.format(
                "%s%016x-%016x (prio %d, %s): %s%s",
                "  ".repeat(depth),
                base,
                base + region.size() - 1,
                priority,
                kind,
                name,
                region.isEnabled() ? "" : " [disabled]"));
        if (region instanceof Container container) {
            for (Container.Placed child : container.children()) {
                print(session, child.region(), base + child.offset(), child.priority(), depth + 1);
            }
        }
    }
}
