package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Reservation;
import java.util.Arrays;

/**
 * The host memory of all guest processes of one kernel, in frames of one page, counted by those who map them.
 *
 * <p>Frames come in clusters of sixteen, aligned to a cluster, so that first touches in a row are contiguous on the host
 * and cost one visit here. A frame is freed on its own; its content stays until it is used again (zeroed then, unless the
 * caller overwrites it) or, when much is free, until the host gets it back. Thread-safe.
 */
final class FramePool implements AutoCloseable {
    static final int CLUSTER_PAGES = 16;
    static final long CLUSTER_BYTES = (long) CLUSTER_PAGES * Mmu.PAGE_SIZE;
    private static final int ALL = (1 << CLUSTER_PAGES) - 1;
    private static final int PAGE_SHIFT = 12;
    private static final int CLUSTER_SHIFT = 16;

    /** Free pages with old content that are kept for reuse: 32 MiB. */
    private static final int MAX_DIRTY = 8192;

    private final Reservation memory;
    private final long base;
    private final long limitPages;

    /** Told about each frame that is free again, so that code decoded from it is dropped. */
    private final FrameListener listener;

    private int[] references = new int[1 << 12];
    private char[] free = new char[1 << 8];
    private char[] dirty = new char[1 << 8];
    private final ClusterList partlyFree = new ClusterList();
    private final ClusterList whollyFree = new ClusterList();
    private int clusters;
    private long usedPages;
    private int dirtyFree;

    /** What happens to a frame. */
    interface FrameListener {
        /** Its content is no longer what it was: drop what was made of it. Called with the pool's lock held. */
        void recycled(long frame, long bytes);
    }

    FramePool(Reservation memory, long limitBytes, FrameListener listener) {
        this.memory = memory;
        this.base = memory.base() + CLUSTER_BYTES - 1 & -CLUSTER_BYTES;
        this.limitPages = Math.min(limitBytes, memory.bytes() - CLUSTER_BYTES) >>> PAGE_SHIFT;
        this.listener = listener;
    }

    /** Frames in use. */
    synchronized long usedPages() {
        return usedPages;
    }

    /** A zeroed cluster, each of its frames with one reference; 0 if memory is exhausted. */
    synchronized long allocateCluster() {
        if (usedPages + CLUSTER_PAGES > limitPages) {
            return 0;
        }
        int cluster = whollyFree.first();
        if (cluster >= 0) {
            whollyFree.remove(cluster);
            clean(cluster, dirty[cluster]);
        } else {
            cluster = grow(1);
            if (cluster < 0) {
                return 0;
            }
        }
        free[cluster] = 0;
        Arrays.fill(references, cluster * CLUSTER_PAGES, (cluster + 1) * CLUSTER_PAGES, 1);
        usedPages += CLUSTER_PAGES;
        return address(cluster);
    }

    /**
     * A frame with one reference.
     *
     * @param zeroed whether its content matters
     * @return its address; 0 if memory is exhausted
     */
    synchronized long allocateFrame(boolean zeroed) {
        if (usedPages >= limitPages) {
            return 0;
        }
        int cluster = partlyFree.first();
        if (cluster < 0) {
            cluster = whollyFree.first();
            if (cluster >= 0) {
                whollyFree.remove(cluster);
            } else {
                cluster = grow(1);
                if (cluster < 0) {
                    return 0;
                }
                free[cluster] = (char) ALL;
            }
            partlyFree.add(cluster);
        }
        int candidates =
                !zeroed && (free[cluster] & dirty[cluster]) != 0 ? free[cluster] & dirty[cluster] : free[cluster];
        int bit = Integer.numberOfTrailingZeros(candidates);
        if ((dirty[cluster] & 1 << bit) != 0) {
            if (zeroed) {
                clean(cluster, 1 << bit);
            } else {
                dirty[cluster] &= (char) ~(1 << bit);
                dirtyFree--;
            }
        }
        free[cluster] &= (char) ~(1 << bit);
        if (free[cluster] == 0) {
            partlyFree.remove(cluster);
        }
        references[cluster * CLUSTER_PAGES + bit] = 1;
        usedPages++;
        return address(cluster) + ((long) bit << PAGE_SHIFT);
    }

    /** A run of clusters that is never handed out as frames: a place for a file's mapping. 0 if there is none. */
    synchronized long allocateWindow(int clusterCount) {
        int cluster = grow(clusterCount);
        if (cluster < 0) {
            return 0;
        }
        for (int i = 0; i < clusterCount; i++) {
            free[cluster + i] = 0;
        }
        return address(cluster);
    }

    /** Makes a window's clusters ordinary memory again. */
    synchronized void releaseWindow(long window, int clusterCount) {
        memory.mapFresh(window, clusterCount * CLUSTER_BYTES);
        listener.recycled(window, clusterCount * CLUSTER_BYTES);
        int first = (int) (window - base >>> CLUSTER_SHIFT);
        for (int i = 0; i < clusterCount; i++) {
            free[first + i] = (char) ALL;
            whollyFree.add(first + i);
        }
    }

    Reservation memory() {
        return memory;
    }

    /** One more user of a frame. */
    synchronized void retain(long frame) {
        references[index(frame)]++;
    }

    /** Whether a frame has one user: then it may be written in place. */
    synchronized boolean exclusive(long frame) {
        return references[index(frame)] == 1;
    }

    /** One user less. */
    synchronized void release(long frame) {
        int index = index(frame);
        int left = --references[index];
        if (left > 0) {
            return;
        }
        if (left < 0) {
            references[index] = 0;
            throw new IllegalStateException("frame released twice");
        }
        listener.recycled(frame, Mmu.PAGE_SIZE);
        usedPages--;
        int cluster = index / CLUSTER_PAGES;
        int bit = 1 << index % CLUSTER_PAGES;
        if (free[cluster] == 0) {
            partlyFree.add(cluster);
        }
        free[cluster] |= (char) bit;
        dirty[cluster] |= (char) bit;
        dirtyFree++;
        if (free[cluster] == ALL) {
            partlyFree.remove(cluster);
            if (dirtyFree > MAX_DIRTY) {
                memory.discard(address(cluster), CLUSTER_BYTES);
                dirtyFree -= Integer.bitCount(dirty[cluster]);
                dirty[cluster] = 0;
            }
            whollyFree.add(cluster);
        }
    }

    private void clean(int cluster, int bits) {
        long at = address(cluster);
        for (int left = bits; left != 0; left &= left - 1) {
            RawMemory.fill(at + ((long) Integer.numberOfTrailingZeros(left) << PAGE_SHIFT), Mmu.PAGE_SIZE, (byte) 0);
        }
        dirtyFree -= Integer.bitCount(bits);
        dirty[cluster] &= (char) ~bits;
    }

    /** Takes new clusters from the end; the index of the first, or -1. Their {@code free} bits are the caller's to set. */
    private int grow(int count) {
        if (((long) clusters + count) * CLUSTER_BYTES > memory.bytes() - CLUSTER_BYTES) {
            return -1;
        }
        int first = clusters;
        clusters += count;
        if (clusters > free.length) {
            int capacity = Math.max(clusters, free.length * 2);
            free = Arrays.copyOf(free, capacity);
            dirty = Arrays.copyOf(dirty, capacity);
            references = Arrays.copyOf(references, capacity * CLUSTER_PAGES);
        }
        partlyFree.capacity(free.length);
        whollyFree.capacity(free.length);
        return first;
    }

    private long address(int cluster) {
        return base + ((long) cluster << CLUSTER_SHIFT);
    }

    private int index(long frame) {
        return (int) (frame - base >>> PAGE_SHIFT);
    }

    /** Gives everything back. No processor runs any more. */
    @Override
    public void close() {
        memory.close();
    }
}
