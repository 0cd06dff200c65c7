package dev.rhea.user.file.poll;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.GuestTimes;
import dev.rhea.user.file.Linux;
import dev.rhea.user.file.Scratch;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** poll, ppoll, select and pselect6. */
public final class PollCalls implements CallFamily {
    /** Bytes in {@code struct pollfd}: the same on every ABI. */
    private static final int POLLFD_SIZE = 8;

    private static final int MILLISECOND = 1_000_000;

    private static final int READ_SET =
            Linux.POLLIN | Linux.POLLRDNORM | Linux.POLLRDBAND | Linux.POLLHUP | Linux.POLLERR;
    private static final int WRITE_SET = Linux.POLLOUT | Linux.POLLWRNORM | Linux.POLLWRBAND | Linux.POLLERR;
    private static final int EXCEPT_SET = Linux.POLLPRI;

    private final Abi abi;

    public PollCalls(Abi abi) {
        this.abi = abi;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "poll" -> this::poll;
            case "ppoll" -> (t, a) -> ppoll(t, a, false);
            case "ppoll_time64" -> (t, a) -> ppoll(t, a, true);
            case "select", "_newselect" -> this::select;
            case "pselect6" -> (t, a) -> pselect6(t, a, false);
            case "pselect6_time64" -> (t, a) -> pselect6(t, a, true);
            default -> null;
        };
    }

    private long poll(Task task, long[] a) {
        int timeout = (int) a[2];
        long deadline = timeout < 0 ? Task.FOREVER : GuestTimes.deadlineIn((long) timeout * MILLISECOND);
        long fds = abi.word(a[0]);
        long result = poll(task, fds, a[1], deadline);
        if (result == -Errno.ERESTARTNOHAND && timeout >= 0) {
            task.setRestart((t, b) -> poll(t, fds, a[1], deadline));
            return -Errno.ERESTART_RESTARTBLOCK;
        }
        return result;
    }

    private long ppoll(Task task, long[] a, boolean wide) {
        Layout<Abi.Time> time = abi.time(wide);
        long timeout = abi.word(a[2]);
        long deadline =
                timeout == 0 ? Task.FOREVER : GuestTimes.deadlineIn(GuestTimes.read(abi, task.memory(), time, timeout));
        SignalMask.apply(abi, task, abi.word(a[3]), a[4]);
        long result = poll(task, abi.word(a[0]), a[1], deadline);
        if (timeout != 0) {
            writeLeft(task, time, timeout, deadline, false);
        }
        return result;
    }

    /** Linux tells what is left of the timeout, and does not mind where it cannot. */
    private static void writeLeft(Task task, Layout<Abi.Time> time, long address, long deadline, boolean timeval) {
        try {
            if (timeval) {
                GuestTimes.writeTimeval(task.memory(), time, address, GuestTimes.left(deadline));
            } else {
                GuestTimes.write(task.memory(), time, address, GuestTimes.left(deadline));
            }
        } catch (GuestMemory.BadAddress e) {
            // read-only memory: the call's result counts
        }
    }

    private long poll(Task task, long fds, long count, long deadline) {
        if (count < 0 || count > task.files().limit()) {
            return -Errno.EINVAL;
        }
        int n = (int) count;
        GuestMemory memory = task.memory();
        Scratch scratch = task.scratch();
        scratch.preparePoll(n);
        @Nullable Description[] held = new Description[n];
        try {
            boolean invalid = false;
            for (int i = 0; i < n; i++) {
                long at = fds + (long) i * POLLFD_SIZE;
                int fd = (int) memory.read(at, 4);
                scratch.pollEvents()[i] = (short) memory.read(at + 4, 2);
                scratch.pollFds()[i] = -1;
                if (fd >= 0) {
                    held[i] = hold(task, fd);
                    Description d = held[i];
                    if (d == null) {
                        invalid = true;
                    } else {
                        scratch.pollFds()[i] = d.hostFd();
                    }
                }
            }
            int ready = task.poll(
                    scratch.pollFds(),
                    scratch.pollEvents(),
                    scratch.pollResults(),
                    n,
                    invalid ? System.nanoTime() : deadline);
            if (ready == Task.INTERRUPTED && !invalid) {
                return -Errno.ERESTARTNOHAND;
            }
            long found = 0;
            for (int i = 0; i < n; i++) {
                long at = fds + (long) i * POLLFD_SIZE;
                short result = scratch.pollFds()[i] >= 0 && ready > 0 ? scratch.pollResults()[i] : 0;
                if (held[i] == null && (int) memory.read(at, 4) >= 0) {
                    result = Linux.POLLNVAL;
                }
                memory.write(at + 6, result, 2);
                found += result != 0 ? 1 : 0;
            }
            return found;
        } finally {
            release(held);
        }
    }

    private static @Nullable Description hold(Task task, int fd) {
        try {
            Description d = task.files().acquire(fd);
            if (d.kind() != Description.Kind.PATH) {
                return d;
            }
            d.release();
        } catch (Errno e) {
            // POLLNVAL
        }
        return null;
    }

    private static void release(@Nullable Description[] held) {
        for (Description d : held) {
            if (d != null) {
                d.release();
            }
        }
    }

    private long select(Task task, long[] a) {
        long timeout = abi.word(a[4]);
        long deadline = timeout == 0
                ? Task.FOREVER
                : GuestTimes.deadlineIn(GuestTimes.readTimeval(abi, task.memory(), abi.time, timeout));
        long result = select(task, (int) a[0], abi.word(a[1]), abi.word(a[2]), abi.word(a[3]), deadline);
        if (timeout != 0) {
            writeLeft(task, abi.time, timeout, deadline, true);
        }
        return result;
    }

    private long pselect6(Task task, long[] a, boolean wide) {
        Layout<Abi.Time> time = abi.time(wide);
        GuestMemory memory = task.memory();
        long timeout = abi.word(a[4]);
        long deadline =
                timeout == 0 ? Task.FOREVER : GuestTimes.deadlineIn(GuestTimes.read(abi, memory, time, timeout));
        long pair = abi.word(a[5]);
        if (pair != 0) {
            int word = abi.model().wordSize();
            SignalMask.apply(abi, task, memory.read(pair, word), memory.read(pair + word, word));
        }
        long result = select(task, (int) a[0], abi.word(a[1]), abi.word(a[2]), abi.word(a[3]), deadline);
        if (timeout != 0) {
            writeLeft(task, time, timeout, deadline, false);
        }
        return result;
    }

    private long select(Task task, int count, long in, long out, long except, long deadline) {
        if (count < 0) {
            return -Errno.EINVAL;
        }
        int n = Math.min(count, task.files().capacity()); // as Linux: what lies beyond the table is not looked at
        int bytes = (n + 8 * abi.model().wordSize() - 1)
                / (8 * abi.model().wordSize())
                * abi.model().wordSize();
        byte[] reads = set(task, in, bytes);
        byte[] writes = set(task, out, bytes);
        byte[] excepts = set(task, except, bytes);
        Scratch scratch = task.scratch();
        @Nullable Description[] held = new Description[n];
        int[] numbers = new int[n];
        int used = 0;
        try {
            scratch.preparePoll(n);
            for (int fd = 0; fd < n; fd++) {
                int events = (has(reads, fd) ? READ_SET & ~(Linux.POLLHUP | Linux.POLLERR) : 0)
                        | (has(writes, fd) ? WRITE_SET & ~Linux.POLLERR : 0)
                        | (has(excepts, fd) ? EXCEPT_SET : 0);
                if (events != 0) {
                    Description d = hold(task, fd);
                    if (d == null) {
                        return -Errno.EBADF;
                    }
                    held[used] = d;
                    numbers[used] = fd;
                    scratch.pollFds()[used] = d.hostFd();
                    scratch.pollEvents()[used++] = (short) events;
                }
            }
            int ready = task.poll(scratch.pollFds(), scratch.pollEvents(), scratch.pollResults(), used, deadline);
            if (ready == Task.INTERRUPTED) {
                return -Errno.ERESTARTNOHAND;
            }
            byte[] foundReads = new byte[bytes];
            byte[] foundWrites = new byte[bytes];
            byte[] foundExcepts = new byte[bytes];
            long found = 0;
            for (int i = 0; i < used && ready > 0; i++) {
                int result = scratch.pollResults()[i];
                found += mark(foundReads, reads, numbers[i], result & READ_SET)
                        + mark(foundWrites, writes, numbers[i], result & WRITE_SET)
                        + mark(foundExcepts, excepts, numbers[i], result & EXCEPT_SET);
            }
            write(task, in, foundReads);
            write(task, out, foundWrites);
            write(task, except, foundExcepts);
            return found;
        } finally {
            release(held);
        }
    }

    private static byte[] set(Task task, long address, int bytes) {
        byte[] set = new byte[bytes];
        if (address != 0) {
            task.memory().read(address, set, 0, bytes);
        }
        return set;
    }

    private static void write(Task task, long address, byte[] set) {
        if (address != 0) {
            task.memory().write(address, set, 0, set.length);
        }
    }

    /** Index of the byte with a descriptor's bit: {@code fd_set} is an array of words. */
    private int at(int fd) {
        int word = abi.model().wordSize();
        return abi.model().bigEndian() ? (fd >> 3) / word * word + word - 1 - (fd >> 3) % word : fd >> 3;
    }

    private boolean has(byte[] set, int fd) {
        return (set[at(fd)] & 1 << (fd & 7)) != 0;
    }

    private int mark(byte[] found, byte[] wanted, int fd, int result) {
        if (result == 0 || !has(wanted, fd)) {
            return 0;
        }
        found[at(fd)] |= (byte) (1 << (fd & 7));
        return 1;
    }
}
