package dev.rhea.engine.jit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every translation that was asked for and has not ended, and what is known of them. Guarded by the translator's lock. */
final class TranslationIndex {
    /** Requests for a pc in the middle of a unit before it gets a unit of its own. */
    private static final int COVERED_REQUESTS = 16;

    private static final Translation[] NONE = {};

    /** By entry (host address): queued, made or found impossible. */
    private final Map<Long, Translation> requested = new HashMap<>();

    private final Map<Long, List<Translation>> made = new HashMap<>();
    private final Map<Long, Set<Translation>> byPage = new HashMap<>();
    /** Made ones, oldest first. */
    private final LinkedHashSet<Translation> oldest = new LinkedHashSet<>();

    /** Block starts that units contain besides their entries, and how often each was asked for all the same. */
    private final Map<Long, Integer> covered = new HashMap<>();

    /** What outdated units learned for the next ones, by entry. */
    private final Map<Long, Hints> hints = new HashMap<>();

    /** Bytes of all code that was made. */
    private long size;

    /** The translation with an entry (host address), in whatever state, or null. */
    @Nullable
    Translation requested(long entry) {
        return requested.get(entry);
    }

    /** What earlier units with this entry learned. */
    Hints hints(long entry) {
        return hints.getOrDefault(entry, Hints.NONE);
    }

    /** Remembers what a unit learned for the next one with its entry. */
    void learn(Translation translation, Unit unit) {
        hints.put(translation.entry, translation.hints.and(unit));
    }

    /** A new request: from now on {@link #forgetPage} finds it. */
    void add(Translation translation) {
        requested.put(translation.entry, translation);
        watch(translation);
    }

    /**
     * Whether some unit will soon be entered that this pc is in the middle of: a loop nest is asked for at several places,
     * and one unit for all of it is enough, unless much time is spent before its entry comes.
     */
    boolean isCovered(long pc) {
        Integer asked = covered.get(pc);
        if (asked == null || asked >= COVERED_REQUESTS) {
            return false;
        }
        covered.put(pc, asked + 1);
        return true;
    }

    /** A request that was served: from now on {@link #madeAt} finds it, and only the pages that its region used end it. */
    void made(Translation translation, RegionCompiler.Result result) {
        unwatch(translation);
        translation.units = result.units();
        translation.size = result.size();
        translation.blocks = result.blocks();
        translation.guestPages = result.pages();
        translation.hostPages = new long[translation.guestPages.length];
        for (int i = 0; i < translation.hostPages.length; i++) {
            translation.hostPages[i] = translation.code.host(translation.guestPages[i]);
        }
        watch(translation);
        for (Unit unit : translation.units) {
            made.computeIfAbsent(unit.pc, k -> new ArrayList<>(1)).add(translation);
        }
        oldest.add(translation);
        for (long block : translation.blocks) {
            covered.putIfAbsent(block, 0);
        }
        size += translation.size;
    }

    /** Those with a unit whose entry is at a guest address, in whatever address space. */
    Translation[] madeAt(long pc) {
        List<Translation> list = made.get(pc);
        return list == null ? NONE : list.toArray(Translation[]::new);
    }

    // ---- ends

    void forget(Translation translation) {
        translation.dead = true;
        unwatch(translation);
        requested.remove(translation.entry, translation);
        if (translation.units.isEmpty()) {
            return;
        }
        for (Unit unit : translation.units) {
            List<Translation> list = made.get(unit.pc);
            if (list != null) {
                list.remove(translation);
                if (list.isEmpty()) {
                    made.remove(unit.pc);
                }
            }
        }
        oldest.remove(translation);
        for (long start : translation.blocks) {
            covered.remove(start);
        }
        size -= translation.size;
    }

    /** Forgets all that were made, and returns them. */
    List<Translation> forgetAllMade() {
        List<Translation> all = new ArrayList<>(oldest);
        all.forEach(this::forget);
        return all;
    }

    /** Forgets the oldest until the code is no more than {@code limit} bytes, or one is left, and returns them. */
    List<Translation> forgetOldest(long limit) {
        List<Translation> forgotten = new ArrayList<>();
        while (size > limit && oldest.size() > 1) {
            Translation victim = oldest.getFirst();
            forget(victim);
            forgotten.add(victim);
        }
        return forgotten;
    }

    /** Forgets all that a page (host address) belongs to, with what was learned of them, and returns them. */
    List<Translation> forgetPage(long hostPage) {
        Set<Translation> users = byPage.get(hostPage);
        if (users == null) {
            return List.of();
        }
        List<Translation> ended = new ArrayList<>(users);
        ended.forEach(this::forget);
        ended.forEach(translation -> hints.remove(translation.entry));
        return ended;
    }

    private void watch(Translation translation) {
        for (long page : translation.hostPages) {
            byPage.computeIfAbsent(page, k -> new HashSet<>()).add(translation);
        }
    }

    private void unwatch(Translation translation) {
        for (long page : translation.hostPages) {
            Set<Translation> set = byPage.get(page);
            if (set != null && set.remove(translation) && set.isEmpty()) {
                byPage.remove(page);
            }
        }
    }
}
