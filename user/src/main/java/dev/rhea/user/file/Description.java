package dev.rhea.user.file;

import dev.rhea.user.process.Task;
import dev.rhea.user.process.Terminal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An open file description: what {@code open} makes, {@code dup} and {@code fork} share, and the last {@code close} ends.
 * Counted: one reference per descriptor, one per call that is at work on it, one per message it travels in. Thread-safe.
 */
public final class Description {
    /** What is behind a host descriptor, as far as waiting is concerned. */
    public enum Kind {
        /** Regular files, directories and block devices: never wait. */
        FILE,
        /** Pipes, sockets, event descriptors: O_NONBLOCK on the host, the guest waits in poll. */
        STREAM,
        /** As STREAM, and a socket. */
        SOCKET,
        /** Came from whoever started us, and its file status flags are theirs too: left as they are. */
        INHERITED,
        /** O_PATH: no transfer at all. */
        PATH
    }

    private static final VarHandle REFERENCES;

    static {
        try {
            REFERENCES = MethodHandles.lookup().findVarHandle(Description.class, "references", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int hostFd;
    private final Kind kind;
    private volatile boolean nonBlocking;
    private volatile long receiveTimeout;
    private volatile long sendTimeout;

    @SuppressWarnings("unused") // through REFERENCES
    private volatile int references = 1;

    private volatile @Nullable Extra extra;

    private int terminal = Terminal.NONE;
    private volatile boolean lent;

    /** What special descriptions carry besides a host descriptor. */
    public interface Extra {
        /** The last reference has gone. The host descriptor is still open. */
        default void closed() {}
    }

    /** A description that the personality itself reads, the host's descriptor being there to be polled. */
    public interface Source extends Extra {
        /** Puts what there is into the buffers. @return bytes, {@code -EAGAIN} for nothing yet, or another negated error */
        long read(Task task, Buffers to);
    }

    /**
     * Takes over a host descriptor; the caller owns the first reference.
     *
     * @param hostFd open, with O_CLOEXEC, and O_NONBLOCK where {@code kind} is STREAM or SOCKET
     * @param nonBlocking whether the guest asked for O_NONBLOCK
     */
    public Description(int hostFd, Kind kind, boolean nonBlocking) {
        this.hostFd = hostFd;
        this.kind = kind;
        this.nonBlocking = nonBlocking;
    }

    /** A description of a descriptor that arrived in a message. */
    public static Description received(int hostFd, Scratch scratch) {
        return Host.adopt(hostFd, false, scratch.path(0));
    }

    /** The host's descriptor; valid while the caller holds a reference. */
    public int hostFd() {
        return hostFd;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the guest set O_NONBLOCK. */
    public boolean nonBlocking() {
        return nonBlocking;
    }

    /** What F_SETFL and FIONBIO set. */
    public void setNonBlocking(boolean value) {
        nonBlocking = value;
    }

    /** Whether a call on this description may have to wait in poll. */
    public boolean waits() {
        return kind != Kind.FILE && kind != Kind.PATH && !nonBlocking;
    }

    /** Whether the host's descriptor may itself block (only where others own its flags). */
    public boolean hostBlocks() {
        return kind == Kind.INHERITED || lent;
    }

    /** A program of the host shares this description and is not to see O_NONBLOCK. */
    void lend() {
        lent = true;
    }

    /** Which terminal this is, or whose other side: a {@link Terminal#number}. */
    public int terminal() {
        return terminal;
    }

    /** Tells which terminal this is; before others see it. */
    Description asTerminal(int number) {
        terminal = number;
        return this;
    }

    /** SO_RCVTIMEO in nanoseconds, 0 for none. */
    public long receiveTimeout() {
        return receiveTimeout;
    }

    public void setReceiveTimeout(long nanoseconds) {
        receiveTimeout = nanoseconds;
    }

    /** SO_SNDTIMEO in nanoseconds, 0 for none. */
    public long sendTimeout() {
        return sendTimeout;
    }

    public void setSendTimeout(long nanoseconds) {
        sendTimeout = nanoseconds;
    }

    /** What it carries besides, or null. */
    public @Nullable Extra extra() {
        return extra;
    }

    /** Attaches what this description carries; before others see it. */
    public Description with(Extra value) {
        extra = value;
        return this;
    }

    /** Adds a reference; false if the description is already closed. */
    boolean acquire() {
        for (; ; ) {
            int n = references;
            if (n == 0) {
                return false;
            }
            if (REFERENCES.compareAndSet(this, n, n + 1)) {
                return true;
            }
        }
    }

    /** Adds a reference to a description that the caller holds already. */
    public Description share() {
        if (!acquire()) {
            throw new IllegalStateException("a description is shared by someone who does not hold it");
        }
        return this;
    }

    /** Drops a reference; the last one closes the host's descriptor. */
    public void release() {
        if ((int) REFERENCES.getAndAdd(this, -1) == 1) {
            Extra e = extra;
            if (e != null) {
                e.closed();
            }
            Host.closeForGuest(hostFd);
        }
    }
}
