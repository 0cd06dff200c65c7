package dev.rhea.control.hmp;

import dev.rhea.machine.memory.Alias;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.Region;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Regions as {@code info mtree} prints them: the tree that processors see, then what windows in it show a part of. */
final class RegionTree {
    private final Session session;
    private final Set<Region> printed = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Targets of windows, in the order in which they are met; it grows while it is gone through. */
    private final List<Region> targets = new ArrayList<>();

    private RegionTree(Session session) {
        this.session = session;
    }

    static void print(Session session) {
        var tree = new RegionTree(session);
        session.machine().chassis().lock().lock();
        try {
            session.line("address-space: memory");
            tree.region(session.machine().chassis().systemMemory(), 0, 0, 1);
            session.line("");
            for (int i = 0; i < tree.targets.size(); i++) {
                Region target = tree.targets.get(i);
                if (!tree.printed.contains(target)) {
                    session.line("memory-region: " + target.name());
                    tree.region(target, 0, 0, 1);
                    session.line("");
                }
            }
        } finally {
            session.machine().chassis().lock().unlock();
        }
    }

    private static String kind(Region region) {
        return switch (region) {
            case Ram ram -> ram.isWritable() ? "ram" : ram.writes() == null ? "rom" : "romd";
            case Mmio _, Container _, Alias _ -> "i/o";
        };
    }

    private void region(Region region, long base, int priority, int depth) {
        printed.add(region);
        String name = region.name();
        if (region instanceof Alias alias) {
            targets.add(alias.target());
            name = String.format(
                    "alias %s @%s %016x-%016x",
                    alias.name(), alias.target().name(), alias.offset(), alias.offset() + alias.size() - 1);
        }
        // The size of the whole address space is one that no long holds.
        long last = region.size() == Long.MAX_VALUE ? -1 : base + region.size() - 1;
        session.line(String.format(
                "%s%016x-%016x (prio %d, %s): %s%s",
                "  ".repeat(depth), base, last, priority, kind(region), name, region.isEnabled() ? "" : " [disabled]"));
        if (region instanceof Container container) {
            for (Container.Placed child : container.children()) {
                region(child.region(), base + child.offset(), child.priority(), depth + 1);
            }
        }
    }
}
