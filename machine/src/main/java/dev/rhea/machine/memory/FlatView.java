package dev.rhea.machine.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tree of regions as ranges that do not overlap, in ascending order. Immutable. */
final class FlatView {
    /**
     * A range that one leaf answers in.
     *
     * @param end one past its last byte
     * @param leaf a {@link Ram} or an {@link Mmio}
     * @param offset of {@code start} in the leaf
     */
    record Range(long start, long end, Region leaf, long offset) {
        /** Host address of a byte of RAM; 0 for a device. */
        long host(long address) {
            return leaf instanceof Ram ram ? ram.block().address() + offset + (address - start) : 0;
        }

        /** The device that takes what is written; null for memory. */
        @Nullable
        Mmio writes() {
            return switch (leaf) {
                case Mmio device -> device;
                case Ram ram -> ram.writes();
                default -> null;
            };
        }
    }

    /** Nothing anywhere. */
    static final FlatView EMPTY = new FlatView(List.of());

    private static final int UNLIMITED = 64;

    private final List<Range> ranges;
    private final long[] starts;

    private FlatView(List<Range> ranges) {
        this.ranges = ranges;
        starts = ranges.stream().mapToLong(Range::start).toArray();
    }

    static FlatView of(Region root) {
        var result = new FlatViewBuilder();
        result.add(root, 0, 0, root.size(), 0);
        return new FlatView(result.ranges);
    }

    List<Range> ranges() {
        return ranges;
    }

    /** The range that holds an address, or null. */
    @Nullable
    Range find(long address) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (starts[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (high < 0) {
            return null;
        }
        Range range = ranges.get(high);
        return address < range.end ? range : null;
    }

    /** Puts regions in order of priority, highest first, each into the gaps that are left. */
    private static final class FlatViewBuilder {
        final List<Range> ranges = new ArrayList<>();

        /**
         * Adds what can be seen of a region.
         *
         * @param base address of the region's offset 0; may lie before {@code from}
         * @param from first address that may be used
         * @param to one past the last
         */
        void add(Region region, long base, long from, long to, int depth) {
            if (!region.isEnabled() || depth > UNLIMITED) {
                return;
            }
            long start = Math.max(from, base);
            long end = Math.min(to, base >= 0 && base + region.size() < 0 ? Long.MAX_VALUE : base + region.size());
            if (start >= end) {
                return;
            }
            switch (region) {
                case Alias alias -> add(alias.target(), base - alias.offset(), start, end, depth + 1);
                case Container container -> {
                    List<Container.Placed> order =
                            new ArrayList<>(container.children().reversed());
                    order.sort(
                            Comparator.comparingInt(Container.Placed::priority).reversed());
                    for (Container.Placed placed : order) {
                        add(placed.region(), base + placed.offset(), start, end, depth + 1);
                    }
                }
                case Ram ram -> fill(ram, base, start, end);
                case Mmio device -> fill(device, base, start, end);
            }
        }

        private void fill(Region leaf, long base, long start, long end) {
            int i = 0;
            while (i < ranges.size() && ranges.get(i).end <= start) {
                i++;
            }
            long at = start;
            while (at < end) {
                long gap = i < ranges.size() ? Math.min(end, ranges.get(i).start) : end;
                if (at < gap) {
                    ranges.add(i++, new Range(at, gap, leaf, at - base));
                }
                if (i == ranges.size() || ranges.get(i).start >= end) {
                    return;
                }
                at = ranges.get(i++).end;
            }
        }
    }
}
