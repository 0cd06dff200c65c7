package dev.rhea.engine.jit;

import java.util.ArrayList;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be translated; the hottest comes first. Guarded by the translator's lock.
 *
 * <p>Looks at all that wait each time: how often each is asked for changes all the while, and they are few.
 */
final class RequestQueue {
    /** How many requests wait at most; the least wanted goes when one more comes. */
    private static final int LIMIT = 256;

    private final ArrayList<Translation> waiting = new ArrayList<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Adds a request; returns the one that has to go for it, or null. */
    @Nullable
    Translation add(Translation translation) {
        Translation crowdedOut = null;
        if (waiting.size() >= LIMIT) {
            int least = 0;
            for (int i = 1; i < waiting.size(); i++) {
                if (waiting.get(i).requests < waiting.get(least).requests) {
                    least = i;
                }
            }
            crowdedOut = waiting.remove(least);
        }
        waiting.add(translation);
        return crowdedOut;
    }

    /** Takes the one that was asked for most, of equals the oldest; there must be one. */
    Translation takeHottest() {
        int best = 0;
        for (int i = 1; i < waiting.size(); i++) {
            if (waiting.get(i).requests > waiting.get(best).requests) {
                best = i;
            }
        }
        return waiting.remove(best);
    }

    void removeAll(Collection<Translation> ended) {
        waiting.removeAll(ended);
    }

    void clear() {
        waiting.clear();
    }
}
