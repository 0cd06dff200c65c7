package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/**
 * Host memory of one task for the arguments of host calls: paths, structures, vectors of buffers. Made at the first use;
 * not thread-safe. What lies in a part is valid until the next thing is put there, at most until the call returns.
 */
public final class Scratch {
    /** Room for a path: the sysroot's prefix and PATH_MAX. */
    static final int PATH_SIZE = 2 * Linux.PATH_MAX;

    /** Bytes in each part for structures. */
    public static final int STRUCT_SIZE = 4096;

    private static final int IOV_SIZE = Linux.IOV_MAX * 16;
    private static final int SIZE = 2 * PATH_SIZE + 2 * STRUCT_SIZE + IOV_SIZE;

    private long base;
    private int[] pollFds = new int[16];
    private short[] pollEvents = new short[16];
    private short[] pollResults = new short[16];

    static final int UNKNOWN = 0;
    static final int OWN = 1;
    static final int SHARED = 2;

    /** Whether the thread has a directory and umask of its own: {@link ThreadDirectory}. */
    int threadFs;
    /** The umask that the thread was given last. */
    int hostUmask = -1;

    private @Nullable Buffers buffers;

    /** The guest's buffers of the call at hand. */
    public Buffers buffers(Task owner) {
        Buffers b = buffers;
        if (b == null) {
            b = new Buffers(owner);
            buffers = b;
        }
        return b;
    }

    private long base() {
        if (base == 0) {
            base = RawMemory.allocate(SIZE);
        }
        return base;
    }

    /** Path 0 or 1. */
    public long path(int which) {
        return base() + which * PATH_SIZE;
    }

    /** {@link #STRUCT_SIZE} bytes for structures. */
    public long struct() {
        return base() + 2 * PATH_SIZE;
    }

    /** Another {@link #STRUCT_SIZE} bytes for structures. */
    public long struct2() {
        return base() + 2 * PATH_SIZE + STRUCT_SIZE;
    }

    /** Room for {@link Linux#IOV_MAX} of the host's {@code struct iovec}. */
    public long iov() {
        return base() + 2 * PATH_SIZE + 2 * STRUCT_SIZE;
    }

    /** Makes room for {@code n} descriptors to poll. */
    public void preparePoll(int n) {
        if (n > pollFds.length) {
            int size = Math.max(n, 2 * pollFds.length);
            pollFds = new int[size];
            pollEvents = new short[size];
            pollResults = new short[size];
        }
    }

    public int[] pollFds() {
        return pollFds;
    }

    public short[] pollEvents() {
        return pollEvents;
    }

    public short[] pollResults() {
        return pollResults;
    }

    /** Gives the memory back; the task makes no further calls. */
    public void free() {
        if (base != 0) {
            RawMemory.free(base);
            base = 0;
        }
    }
}
