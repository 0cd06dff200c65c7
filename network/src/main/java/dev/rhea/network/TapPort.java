package dev.rhea.network;

import dev.rhea.host.TapDevice;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cable to the host's kernel: an interface of its that others may be bridged with or routed to. */
public final class TapPort implements Port {
    private static final Map<Integer, String> ERRORS = Map.of(
            1, "Operation not permitted",
            2, "No such file or directory",
            6, "No such device or address",
            13, "Permission denied",
            16, "Device or resource busy",
            19, "No such device",
            22, "Invalid argument");

    private final TapDevice device;
    private final Thread reader;
    private volatile boolean link = true;
    private volatile boolean closed;
    private volatile @Nullable Receiver card;
    /** Guards nothing but the wait for room. */
    private final Object room = new Object();

    private boolean resumed;

    private TapPort(TapDevice device) {
        this.device = device;
        reader = new Thread(this::read, "network " + device.name());
        reader.setDaemon(true);
    }

    /**
     * Makes the interface, or takes one that was made for this user.
     *
     * @param name of the interface; may contain %d for a number of the kernel's choice
     * @throws NetdevException if the host does not let us
     */
    public static TapPort open(String name) throws NetdevException {
        try {
            TapPort port = new TapPort(TapDevice.open(name));
            port.reader.start();
            return port;
        } catch (TapDevice.Refused e) {
            String why = ERRORS.getOrDefault(e.errno(), "error " + e.errno());
            throw new NetdevException(e.getMessage() + ": " + why, e);
        } catch (UnsupportedOperationException e) {
            throw new NetdevException("tap needs a Linux host", e);
        }
    }

    /** The interface's name. */
    public String name() {
        return device.name();
    }

    private void read() {
        byte[] frame = new byte[TapDevice.MAX_FRAME];
        while (!closed) {
            int length = device.read(frame);
            if (length < 0) {
                break;
            }
            Receiver receiver = card;
            if (length > 0 && link && receiver != null) {
                deliver(receiver, frame, length);
            }
        }
        device.close();
    }

    /** Waits with the frame until it is taken; meanwhile the kernel's queue, and then whoever fills it, waits too. */
    private void deliver(Receiver receiver, byte[] frame, int length) {
        while (!closed && link) {
            synchronized (room) {
                resumed = false;
            }
            if (receiver.receive(frame, 0, length)) {
                return;
            }
            synchronized (room) {
                while (!resumed && !closed) {
                    try {
                        room.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }
        }
    }

    @Override
    public void send(byte[] frame, int offset, int length) {
        if (link && length > 0 && length <= MAX_FRAME) {
            device.write(frame, offset, length);
        }
    }

    @Override
    public void connect(Receiver receiver) {
        card = receiver;
        resume();
    }

    @Override
    public void resume() {
        synchronized (room) {
            resumed = true;
            room.notifyAll();
        }
    }

    @Override
    public void setLink(boolean up) {
        link = up;
        resume();
    }

    @Override
    public void close() {
        closed = true;
        device.wake();
        resume();
    }
}
