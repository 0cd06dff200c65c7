package dev.rhea.device.virtio.balloon;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the guest's driver said of its memory: section 5.5.6.3.
 *
 * @param values by tag; −1 where the guest said nothing
 * @param lastUpdate seconds since 1970; 0 for never
 */
public record GuestStatistics(long[] values, long lastUpdate) {
    private static final String[] NAMES = {
        "stat-swap-in",
        "stat-swap-out",
        "stat-major-faults",
        "stat-minor-faults",
        "stat-free-memory",
        "stat-total-memory",
        "stat-available-memory",
        "stat-disk-caches",
        "stat-htlb-pgalloc",
        "stat-htlb-pgfail"
    };

    static final int TAGS = NAMES.length;

    static GuestStatistics none() {
        long[] values = new long[TAGS];
        Arrays.fill(values, -1);
        return new GuestStatistics(values, 0);
    }

    /** By the names that {@code guest-stats} has. */
    public Map<String, Long> byName() {
        Map<String, Long> result = new LinkedHashMap<>();
        for (int i = 0; i < TAGS; i++) {
            result.put(NAMES[i], values[i]);
        }
        return result;
    }
}
