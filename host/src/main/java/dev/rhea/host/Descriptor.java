package dev.rhea.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor of the host that is read and written by waiting for it, and whose waiting can be ended from outside: what
 * {@code java.nio} does not offer for terminals and named pipes. One thread may read while another writes. Its state is shared
 * with whoever has the same open file, so one that we have not opened is never made non-blocking.
 */
public final class Descriptor implements AutoCloseable {
    /** {@link #read} found the end: a closed pipe, a terminal that hung up. */
    public static final int END = -1;

    /** The waiting was ended by {@link #cancel}. */
    public static final int CANCELLED = -2;

    private static final int AT_FDCWD = -100;
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int POLLHUP = 16;

    private static final int BUFFER = 4096;
    private static final int POLL_BYTES = 32;

    private final int number;
    private final boolean owned;

    /** An eventfd: readable from {@link #cancel} on, for whoever waits then or later. */
    private final int wake;

    /** For the reader: two {@code pollfd}, then data. The writer has its own behind it. */
    private final long memory;

    /** Calls under way that use the memory. */
    private final AtomicInteger busy = new AtomicInteger();

    private volatile boolean cancelled;
    private boolean closed;

    private Descriptor(int number, boolean owned) {
        this.number = number;
        this.owned = owned;
        long event = Syscall.call(SyscallNumber.EVENTFD2, 0, O_CLOEXEC);
        if (Syscall.failed(event)) {
            throw new IllegalStateException("eventfd2: " + Errno.text((int) -event));
        }
        wake = (int) event;
        memory = RawMemory.allocate(2L * (POLL_BYTES + BUFFER));
    }

    /** A descriptor that the process has and keeps: 0, 1, 2. */
    public static Descriptor borrowed(int number) {
        return new Descriptor(number, false);
    }

    /**
     * The same file as a descriptor that the process has, opened anew: a terminal that somebody stopped then holds no writer.
     * Where the host does not let us, {@link #borrowed}.
     */
    public static Descriptor reopened(int number) {
        try {
            return open("/proc/self/fd/" + number, true);
        } catch (IOException e) {
            return borrowed(number);
        }
    }

    /** A descriptor that is closed with this object. */
    public static Descriptor owned(int number) {
        return new Descriptor(number, true);
    }

    /**
     * Opens a file to be read, with {@code writing} also to be written.
     *
     * @throws IOException "Could not open 'PATH': " and what the host says
     */
    public static Descriptor open(String path, boolean writing) throws IOException {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        long name = RawMemory.allocate(bytes.length + 1L);
        try {
            RawMemory.copyIn(bytes, 0, name, bytes.length);
            // A terminal may be ready and hold a long write nevertheless.
            int flags = (writing ? O_RDWR | O_NONBLOCK : O_RDONLY) | O_NOCTTY | O_CLOEXEC;
            long result = Syscall.call(SyscallNumber.OPENAT, AT_FDCWD, name, flags, 0);
            if (Syscall.failed(result)) {
                throw new IOException("Could not open '" + path + "': " + Errno.text((int) -result));
            }
            return owned((int) result);
        } finally {
            RawMemory.free(name);
        }
    }

    /** The host's number of it. */
    public int number() {
        return number;
    }

    /**
     * Waits for input and takes what is there.
     *
     * @return how many bytes, at least 1, or {@link #END}, or {@link #CANCELLED}
     */
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        busy.incrementAndGet();
        try {
            return readOnce(into, offset, length);
        } finally {
            busy.decrementAndGet();
        }
    }

    private int readOnce(byte[] into, int offset, int length) throws IOException {
        long data = memory + POLL_BYTES;
        while (true) {
            int ready = await(memory, POLLIN, -1);
            if (ready == CANCELLED) {
                return CANCELLED;
            }
            long result = Syscall.call(SyscallNumber.READ, number, data, Math.min(length, BUFFER));
            if (result > 0) {
                RawMemory.copyOut(data, into, offset, (int) result);
                return (int) result;
            }
            // A pseudo terminal's master says EIO where a pipe says 0.
            if (result == 0 || result == -Errno.EIO) {
                return END;
            }
            if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
                throw new IOException(Errno.text((int) -result));
            }
        }
    }

    /**
     * Writes all, as fast as the other end takes it.
     *
     * @return how many bytes: fewer than {@code length} only after {@link #cancel}
     */
    public int write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        busy.incrementAndGet();
        try {
            return writeAll(from, offset, length);
        } finally {
            busy.decrementAndGet();
        }
    }

    private int writeAll(byte[] from, int offset, int length) throws IOException {
        long poll = memory + POLL_BYTES + BUFFER;
        long data = poll + POLL_BYTES;
        int done = 0;
        while (done < length && await(poll, POLLOUT, -1) != CANCELLED) {
            int now = Math.min(length - done, BUFFER);
            RawMemory.copyIn(from, offset + done, data, now);
            long result = Syscall.call(SyscallNumber.WRITE, number, data, now);
            if (result > 0) {
                done += (int) result;
            } else if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
                throw new IOException(Errno.text((int) -result));
            }
        }
        return done;
    }

    /** Waits until a connection can be accepted, or input read. False after {@link #cancel}. */
    boolean awaitInput() {
        return await(memory, POLLIN, -1) != CANCELLED;
    }

    /**
     * Whether the other end hung up; waits for up to {@code milliseconds} for it to do so or for input. To be asked by the
     * reader only.
     */
    public boolean hungUp(int milliseconds) {
        int ready = await(memory, POLLIN, milliseconds);
        return ready != CANCELLED && (ready & POLLHUP) != 0 && (ready & POLLIN) == 0;
    }

    /** Waits until {@link #cancel}, for up to {@code milliseconds}; whether it came. To be asked by the reader only. */
    public boolean cancelledWithin(int milliseconds) {
        return await(memory, -1, milliseconds) == CANCELLED;
    }

    /** What {@code poll(2)} reports of the descriptor, 0 after the time, or {@link #CANCELLED}. No events: only waits. */
    private int await(long poll, int events, int milliseconds) {
        busy.incrementAndGet();
        try {
            return cancelled ? CANCELLED : poll(poll, events, milliseconds);
        } finally {
            busy.decrementAndGet();
        }
    }

    private int poll(long poll, int events, int milliseconds) {
        RawMemory.putInt(poll, events < 0 ? -1 : number);
        RawMemory.putShort(poll + 4, (short) Math.max(events, 0));
        RawMemory.putInt(poll + 8, wake);
        RawMemory.putShort(poll + 12, (short) POLLIN);
        long time = 0;
        if (milliseconds >= 0) {
            time = poll + 16;
            RawMemory.putLong(time, milliseconds / 1000);
            RawMemory.putLong(time + 8, milliseconds % 1000 * 1_000_000L);
        }
        while (true) {
            long result = Syscall.call(SyscallNumber.PPOLL, poll, 2, time, 0, 8);
            if (result == -Errno.EINTR) {
                continue;
            }
            if (Syscall.failed(result)) {
                throw new IllegalStateException("ppoll: " + Errno.text((int) -result));
            }
            if (RawMemory.getShort(poll + 14) != 0) {
                return CANCELLED;
            }
            return RawMemory.getShort(poll + 6) & 0xffff;
        }
    }

    /** Ends the waiting of reader and writer, now and from now on. */
    public synchronized void cancel() {
        cancelled = true;
        if (!closed) {
            long one = RawMemory.allocate(8);
            RawMemory.putLong(one, 1);
            Syscall.call(SyscallNumber.WRITE, wake, one, 8);
            RawMemory.free(one);
        }
    }

    /**
     * Closes it if it is owned, after {@link #cancel}. A terminal that somebody stopped can hold a writer even then; it keeps
     * its memory.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            cancel();
            closed = true;
            Syscall.call(SyscallNumber.CLOSE, wake);
            if (owned) {
                Syscall.call(SyscallNumber.CLOSE, number);
            }
            if (busy.get() == 0) {
                RawMemory.free(memory);
            }
        }
    }
}
