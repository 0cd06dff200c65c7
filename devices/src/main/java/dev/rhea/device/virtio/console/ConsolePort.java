package dev.rhea.device.virtio.console;

import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevEvent;
import dev.rhea.chardev.FrontEnd;
import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A port: a queue of buffers for what comes from the host, a queue of what the guest sends, and the character device behind. The
 * guest's bytes go out on a thread of the port, so that a terminal that is slow holds up nothing else.
 */
final class ConsolePort implements FrontEnd, QueueServer.Service {
    private static final int PIECE = 4096;

    private final VirtioSerial device;
    private final int number;
    private final PortOptions options;
    private final @Nullable Chardev chardev;
    private final VirtQueue receive;
    private final VirtQueue transmit;
    private final byte[] piece = new byte[PIECE];
    private @Nullable Chain chain;
    private @Nullable QueueServer server;
    private final Runnable accept = this::accept;
    private @Nullable QueueThread thread;

    /** How much of the request that was taken up last went out already. Guarded by the transmit queue's lock. */
    private long sent;

    /** Whether the guest has it open. */
    private volatile boolean guestConnected;
    /** Whether someone is at the host's end. */
    private volatile boolean hostConnected;

    ConsolePort(
            VirtioSerial device,
            int number,
            PortOptions options,
            @Nullable Chardev chardev,
            VirtQueue receive,
            VirtQueue transmit) {
        this.device = device;
        this.number = number;
        this.options = options;
        this.chardev = chardev;
        this.receive = receive;
        this.transmit = transmit;
        // A console is there from the start; a port is when somebody is at its other end.
        hostConnected = options.console();
    }

    int number() {
        return number;
    }

    PortOptions options() {
        return options;
    }

    /** The device hangs on its transport. */
    void plugged() {
        chain = new Chain(device.memory());
        server = new QueueServer(device, transmit, this);
        thread = new QueueThread(
                device.type() + " port " + number, device.memory().masters(), server);
        device.memory().masters().onRelease(accept);
        if (chardev != null) {
            chardev.attach(this);
        }
    }

    /** Lets the other end send what it has. */
    private void accept() {
        if (chardev != null) {
            chardev.acceptInput();
        }
    }

    /** The guest may have put something into a queue of the port. */
    void notified(VirtQueue queue) {
        if (queue == receive) {
            if (chardev != null) {
                chardev.acceptInput();
            }
        } else if (thread != null) {
            thread.wake();
        }
    }

    boolean isHostConnected() {
        return hostConnected;
    }

    boolean isGuestConnected() {
        return guestConnected;
    }

    void setGuestConnected(boolean open) {
        guestConnected = open;
        if (open && chardev != null) {
            chardev.acceptInput();
        }
    }

    // ---- from the guest

    @Override
    public long serve(Chain request) {
        request.skip(sent);
        while (request.readableBytes() > 0) {
            int length = request.get(0, piece, 0, PIECE);
            int accepted = length;
            if (chardev != null && (hostConnected || options.console())) {
                accepted = chardev.write(piece, 0, length);
            }
            request.skip(accepted);
            sent += accepted;
            if (accepted < length) {
                return LATER;
            }
        }
        sent = 0;
        return 0;
    }

    /** A byte that the guest says without a queue, in need. With the machine lock held: lost where it does not fit. */
    void emergencyWrite(byte value) {
        if (chardev != null) {
            chardev.write(new byte[] {value}, 0, 1);
        }
    }

    @Override
    public void writable() {
        if (thread != null) {
            thread.wake();
        }
    }

    // ---- to the guest

    @Override
    public int room() {
        if (!device.isOpen(this) || device.memory().masters().areHeld()) {
            return 0;
        }
        receive.lock.lock();
        try {
            if (chain == null || !receive.isActive()) {
                return 0;
            }
            if (!receive.pop(chain)) {
                // Asks to be told, then looks again.
                receive.setNotification(true);
                if (!receive.pop(chain)) {
                    return 0;
                }
            }
            long room = chain.writableBytes();
            receive.unpop(chain);
            if (room == 0) {
                throw new BrokenQueueException("receive buffer without room");
            }
            return (int) Math.min(room, PIECE);
        } catch (BrokenQueueException e) {
            device.fail(receive, e);
            return 0;
        } finally {
            receive.lock.unlock();
        }
    }

    @Override
    public void receive(byte[] data, int offset, int length) {
        byte[] taken = Arrays.copyOfRange(data, offset, offset + length); // it may have to wait
        device.memory().masters().run(() -> deliver(taken));
    }

    private void deliver(byte[] data) {
        int offset = 0;
        int length = data.length;
        boolean interrupt = false;
        receive.lock.lock();
        try {
            receive.setNotification(false);
            while (chain != null && length > 0 && receive.pop(chain)) {
                int done = chain.put(0, data, offset, length);
                receive.push(chain, done);
                offset += done;
                length -= done;
            }
            receive.publish();
            interrupt = receive.wantsInterrupt();
        } catch (BrokenQueueException e) {
            device.fail(receive, e);
        } finally {
            receive.lock.unlock();
        }
        if (interrupt) {
            device.interrupt(receive);
        }
        if (device.isBroken()) {
            device.announceFailure();
        }
    }

    @Override
    public void event(ChardevEvent event) {
        if (options.console() || event != ChardevEvent.OPENED && event != ChardevEvent.CLOSED) {
            return;
        }
        boolean open = event == ChardevEvent.OPENED;
        if (open != hostConnected) {
            hostConnected = open;
            device.hostEndChanged(this);
        }
    }

    void deviceReset() {
        guestConnected = false;
        setSent(0);
    }

    long sent() {
        transmit.lock.lock();
        try {
            return sent;
        } finally {
            transmit.lock.unlock();
        }
    }

    void setSent(long bytes) {
        transmit.lock.lock();
        sent = bytes;
        transmit.lock.unlock();
    }

    void close() {
        device.memory().masters().removeObserver(accept);
        if (chardev != null) {
            chardev.detach();
        }
        if (thread != null) {
            thread.close();
        }
        if (server != null) {
            server.close();
        }
        receive.lock.lock();
        if (chain != null) {
            chain.close();
            chain = null;
        }
        receive.lock.unlock();
    }
}
