package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import java.util.HashMap;
import java.util.Map;

/** Anonymous memory that a process shares with those it forks. */
class SharedAnonymous extends Backing {
    private final FramePool pool;
    private final Map<Long, Long> clusters = new HashMap<>();

    SharedAnonymous(FramePool pool) {
        this.pool = pool;
    }

    @Override
    synchronized long page(long index) {
        Long key = index / FramePool.CLUSTER_PAGES;
        Long cluster = clusters.get(key);
        if (cluster == null) {
            cluster = pool.allocateCluster();
            if (cluster == 0) {
                return NO_MEMORY;
            }
            clusters.put(key, cluster);
        }
        return cluster + index % FramePool.CLUSTER_PAGES * Mmu.PAGE_SIZE;
    }

    @Override
    String path() {
        return "/dev/zero (deleted)";
    }

    @Override
    synchronized boolean punch(long firstPage, long pages) {
        for (long i = firstPage; i < firstPage + pages; i++) {
            Long cluster = clusters.get(i / FramePool.CLUSTER_PAGES);
            if (cluster != null) {
                long page = cluster + i % FramePool.CLUSTER_PAGES * Mmu.PAGE_SIZE;
                dev.rhea.host.RawMemory.fill(page, Mmu.PAGE_SIZE, (byte) 0);
            }
        }
        return true;
    }

    @Override
    synchronized void unused() {
        for (long cluster : clusters.values()) {
            for (int i = 0; i < FramePool.CLUSTER_PAGES; i++) {
                pool.release(cluster + (long) i * Mmu.PAGE_SIZE);
            }
        }
        clusters.clear();
    }
}
