package dev.rhea.host;

import java.util.ArrayList;
import java.util.List;

/**
 * Starts a program of the host in a process of its own: {@code posix_spawn(3)}. Made on one thread, used once; the process is
 * a child of the JVM, with the calling thread's umask, and has to be waited for.
 *
 * <pre>{@code
 * try (Spawn spawn = new Spawn()) {
 *     spawn.descriptor(pipe, 1);
 *     spawn.signals(0, -1L);
 *     long pid = spawn.start(path, arguments, environment);
 * }
 * }</pre>
 */
public final class Spawn implements AutoCloseable {
    /** More than {@code posix_spawn_file_actions_t} and {@code posix_spawnattr_t} have in any C library (80 and 336 bytes). */
    private static final int ACTIONS_BYTES = 256;

    private static final int ATTRIBUTES_BYTES = 1024;

    /** {@code sigset_t} of the C library. */
    private static final int SIGSET_BYTES = 128;

    private static final int POSIX_SPAWN_SETSIGDEF = 4;
    private static final int POSIX_SPAWN_SETSIGMASK = 8;

    private final List<Long> owned = new ArrayList<>();
    private final long actions = memory(ACTIONS_BYTES);
    private final long attributes = memory(ATTRIBUTES_BYTES);

    public Spawn() {
        require(call("posix_spawn_file_actions_init", actions, 0, 0), "posix_spawn_file_actions_init");
        require(call("posix_spawnattr_init", attributes, 0, 0), "posix_spawnattr_init");
    }

    private long memory(long bytes) {
        long memory = RawMemory.allocate(bytes);
        RawMemory.fill(memory, bytes, (byte) 0);
        owned.add(memory);
        return memory;
    }

    /** The functions return an error number, not -1. */
    private static int call(String name, long a0, long a1, long a2) {
        return (int) Syscall.function(CLibrary.address(name), a0, a1, a2, 0, 0, 0);
    }

    private static void require(int error, String what) {
        if (error != 0) {
            throw new IllegalStateException(what + " failed with error " + error);
        }
    }

    /** The child gets descriptor {@code from} of the JVM as {@code to}; both differ. In the order of the calls. */
    public void descriptor(int from, int to) {
        require(call("posix_spawn_file_actions_adddup2", actions, from, to), "posix_spawn_file_actions_adddup2");
    }

    /** The child has no descriptor {@code fd}, which the JVM has open and would hand on. */
    public void without(int fd) {
        require(call("posix_spawn_file_actions_addclose", actions, fd, 0), "posix_spawn_file_actions_addclose");
    }

    /** The child's current directory is this one, an open descriptor of the JVM. */
    public void directory(int fd) {
        require(call("posix_spawn_file_actions_addfchdir_np", actions, fd, 0), "posix_spawn_file_actions_addfchdir_np");
    }

    /**
     * What the child blocks, and which signals act by default; bit n-1 is signal n. Those not in {@code byDefault} that the
     * JVM ignores stay ignored.
     */
    public void signals(long blocked, long byDefault) {
        long set = memory(SIGSET_BYTES);
        RawMemory.putLong(set, blocked);
        require(call("posix_spawnattr_setsigmask", attributes, set, 0), "posix_spawnattr_setsigmask");
        RawMemory.putLong(set, byDefault);
        require(call("posix_spawnattr_setsigdefault", attributes, set, 0), "posix_spawnattr_setsigdefault");
        require(
                call("posix_spawnattr_setflags", attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK, 0),
                "posix_spawnattr_setflags");
    }

    /**
     * Starts it. All strings are bytes without a terminating zero.
     *
     * @return its pid, or the negated error number of what failed, which may be the exec
     */
    public long start(byte[] path, List<byte[]> arguments, List<byte[]> environment) {
        long pid = memory(8);
        long error = Syscall.function(
                CLibrary.address("posix_spawn"),
                pid,
                string(path),
                actions,
                attributes,
                vector(arguments),
                vector(environment));
        return (int) error == 0 ? RawMemory.getInt(pid) : -(int) error;
    }

    private long string(byte[] bytes) {
        long at = memory(bytes.length + 1L);
        RawMemory.copyIn(bytes, 0, at, bytes.length);
        return at;
    }

    private long vector(List<byte[]> strings) {
        long at = memory(8L * (strings.size() + 1));
        for (int i = 0; i < strings.size(); i++) {
            RawMemory.putLong(at + 8L * i, string(strings.get(i)));
        }
        return at;
    }

    /** Frees what the description of the child took; the child lives on. */
    @Override
    public void close() {
        call("posix_spawn_file_actions_destroy", actions, 0, 0);
        call("posix_spawnattr_destroy", attributes, 0, 0);
        owned.forEach(RawMemory::free);
        owned.clear();
    }
}
