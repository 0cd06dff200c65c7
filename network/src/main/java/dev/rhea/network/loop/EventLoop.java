package dev.rhea.network.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for channels, timers, tasks of other threads and the work of one port, and does what has come. Except
 * for {@link #execute}, {@link #wake} and {@link #close}, all methods belong to that thread.
 */
public final class EventLoop {
    private static final Logger LOGGER = System.getLogger(EventLoop.class.getName());

    /** What a port does in each turn. */
    public interface Work {
        /** Does what there is to do. */
        void run();

        /** Whether there is something to do again. Asked before the thread goes to sleep. */
        boolean pending();

        /** The loop ends: gives everything back. */
        void closed();
    }

    /** Who is told that a channel is ready. */
    @FunctionalInterface
    public interface Handler {
        void ready(SelectionKey key);
    }

    private final String name;
    private final LongSupplier clock;
    private final long start;
    private final Consumer<RuntimeException> failures;
    private final Selector selector;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    /** Who waits for channels that were closed to be really closed, which a selection does. */
    private final List<CountDownLatch> waiters = new ArrayList<>();

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Work work;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;
    private long now;

    /**
     * @param name of the thread
     * @param clock of nanoseconds
     * @param work the port
     * @param failures who is told of exceptions that nobody expected; the loop goes on
     */
    public EventLoop(String name, LongSupplier clock, Work work, Consumer<RuntimeException> failures) {
        this.name = name;
        this.clock = clock;
        this.work = work;
        this.failures = failures;
        start = clock.getAsLong();
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("the host gives no selector: " + e.getMessage(), e);
        }
    }

    /** With the host's clock; failures are logged. */
    public EventLoop(String name, Work work) {
        this(
                name,
                System::nanoTime,
                work,
                e -> LOGGER.log(Logger.Level.ERROR, name + ": a bug of Rhea's, please report", e));
    }

    /** Starts the thread. Without it, {@link #turn} does the work on the caller's. */
    public void start() {
        Thread starting = new Thread(this::run, name);
        starting.setDaemon(true);
        thread = starting;
        starting.start();
    }

    private void run() {
        while (!closed) {
            turn(Long.MAX_VALUE);
        }
        end();
    }

    /** One turn: what has come is done; if nothing has, waits up to {@code patience} nanoseconds for it. */
    public void turn(long patience) {
        now = clock.getAsLong() - start;
        guard(this::runTasks);
        guard(this::runTimers);
        guard(work::run);
        select(patience);
    }

    private void guard(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            failures.accept(e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guard(task);
        }
    }

    private void runTimers() {
        while (true) {
            Timer first = timers.peek();
            if (first == null || first.queued > now) {
                return;
            }
            timers.poll();
            first.queued = Timer.NEVER;
            if (first.deadline <= now) {
                guard(first::fire);
            } else if (first.deadline != Timer.NEVER) {
                enqueue(first, first.deadline);
            }
        }
    }

    void enqueue(Timer timer, long time) {
        if (timer.queued != Timer.NEVER) {
            timers.remove(timer);
        }
        timer.queued = time;
        timers.add(timer);
    }

    private void select(long patience) {
        try {
            long wait = Math.min(patience, untilNextTimer());
            // Whoever gives us work writes it first and looks at 'sleeping' then; we write 'sleeping' first and look
            // for work then.
            sleeping.set(true);
            if (wait <= 0 || closed || work.pending() || !tasks.isEmpty()) {
                sleeping.set(false);
                selector.selectNow();
            } else {
                // Rounded up: waking before a timer's time would only mean to wait again.
                selector.select(wait == Long.MAX_VALUE ? 0 : Math.max(1, (wait + 999_999) / 1_000_000));
                sleeping.set(false);
            }
            now = clock.getAsLong() - start;
            waiters.forEach(CountDownLatch::countDown);
            waiters.clear();
            var selected = selector.selectedKeys();
            if (!selected.isEmpty()) {
                for (SelectionKey key : selected) {
                    if (key.isValid()) {
                        dispatch(key);
                    }
                }
                selected.clear();
            }
        } catch (IOException e) {
            failures.accept(new UncheckedIOException(e));
        } catch (ClosedSelectorException e) {
            closed = true;
        }
    }

    private void dispatch(SelectionKey key) {
        try {
            ((Handler) key.attachment()).ready(key);
        } catch (RuntimeException e) {
            // Left registered it would be ready again at once, for ever.
            key.cancel();
            failures.accept(e);
        }
    }

    private long untilNextTimer() {
        Timer first = timers.peek();
        return first == null ? Long.MAX_VALUE : first.queued - now;
    }

    /** Nanoseconds since the loop was made, as of this turn. */
    public long now() {
        return now;
    }

    public Timer timer(Runnable action) {
        return new Timer(this, action);
    }

    /** Has {@code handler} told when the channel, which does not block, is ready for {@code operations}. */
    public SelectionKey register(SelectableChannel channel, int operations, Handler handler) throws IOException {
        return channel.register(selector, operations, handler);
    }

    /** Has something done on the loop's thread, soon. On any thread. */
    public void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** There may be work. On any thread, after the work can be seen. */
    public void wake() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            selector.wakeup();
        }
    }

    /** Waits until the loop has taken one whole turn, at most a second; not at all on the loop's own thread, or without one. */
    public void awaitTurn() {
        Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        CountDownLatch turned = new CountDownLatch(1);
        execute(() -> waiters.add(turned));
        try {
            turned.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread, soon. On any thread. */
    public void close() {
        closed = true;
        selector.wakeup();
    }

    public boolean isClosed() {
        return closed;
    }

    /** Waits until everything is given back. On any thread but the loop's, where {@link #start} was called. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Gives everything back; the thread does it by itself. */
    public void end() {
        guard(work::closed);
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Logger.Level.DEBUG, name, e);
        }
        ended.countDown();
    }
}
