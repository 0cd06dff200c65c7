package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory.BadAddress;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.process.Signal;
import dev.rhea.user.process.Task;
import dev.rhea.user.process.Terminal;
import dev.rhea.user.process.Terminals;
import org.jspecify.annotations.Nullable;

/** read, write and their kin, lseek. */
public final class TransferCalls implements CallFamily {
    private final Abi abi;

    public TransferCalls(Abi abi) {
        this.abi = abi;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "read" -> this::read;
            case "write" -> this::write;
            case "readv" -> this::readv;
            case "writev" -> this::writev;
            case "pread64" -> this::pread64;
            case "pwrite64" -> this::pwrite64;
            case "preadv" -> this::preadv;
            case "pwritev" -> this::pwritev;
            case "preadv2" -> this::preadv2;
            case "pwritev2" -> this::pwritev2;
            case "lseek" -> this::lseek;
            case "_llseek", "llseek" -> this::llseek;
            default -> null;
        };
    }

    /** Offset argument of a transfer at the file's own position. */
    private static final long CURRENT = -1;

    private long read(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return receive(task, d, false, abi.word(a[1]), abi.word(a[2]), CURRENT, 0);
        } finally {
            d.release();
        }
    }

    private long write(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return send(task, d, false, abi.word(a[1]), abi.word(a[2]), CURRENT, 0);
        } finally {
            d.release();
        }
    }

    private long readv(Task task, long[] a) {
        return vectored(task, a, true, CURRENT, 0);
    }

    private long writev(Task task, long[] a) {
        return vectored(task, a, false, CURRENT, 0);
    }

    private long preadv(Task task, long[] a) {
        return vectored(task, a, true, position(abi.splitOffset(a, 3)), 0);
    }

    private long pwritev(Task task, long[] a) {
        return vectored(task, a, false, position(abi.splitOffset(a, 3)), 0);
    }

    private long preadv2(Task task, long[] a) {
        long offset = abi.splitOffset(a, 3);
        return vectored(task, a, true, offset == CURRENT ? offset : position(offset), (int) a[5]);
    }

    private long pwritev2(Task task, long[] a) {
        long offset = abi.splitOffset(a, 3);
        return vectored(task, a, false, offset == CURRENT ? offset : position(offset), (int) a[5]);
    }

    private static long position(long offset) {
        if (offset < 0) {
            throw new Errno(Errno.EINVAL);
        }
        return offset;
    }

    private long vectored(Task task, long[] a, boolean read, long offset, int flags) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return read
                    ? receive(task, d, true, abi.word(a[1]), (int) a[2], offset, flags)
                    : send(task, d, true, abi.word(a[1]), (int) a[2], offset, flags);
        } finally {
            d.release();
        }
    }

    private long pread64(Task task, long[] a) {
        long offset = position(abi.offset(a, 3));
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return receive(task, d, false, abi.word(a[1]), abi.word(a[2]), offset, 0);
        } finally {
            d.release();
        }
    }

    private long pwrite64(Task task, long[] a) {
        long offset = position(abi.offset(a, 3));
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return send(task, d, false, abi.word(a[1]), abi.word(a[2]), offset, 0);
        } finally {
            d.release();
        }
    }

    private Buffers buffers(Task task, boolean vector, long at, long length, long skip, boolean toGuest) {
        Buffers buffers = task.scratch().buffers(task);
        return vector
                ? buffers.vector(abi, at, length, skip, toGuest)
                : buffers.range(at + skip, length - skip, toGuest);
    }

    private long receive(Task task, Description d, boolean vector, long at, long length, long offset, int flags) {
        if (!vector && length < 0) {
            return -Errno.EINVAL;
        }
        if (d.hostBlocks() && d.waits()) {
            task.awaitReady(d.hostFd(), Linux.POLLIN);
        }
        if (d.terminal() != Terminal.NONE && !(d.extra() instanceof PtyMaster)) {
            Terminals terminals = task.kernel().terminals();
            terminals.checkForeground(task, terminals.find(d.terminal()), Signal.SIGTTIN);
        }
        long deadline = 0;
        for (; ; ) {
            Buffers b = buffers(task, vector, at, length, 0, true);
            long result;
            if (d.extra() instanceof Description.Source source) {
                result = source.read(task, b);
            } else if (d.hostBlocks() && d.waits()) {
                result = task.blocking(() -> hostRead(d, b, offset, flags));
            } else {
                result = hostRead(d, b, offset, flags);
            }
            if (result != -Errno.EAGAIN || !d.waits() || (flags & RWF_NOWAIT) != 0) {
                return result;
            }
            deadline = deadline == 0 ? Waiting.deadline(d.receiveTimeout()) : deadline;
            long failed = Waiting.untilReadable(task, d, deadline);
            if (failed != 0) {
                return failed;
            }
        }
    }

    private static final int RWF_NOWAIT = 8;

    private static long hostRead(Description d, Buffers b, long offset, int flags) {
        if (flags != 0) {
            return Syscall.call(SyscallNumber.PREADV2, d.hostFd(), b.iov(), b.count(), offset, 0, flags);
        }
        if (b.count() <= 1) {
            long memory = b.count() == 0 ? 0 : b.first();
            return offset == CURRENT
                    ? Syscall.call(SyscallNumber.READ, d.hostFd(), memory, b.total())
                    : Syscall.call(SyscallNumber.PREAD64, d.hostFd(), memory, b.total(), offset);
        }
        return offset == CURRENT
                ? Syscall.call(SyscallNumber.READV, d.hostFd(), b.iov(), b.count())
                : Syscall.call(SyscallNumber.PREADV, d.hostFd(), b.iov(), b.count(), offset, 0);
    }

    private static long hostWrite(Description d, Buffers b, long offset, int flags) {
        if (flags != 0) {
            return Syscall.call(SyscallNumber.PWRITEV2, d.hostFd(), b.iov(), b.count(), offset, 0, flags);
        }
        if (b.count() <= 1) {
            long memory = b.count() == 0 ? 0 : b.first();
            return offset == CURRENT
                    ? Syscall.call(SyscallNumber.WRITE, d.hostFd(), memory, b.total())
                    : Syscall.call(SyscallNumber.PWRITE64, d.hostFd(), memory, b.total(), offset);
        }
        return offset == CURRENT
                ? Syscall.call(SyscallNumber.WRITEV, d.hostFd(), b.iov(), b.count())
                : Syscall.call(SyscallNumber.PWRITEV, d.hostFd(), b.iov(), b.count(), offset, 0);
    }

    /** Writes all of it, as a descriptor that waits does, or what goes without waiting. */
    private long send(Task task, Description d, boolean vector, long at, long length, long offset, int flags) {
        if (!vector && length < 0) {
            return -Errno.EINVAL;
        }
        long done = 0;
        long deadline = 0;
        for (; ; ) {
            Buffers b;
            try {
                b = buffers(task, vector, at, length, done, false);
            } catch (BadAddress e) {
                if (done == 0) {
                    throw e;
                }
                return done;
            }
            long todo = b.total();
            if (todo == 0 && done != 0) {
                return done;
            }
            if (d.hostBlocks() && d.waits()) {
                int ready = task.poll(d.hostFd(), Linux.POLLOUT, Task.FOREVER);
                if (ready == Task.INTERRUPTED) {
                    return done != 0 ? done : -Errno.ERESTARTSYS;
                }
            }
            long from = offset == CURRENT ? offset : offset + done;
            long result = d.hostBlocks() && d.waits()
                    ? task.blocking(() -> hostWrite(d, b, from, flags))
                    : hostWrite(d, b, from, flags);
            boolean waits = d.waits() && (flags & RWF_NOWAIT) == 0;
            if (result >= 0) {
                if (d.kind() == Description.Kind.FILE || d.kind() == Description.Kind.INHERITED) {
                    task.memory().fileWritten(d.hostFd());
                } else if (d.extra() instanceof PtyMaster master) {
                    master.typed(task, d, b, result);
                }
                done += result;
                if (!waits || result == todo && (vector || done == length) || result == 0) {
                    return done;
                }
                continue;
            }
            if (result != -Errno.EAGAIN || !waits) {
                return done != 0 ? done : Waiting.signalBrokenPipe(task, result);
            }
            deadline = deadline == 0 ? Waiting.deadline(d.sendTimeout()) : deadline;
            long failed = Waiting.untilReady(task, d, Linux.POLLOUT, deadline);
            if (failed != 0) {
                return done != 0 ? done : failed;
            }
        }
    }

    private long lseek(Task task, long[] a) {
        long result = seek(task, (int) a[0], a[1], (int) a[2]);
        return abi.is32() && result > Integer.MAX_VALUE ? -Errno.EOVERFLOW : result;
    }

    /** {@code _llseek(fd, high, low, loff_t *result, whence)} of 32-bit ABIs. */
    private long llseek(Task task, long[] a) {
        long result = seek(task, (int) a[0], a[1] << 32 | a[2] & 0xffff_ffffL, (int) a[4]);
        if (result < 0) {
            return result;
        }
        task.memory().write(abi.word(a[3]), result, 8);
        return 0;
    }

    private static long seek(Task task, int fd, long offset, int whence) {
        Description d = task.files().acquireFile(fd);
        try {
            if (d.extra() instanceof ProcDirectory stream) {
                return stream.seek(offset, whence);
            }
            return Syscall.call(SyscallNumber.LSEEK, d.hostFd(), offset, whence);
        } finally {
            d.release();
        }
    }
}
