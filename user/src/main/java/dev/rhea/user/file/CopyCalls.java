package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** The calls that move data from descriptor to descriptor: sendfile, splice, tee, vmsplice, copy_file_range. */
public final class CopyCalls implements CallFamily {
    private static final int SPLICE_F_NONBLOCK = 2;

    private final Abi abi;

    public CopyCalls(Abi abi) {
        this.abi = abi;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "sendfile" -> (t, a) -> sendfile(t, a, abi.model().wordSize());
            case "sendfile64" -> (t, a) -> sendfile(t, a, 8);
            case "splice" -> (t, a) -> splice(t, a, true);
            case "copy_file_range" -> (t, a) -> splice(t, a, false);
            case "tee" -> this::tee;
            case "vmsplice" -> this::vmsplice;
            default -> null;
        };
    }

    /** One try on the host. */
    private interface Attempt {
        long run(Description from, Description to);
    }

    /** Tries until something moved, waiting for whichever end is not ready; {@code from} first. */
    private static long move(Task task, Description from, Description to, boolean mayWait, Attempt attempt) {
        for (; ; ) {
            long result = attempt.run(from, to);
            if (result != -Errno.EAGAIN || !mayWait) {
                if (result > 0 && to.kind() == Description.Kind.FILE) {
                    task.memory().fileWritten(to.hostFd());
                }
                return Waiting.signalBrokenPipe(task, result);
            }
            boolean waited = false;
            if (from.waits()) {
                long failed = Waiting.untilReady(task, from, Linux.POLLIN, Task.FOREVER);
                if (failed != 0) {
                    return failed;
                }
                waited = true;
            }
            if (to.waits()) {
                long failed = Waiting.untilReady(task, to, Linux.POLLOUT, Task.FOREVER);
                if (failed != 0) {
                    return failed;
                }
                waited = true;
            }
            if (!waited) {
                return result;
            }
        }
    }

    private long sendfile(Task task, long[] a, int offsetSize) {
        GuestMemory memory = task.memory();
        long offsetAt = abi.word(a[2]);
        long count = Math.min(abi.word(a[3]), Linux.MAX_RW_COUNT);
        long host = task.scratch().struct();
        if (count < 0) {
            return -Errno.EINVAL;
        }
        if (offsetAt != 0) {
            long offset = memory.read(offsetAt, offsetSize);
            memory.write(offsetAt, offset, offsetSize); // EFAULT before anything is sent
            RawMemory.putLong(host, offset);
        }
        Description to = task.files().acquireFile((int) a[0]);
        try {
            Description from = task.files().acquireFile((int) a[1]);
            try {
                long done = 0;
                for (; ; ) {
                    long left = count - done;
                    long result = move(
                            task,
                            from,
                            to,
                            true,
                            (f, t) -> Syscall.call(
                                    SyscallNumber.SENDFILE, t.hostFd(), f.hostFd(), offsetAt == 0 ? 0 : host, left));
                    if (result <= 0) {
                        done = done == 0 ? result : done;
                        break;
                    }
                    done += result;
                    if (done == count || !to.waits()) {
                        break;
                    }
                }
                if (offsetAt != 0 && done > 0) {
                    memory.write(offsetAt, RawMemory.getLong(host), offsetSize);
                }
                return done;
            } finally {
                from.release();
            }
        } finally {
            to.release();
        }
    }

    /** splice and copy_file_range take the same arguments: from, offset, to, offset, length, flags. */
    private long splice(Task task, long[] a, boolean splice) {
        GuestMemory memory = task.memory();
        long fromAt = abi.word(a[1]);
        long toAt = abi.word(a[3]);
        long length = Math.min(abi.word(a[4]), Linux.MAX_RW_COUNT);
        int flags = (int) a[5];
        long host = task.scratch().struct();
        if (fromAt != 0) {
            RawMemory.putLong(host, memory.read(fromAt, 8));
        }
        if (toAt != 0) {
            RawMemory.putLong(host + 8, memory.read(toAt, 8));
        }
        Description from = task.files().acquireFile((int) a[0]);
        try {
            Description to = task.files().acquireFile((int) a[2]);
            try {
                int number = splice ? SyscallNumber.SPLICE : SyscallNumber.COPY_FILE_RANGE;
                boolean mayWait = splice && (flags & SPLICE_F_NONBLOCK) == 0;
                long result = move(
                        task,
                        from,
                        to,
                        mayWait,
                        (f, t) -> Syscall.call(
                                number,
                                f.hostFd(),
                                fromAt == 0 ? 0 : host,
                                t.hostFd(),
                                toAt == 0 ? 0 : host + 8,
                                length,
                                flags));
                if (result >= 0 && fromAt != 0) {
                    memory.write(fromAt, RawMemory.getLong(host), 8);
                }
                if (result >= 0 && toAt != 0) {
                    memory.write(toAt, RawMemory.getLong(host + 8), 8);
                }
                return result;
            } finally {
                to.release();
            }
        } finally {
            from.release();
        }
    }

    private long tee(Task task, long[] a) {
        long length = Math.min(abi.word(a[2]), Linux.MAX_RW_COUNT);
        int flags = (int) a[3];
        Description from = task.files().acquireFile((int) a[0]);
        try {
            Description to = task.files().acquireFile((int) a[1]);
            try {
                return move(
                        task,
                        from,
                        to,
                        (flags & SPLICE_F_NONBLOCK) == 0,
                        (f, t) -> Syscall.call(SyscallNumber.TEE, f.hostFd(), t.hostFd(), length, flags));
            } finally {
                to.release();
            }
        } finally {
            from.release();
        }
    }

    /** By copy, as the kernel may: pages of the guest's must not hang in a pipe when the guest unmaps them. */
    private long vmsplice(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            boolean write = (Syscall.call(SyscallNumber.FCNTL, d.hostFd(), Linux.F_GETFL, 0) & Linux.O_ACCMODE)
                    != Linux.O_RDONLY;
            for (; ; ) {
                Buffers b = task.scratch().buffers(task).vector(abi, abi.word(a[1]), a[2], 0, !write);
                long result = Syscall.call(
                        write ? SyscallNumber.WRITEV : SyscallNumber.READV, d.hostFd(), b.iov(), b.count());
                if (result != -Errno.EAGAIN || !d.waits() || (a[3] & SPLICE_F_NONBLOCK) != 0) {
                    return Waiting.signalBrokenPipe(task, result);
                }
                long failed = Waiting.untilReady(task, d, write ? Linux.POLLOUT : Linux.POLLIN, Task.FOREVER);
                if (failed != 0) {
                    return failed;
                }
            }
        } finally {
            d.release();
        }
    }
}
