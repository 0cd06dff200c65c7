package dev.rhea.user.process;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** JVM threads for tasks: platform threads with large stacks, kept for the next task for a moment. */
final class TaskThreads implements AutoCloseable {
    /** Translated guest calls nest on the JVM's stack. Only what is touched costs memory. */
    private static final long STACK_BYTES = 16L << 20;

    private static final long KEEP_SECONDS = 2;

    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), TaskThread::new);

    /** Runs a task on a thread of its own. */
    void start(Task task) {
        pool.execute(task);
    }

    /** No more tasks; waits until all have ended, at most so long. */
    boolean close(long timeout, TimeUnit unit) throws InterruptedException {
        pool.shutdown();
        return pool.awaitTermination(timeout, unit);
    }

    @Override
    public void close() {
        pool.shutdown();
    }

    /** A JVM thread that runs tasks. */
    static final class TaskThread extends Thread {
        private volatile @org.jspecify.annotations.Nullable HostThread host;

        TaskThread(Runnable work) {
            super(null, work, "rhea-task", STACK_BYTES, false);
            setDaemon(true);
        }

        /** What the host knows of this thread; only for the thread itself. */
        HostThread host() {
            HostThread h = host;
            if (h == null) {
                h = new HostThread();
                host = h;
            }
            return h;
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                HostThread h = host;
                if (h != null) {
                    h.close();
                }
            }
        }
    }
}
