package dev.rhea.machine;

import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The thread that does what processors and devices only ask for, because it stops them. */
final class Supervisor implements AutoCloseable {
    private static final Runnable END = () -> {};

    private final Chassis chassis;
    private final LinkedBlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    private @Nullable Thread thread;

    Supervisor(Chassis chassis) {
        this.chassis = chassis;
    }

    void start() {
        Thread made = new Thread(this::work, "rhea-machine");
        made.setDaemon(true);
        thread = made;
        made.start();
    }

    void request(Runnable action) {
        requests.add(action);
    }

    private void work() {
        try {
            for (; ; ) {
                Runnable request = requests.take();
                if (request == END) {
                    return;
                }
                try {
                    request.run();
                } catch (RuntimeException | Error e) {
                    chassis.fail(e);
                }
            }
        } catch (InterruptedException e) {
            // The machine is closed.
        }
    }

    @Override
    public void close() {
        requests.add(END);
        Thread worker = thread;
        if (worker == null || worker == Thread.currentThread()) {
            return;
        }
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
