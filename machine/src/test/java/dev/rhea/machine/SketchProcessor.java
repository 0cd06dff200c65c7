package dev.rhea.machine;

import java.util.concurrent.atomic.AtomicLong;

/** A processor that only counts, on a thread of its own; and that notices when it is told to do two things at once. */
final class SketchProcessor implements Processor {
    final AtomicLong executed = new AtomicLong();
    final AtomicLong resets = new AtomicLong();
    volatile String wrong = "";
    private final Runnable step;
    private final Thread thread;
    private boolean wanted;
    private boolean running;
    private boolean closed;

    /** @param step what it does over and over, without the machine lock */
    SketchProcessor(Runnable step) {
        this.step = step;
        thread = new Thread(this::work, "sketch-processor");
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        while (true) {
            synchronized (this) {
                while (!wanted && !closed) {
                    running = false;
                    notifyAll();
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closed) {
                    running = false;
                    notifyAll();
                    return;
                }
                running = true;
            }
            executed.incrementAndGet();
            step.run();
        }
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public synchronized void resume() {
        wanted = true;
        notifyAll();
    }

    @Override
    public synchronized void pause() {
        wanted = false;
        while (running) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public synchronized void reset() {
        if (running || wanted) {
            wrong = "reset while it runs";
        }
        resets.incrementAndGet();
    }

    synchronized boolean isRunning() {
        return wanted;
    }

    @Override
    public void startAt(long pc) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String registers() {
        return "";
    }

    @Override
    public long pc() {
        return 0;
    }

    @Override
    public long physical(long address) {
        return -1;
    }

    @Override
    public Disassembled disassemble(long pc, byte[] code) {
        return new Disassembled("", 1);
    }

    @Override
    public long[] trail() {
        return new long[0];
    }

    @Override
    public long executed() {
        return executed.get();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
