package dev.rhea.device.virtio.rng;

import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives guests random numbers, as many per period as allowed. */
public final class VirtioRng extends VirtioDevice implements Stateful<VirtioRng.State> {
    public static final List<Property> PROPERTIES = Stream.concat(
                    CommonOptions.PROPERTIES.stream(),
                    Stream.of(
                            Property.of("max-bytes", PropertyKind.UINT64, "9223372036854775807", ""),
                            Property.of("period", PropertyKind.UINT32, "65536", ""),
                            Property.of("rng", PropertyKind.LINK, null, "")))
            .sorted(Comparator.comparing(Property::name))
            .toList();

    private static final int ID = 4;
    private static final int QUEUE_SIZE = 8;

    /** Most bytes for one request: a driver that wants more asks again. */
    private static final long MOST = 1 << 20;

    private static final long MILLISECOND = 1_000_000;

    /** @param left bytes that may still be given in this period */
    @Version(1)
    public record State(CoreState core, long left) {}

    private final long maxBytes;
    private final long period;
    private final RandomSource source;
    private final Timer timer;
    private volatile long left;
    private volatile boolean waiting;
    private @Nullable QueueServer server;
    private @Nullable QueueThread thread;

    public VirtioRng(PropertyValues values, VirtualClock clock, RandomSource source) {
        this(CommonOptions.of(values), values.number("max-bytes"), values.number("period"), clock, source);
    }

    /** One that gives the numbers of the host's kernel. */
    public VirtioRng(CommonOptions options, long maxBytes, long period, VirtualClock clock) {
        this(options, maxBytes, period, clock, RandomSource.HOST);
    }

    /**
     * @param maxBytes for each period
     * @param period in milliseconds
     */
    public VirtioRng(CommonOptions options, long maxBytes, long period, VirtualClock clock, RandomSource source) {
        super("virtio-rng-device", ID, options, 0);
        this.maxBytes = maxBytes;
        this.period = period;
        this.source = source;
        left = maxBytes;
        timer = clock.timer(this::nextPeriod);
        addQueue(QUEUE_SIZE);
    }

    @Override
    protected void plugged() {
        server = new QueueServer(this, queues().getFirst(), this::serve);
        thread = new QueueThread("virtio-rng", this::work);
    }

    @Override
    protected long deviceFeatures() {
        return 0;
    }

    @Override
    protected void notified(VirtQueue queue) {
        if (thread != null) {
            thread.wake();
        }
    }

    private void work() {
        if (server != null) {
            server.run();
        }
        if (left < maxBytes || waiting) {
            transport().lock().lock();
            try {
                if (!timer.isArmed()) {
                    timer.at(clockNow() + period * MILLISECOND);
                }
            } finally {
                transport().lock().unlock();
            }
        }
    }

    private long clockNow() {
        return timer.clock().now();
    }

    private void nextPeriod() {
        left = maxBytes;
        if (waiting) {
            waiting = false;
            notified(queues().getFirst());
        }
    }

    private long serve(Chain chain) {
        long budget = left;
        if (budget == 0) {
            waiting = true;
            return QueueServer.Service.LATER;
        }
        long wanted = Math.min(Math.min(chain.writableBytes(), MOST), budget);
        long done = 0;
        for (int i = 0; i < chain.writableCount() && done < wanted; i++) {
            long at = chain.writable() + 16L * i;
            long piece = Math.min(RawMemory.getLong(at + 8), wanted - done);
            long got = fill(RawMemory.getLong(at), piece);
            done += got;
            if (got < piece) {
                break;
            }
        }
        chain.written(done);
        if (maxBytes != Long.MAX_VALUE) {
            left = budget - done;
        }
        return done;
    }

    private long fill(long host, long bytes) {
        try {
            return source.fill(host, bytes);
        } catch (IOException e) {
            return 0; // the guest gets no more than there is
        }
    }

    @Override
    protected void deviceReset() {
        left = maxBytes;
        waiting = false;
        timer.cancel();
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(saveCore(), left);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        checkCore(state.core);
        left = Math.clamp(state.left, 0, maxBytes);
        loadCore(state.core);
    }
}
