package dev.rhea.user.memory;

import java.util.Arrays;

/** A doubly linked list of cluster numbers, last in first out, without objects. Each cluster is in it at most once. */
final class ClusterList {
    private static final int NONE = -1;
    private int[] next = new int[0];
    private int[] previous = new int[0];
    private int first = NONE;

    /** Room for clusters below {@code clusters}. */
    void capacity(int clusters) {
        if (clusters > next.length) {
            next = Arrays.copyOf(next, clusters);
            previous = Arrays.copyOf(previous, clusters);
        }
    }

    /** The cluster added last, or -1. */
    int first() {
        return first;
    }

    void add(int cluster) {
        next[cluster] = first;
        previous[cluster] = NONE;
        if (first != NONE) {
            previous[first] = cluster;
        }
        first = cluster;
    }

    /** Removes a cluster that is in the list. */
    void remove(int cluster) {
        if (previous[cluster] == NONE) {
            first = next[cluster];
        } else {
            next[previous[cluster]] = next[cluster];
        }
        if (next[cluster] != NONE) {
            previous[next[cluster]] = previous[cluster];
        }
    }
}
