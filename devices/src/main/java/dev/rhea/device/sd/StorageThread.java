package dev.rhea.device.sd;

import dev.rhea.device.virtio.QueueThread;
import dev.rhea.machine.memory.Masters;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Runs what blocks, in its order, on a thread of its own that stands while the machine does. */
public final class StorageThread implements Executor, AutoCloseable {
    private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final QueueThread thread;

    /** @param masters of the machine's memory: what they wait for, this waits for */
    public StorageThread(String name, Masters masters) {
        thread = new QueueThread(name, masters, this::work);
    }

    @Override
    public void execute(Runnable work) {
        queue.add(work);
        thread.wake();
    }

    private void work() {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }

    /** Ends it when all is done. Without the machine lock. */
    @Override
    public void close() {
        thread.close();
        work();
    }
}
