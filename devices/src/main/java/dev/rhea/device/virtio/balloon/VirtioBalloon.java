package dev.rhea.device.virtio.balloon;

import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes memory from the guest and gives it back: pages in the balloon cost the host nothing. */
public final class VirtioBalloon extends VirtioDevice implements Stateful<VirtioBalloon.State> {
    public static final List<Property> PROPERTIES = Stream.concat(
                    CommonOptions.PROPERTIES.stream(),
                    Stream.of(
                            Property.of("deflate-on-oom", PropertyKind.BOOL, "false", "on/off"),
                            Property.of("free-page-hint", PropertyKind.BOOL, "false", "on/off"),
                            Property.of("free-page-reporting", PropertyKind.BOOL, "false", "on/off"),
                            Property.of("iothread", PropertyKind.LINK, null, ""),
                            Property.of("page-poison", PropertyKind.BOOL, "true", "on/off"),
                            Property.of("qemu-4-0-config-size", PropertyKind.BOOL, "false", "")))
            .sorted(Comparator.comparing(Property::name))
            .toList();

    private static final int ID = 5;
    private static final int QUEUE_SIZE = 128;
    private static final int REPORTING_QUEUE_SIZE = 32;
    private static final int PAGE_SHIFT = 12;
    private static final int PAGE = 1 << PAGE_SHIFT;

    private static final long VIRTIO_BALLOON_F_STATS_VQ = 1L << 1;
    private static final long VIRTIO_BALLOON_F_DEFLATE_ON_OOM = 1L << 2;
    private static final long VIRTIO_BALLOON_F_PAGE_POISON = 1L << 4;
    private static final long VIRTIO_BALLOON_F_REPORTING = 1L << 5;

    // struct virtio_balloon_config
    private static final int NUM_PAGES = 0;
    private static final int ACTUAL = 4;
    private static final int POISON_VAL = 12;
    private static final int CONFIG_SIZE = 16;

    private static final int STATISTIC_SIZE = 10;
    private static final long SECOND = 1_000_000_000;

    /**
     * What is saved.
     *
     * @param pollingInterval in seconds; 0 for never
     */
    @Version(1)
    public record State(CoreState core, int numPages, int actual, int poison, int pollingInterval) {}

    private final long ramSize;
    private final boolean deflateOnOutOfMemory;
    private final boolean pagePoison;
    private final boolean reporting;
    private final LongConsumer changed;
    private final Timer poll;
    private final VirtQueue statisticsQueue;
    private final byte[] bytes = new byte[PAGE];
    private volatile int pollingInterval;
    private volatile GuestStatistics statistics = GuestStatistics.none();
    /** The driver's buffer of statistics, while it is here. Guarded by the queue's lock, as is what it holds. */
    private @Nullable Chain statisticsChain;

    private boolean holdsStatistics;
    private @Nullable QueueServer inflate;
    private @Nullable QueueServer deflate;
    private @Nullable QueueServer report;
    private @Nullable QueueThread thread;

    /**
     * @param ramSize of the machine, in bytes
     * @param changed is told the guest's memory in bytes whenever the balloon's size changes; with the machine lock held
     */
    public VirtioBalloon(PropertyValues values, long ramSize, VirtualClock clock, LongConsumer changed) {
        super("virtio-balloon-device", ID, CommonOptions.of(values), CONFIG_SIZE);
        this.ramSize = ramSize;
        this.changed = changed;
        deflateOnOutOfMemory = values.bool("deflate-on-oom");
        pagePoison = values.bool("page-poison");
        reporting = values.bool("free-page-reporting");
        poll = clock.timer(this::pollStatistics);
        addQueue(QUEUE_SIZE);
        addQueue(QUEUE_SIZE);
        statisticsQueue = addQueue(QUEUE_SIZE);
        if (reporting) {
            addQueue(REPORTING_QUEUE_SIZE);
        }
    }

    // ---- for the monitors, with the machine lock held

    /** What the guest has now, in bytes: {@code query-balloon}. */
    public long actual() {
        return ramSize - (config.get(ACTUAL, 4) << PAGE_SHIFT);
    }

    /** Asks the guest to grow or shrink the balloon until it has so much left: {@code balloon}. @param bytes at least 0 */
    public void setTarget(long bytes) {
        long target = Math.clamp(bytes, 0, ramSize);
        config.put(NUM_PAGES, 4, ramSize - target >>> PAGE_SHIFT);
        configurationChanged();
    }

    /** What the guest last said: {@code guest-stats}. */
    public GuestStatistics statistics() {
        return statistics;
    }

    public int pollingInterval() {
        return pollingInterval;
    }

    /** Asks for statistics every so often. @param seconds 0 for never */
    public void setPollingInterval(int seconds) {
        pollingInterval = seconds;
        poll.cancel();
        if (seconds > 0) {
            poll.at(poll.clock().now() + seconds * SECOND);
        }
    }

    // ---- the device

    @Override
    protected void plugged() {
        inflate = new QueueServer(this, queues().get(0), this::inflate);
        deflate = new QueueServer(this, queues().get(1), chain -> 0);
        statisticsChain = new Chain(memory());
        if (reporting) {
            report = new QueueServer(this, queues().get(3), this::report);
        }
        thread = new QueueThread("virtio-balloon", memory().masters(), this::work);
    }

    @Override
    protected long deviceFeatures() {
        return VIRTIO_BALLOON_F_STATS_VQ
                | (deflateOnOutOfMemory ? VIRTIO_BALLOON_F_DEFLATE_ON_OOM : 0)
                | (pagePoison ? VIRTIO_BALLOON_F_PAGE_POISON : 0)
                | (reporting ? VIRTIO_BALLOON_F_REPORTING : 0);
    }

    @Override
    protected void notified(VirtQueue queue) {
        if (thread != null) {
            thread.wake();
        }
    }

    private void work() {
        run(inflate);
        run(deflate);
        run(report);
        takeStatistics();
        if (isBroken()) {
            announceFailure();
        }
    }

    private static void run(@Nullable QueueServer server) {
        if (server != null) {
            server.run();
        }
    }

    /** An array of page numbers; neighbours are given back to the host together. */
    private long inflate(Chain chain) {
        long from = -1;
        long end = -1;
        for (int got = chain.take(bytes, 0, PAGE); got >= 4; got = chain.take(bytes, 0, PAGE)) {
            for (int i = 0; i + 4 <= got; i += 4) {
                long page = number(i, 4) << PAGE_SHIFT;
                if (page != end) {
                    discard(from, end);
                    from = page;
                }
                end = page + PAGE;
            }
        }
        discard(from, end);
        return 0;
    }

    private void discard(long from, long end) {
        // Memory that is poisoned has to keep what it holds.
        if (from >= 0 && (!has(VIRTIO_BALLOON_F_PAGE_POISON) || config.get(POISON_VAL, 4) == 0)) {
            memory().discard(from, end - from);
        }
    }

    /** Free pages that the driver tells of: they read as zeros when the guest takes them again. */
    private long report(Chain chain) {
        if (!has(VIRTIO_BALLOON_F_PAGE_POISON) || config.get(POISON_VAL, 4) == 0) {
            chain.discardWritable();
        }
        return 0;
    }

    private long number(int offset, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes[offset + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    // ---- statistics: the driver's buffer stays here until new ones are wanted

    private void takeStatistics() {
        statisticsQueue.lock.lock();
        try {
            Chain chain = statisticsChain;
            if (chain == null || holdsStatistics || !statisticsQueue.pop(chain)) {
                return;
            }
            holdsStatistics = true;
            long[] values = GuestStatistics.none().values();
            while (chain.take(bytes, 0, STATISTIC_SIZE) == STATISTIC_SIZE) {
                int tag = (int) number(0, 2);
                if (tag < values.length) {
                    values[tag] = number(2, 8);
                }
            }
            statistics = new GuestStatistics(values, System.currentTimeMillis() / 1000);
        } catch (BrokenQueueException e) {
            fail(statisticsQueue, e);
        } finally {
            statisticsQueue.lock.unlock();
        }
    }

    private void pollStatistics() {
        boolean interrupt = false;
        statisticsQueue.lock.lock();
        try {
            Chain chain = statisticsChain;
            if (holdsStatistics && chain != null && statisticsQueue.isActive()) {
                holdsStatistics = false;
                statisticsQueue.push(chain, 0);
                statisticsQueue.publish();
                interrupt = statisticsQueue.wantsInterrupt();
            }
        } catch (BrokenQueueException e) {
            fail(statisticsQueue, e);
        } finally {
            statisticsQueue.lock.unlock();
        }
        if (interrupt) {
            interrupt(statisticsQueue);
        }
        setPollingInterval(pollingInterval);
    }

    @Override
    protected void configWritten(int offset, long value, int size) {
        if (offset == ACTUAL && size == 4) {
            long before = config.get(ACTUAL, 4);
            config.put(ACTUAL, 4, value);
            if (before != value) {
                changed.accept(actual());
            }
        } else if (offset == POISON_VAL && size == 4 && has(VIRTIO_BALLOON_F_PAGE_POISON)) {
            config.put(POISON_VAL, 4, value);
        }
    }

    @Override
    protected void deviceReset() {
        statisticsQueue.lock.lock();
        holdsStatistics = false;
        statisticsQueue.lock.unlock();
        config.put(POISON_VAL, 4, 0);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        for (QueueServer server : new QueueServer[] {inflate, deflate, report}) {
            if (server != null) {
                server.close();
            }
        }
        statisticsQueue.lock.lock();
        if (statisticsChain != null) {
            statisticsChain.close();
            statisticsChain = null;
        }
        statisticsQueue.lock.unlock();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        statisticsQueue.lock.lock();
        try {
            // A buffer that is held counts as not taken yet.
            Chain chain = statisticsChain;
            if (holdsStatistics && chain != null) {
                statisticsQueue.unpop(chain);
                holdsStatistics = false;
            }
            return new State(
                    saveCore(),
                    (int) config.get(NUM_PAGES, 4),
                    (int) config.get(ACTUAL, 4),
                    (int) config.get(POISON_VAL, 4),
                    pollingInterval);
        } finally {
            statisticsQueue.lock.unlock();
            notified(statisticsQueue);
        }
    }

    @Override
    public void loadState(State state) throws BadStateException {
        checkCore(state.core());
        deviceReset();
        config.put(NUM_PAGES, 4, state.numPages());
        config.put(ACTUAL, 4, state.actual());
        config.put(POISON_VAL, 4, state.poison());
        loadCore(state.core());
        setPollingInterval(state.pollingInterval());
    }
}
