package dev.rhea.network;

import java.util.Map;
import java.util.TreeMap;

/** The hubs of one machine, by number; made when first named. */
public final class Hubs implements AutoCloseable {
    private final Map<Integer, Hub> hubs = new TreeMap<>();

    public synchronized Hub hub(int number) {
        return hubs.computeIfAbsent(number, n -> new Hub());
    }

    @Override
    public synchronized void close() {
        hubs.values().forEach(Hub::close);
        hubs.clear();
    }
}
