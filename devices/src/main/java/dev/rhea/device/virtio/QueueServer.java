package dev.rhea.device.virtio;

/**
 * Serves one queue request by request: takes what is there, hands each to the device, returns it, interrupts once for many.
 * {@link #run} is the work of a {@link QueueThread}.
 */
public final class QueueServer implements Runnable, AutoCloseable {
    /** What a device does with a request. With the queue's lock held, without the machine lock; may block. */
    @FunctionalInterface
    public interface Service {
        /** Value of {@link #serve}: leave the request where it is, and ask again after the next wake. */
        long LATER = -1;

        /** Does it. @return how many bytes at the front of what is writable were written, or {@link #LATER} */
        long serve(Chain chain) throws BrokenQueueException;
    }

    /** After so many requests the driver is told of them even if there are more: it can go on meanwhile. */
    private static final int BATCH = 32;

    private final VirtioDevice device;
    private final VirtQueue queue;
    private final Service service;
    private final Chain chain;

    public QueueServer(VirtioDevice device, VirtQueue queue, Service service) {
        this.device = device;
        this.queue = queue;
        this.service = service;
        chain = new Chain(device.memory());
    }

    @Override
    public void run() {
        boolean more = true;
        while (more && queue.isActive()) {
            boolean interrupt;
            queue.lock.lock();
            try {
                more = serveBatch();
                interrupt = queue.wantsInterrupt();
            } catch (BrokenQueueException e) {
                device.fail(queue, e);
                more = false;
                interrupt = false;
            } finally {
                queue.lock.unlock();
            }
            if (interrupt) {
                device.interrupt(queue);
            }
            if (device.isBroken()) {
                device.announceFailure();
            }
        }
    }

    /** @return whether there is more to do */
    private boolean serveBatch() throws BrokenQueueException {
        queue.setNotification(false);
        for (int done = 0; done < BATCH; done++) {
            if (!queue.pop(chain)) {
                queue.setNotification(true);
                return queue.hasNext();
            }
            long written = service.serve(chain);
            if (written == Service.LATER) {
                queue.unpop(chain);
                queue.setNotification(true);
                return false;
            }
            queue.push(chain, written);
            queue.publish();
        }
        return true;
    }

    @Override
    public void close() {
        chain.close();
    }
}
