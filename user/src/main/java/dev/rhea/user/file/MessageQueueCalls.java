package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.process.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** POSIX message queues: the host's, as files are. mq_notify only takes a registration back. */
public final class MessageQueueCalls implements CallFamily {
    /** {@code struct mq_attr}: flags, most messages, bytes of each, messages now, four unused longs. */
    private static final int ATTRIBUTES = 8;

    private static final long SECOND = 1_000_000_000L;

    /** More than any queue's messages may have. */
    private static final int MOST_BYTES = 16 << 20;

    private final Abi abi;
    private final int word;

    public MessageQueueCalls(Abi abi) {
        this.abi = abi;
        word = abi.model().wordSize();
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "mq_open" -> this::open;
            case "mq_unlink" -> this::unlink;
            case "mq_timedsend" -> (t, a) -> send(t, a, word);
            case "mq_timedsend_time64" -> (t, a) -> send(t, a, 8);
            case "mq_timedreceive" -> (t, a) -> receive(t, a, word);
            case "mq_timedreceive_time64" -> (t, a) -> receive(t, a, 8);
            case "mq_getsetattr" -> this::attributes;
            case "mq_notify" -> this::silence;
            default -> null;
        };
    }

    private long name(Task task, long address) {
        long name = task.scratch().path(0);
        if (GuestString.copy(task.memory(), abi.model().bigEndian(), abi.word(address), name, Linux.PATH_MAX) < 0) {
            throw new Errno(Errno.ENAMETOOLONG);
        }
        return name;
    }

    private long open(Task task, long[] a) {
        int flags = (int) a[1];
        long name = name(task, a[0]);
        long given = 0;
        if (a[3] != 0 && (flags & Linux.O_CREAT) != 0) {
            given = task.scratch().struct();
            readAttributes(task, abi.word(a[3]), given);
        }
        ThreadDirectory.applyUmask(task);
        int fd = (int) Errno.check(Syscall.call(
                SyscallNumber.MQ_OPEN, name, flags | Linux.O_NONBLOCK | Linux.O_CLOEXEC, (int) a[2], given));
        return task.files()
                .install(
                        new Description(fd, Description.Kind.STREAM, (flags & Linux.O_NONBLOCK) != 0),
                        (flags & Linux.O_CLOEXEC) != 0);
    }

    private long unlink(Task task, long[] a) {
        return Syscall.call(SyscallNumber.MQ_UNLINK, name(task, a[0]));
    }

    private void readAttributes(Task task, long from, long to) {
        for (int i = 0; i < ATTRIBUTES; i++) {
            long value = task.memory().read(from + (long) i * word, word);
            RawMemory.putLong(to + 8L * i, word == 4 ? (int) value : value);
        }
    }

    /** The time, of CLOCK_REALTIME, at which a call gives up, as a deadline of ours. */
    private static long deadline(Task task, long address, int field) {
        if (address == 0) {
            return Task.FOREVER;
        }
        GuestMemory memory = task.memory();
        long seconds = field == 4 ? (int) memory.read(address, 4) : memory.read(address, 8);
        long nanos = memory.read(address + field, field);
        if (seconds < 0 || nanos < 0 || nanos >= SECOND) {
            throw new Errno(Errno.EINVAL);
        }
        Instant now = Instant.now();
        long left = seconds - now.getEpochSecond();
        return left > (Long.MAX_VALUE >> 2) / SECOND
                ? Task.FOREVER
                : System.nanoTime() + left * SECOND + nanos - now.getNano();
    }

    /** Until the queue is worth another try. */
    private static void await(Task task, Description d, int events, long deadline) {
        long failed = Waiting.untilReady(task, d, events, deadline);
        if (failed == -Errno.EAGAIN && !d.nonBlocking()) {
            throw new Errno(Errno.ETIMEDOUT);
        }
        if (failed != 0) {
            throw new Errno((int) -failed);
        }
    }

    private long send(Task task, long[] a, int field) {
        long length = abi.word(a[2]);
        long deadline = deadline(task, abi.word(a[4]), field);
        Description d = task.files().acquireFile((int) a[0]);
        if (length < 0 || length > MOST_BYTES) {
            d.release();
            return -Errno.EMSGSIZE;
        }
        long memory = RawMemory.allocate(length + 1);
        try {
            byte[] bytes = new byte[(int) length];
            task.memory().read(abi.word(a[1]), bytes, 0, bytes.length);
            RawMemory.copyIn(bytes, 0, memory, bytes.length);
            for (; ; ) {
                long result =
                        Syscall.call(SyscallNumber.MQ_TIMEDSEND, d.hostFd(), memory, length, a[3] & 0xffff_ffffL, 0, 0);
                if (result != -Errno.EAGAIN) {
                    return result;
                }
                await(task, d, Linux.POLLOUT, deadline);
            }
        } finally {
            RawMemory.free(memory);
            d.release();
        }
    }

    private long receive(Task task, long[] a, int field) {
        long given = abi.word(a[2]);
        long length = Long.compareUnsigned(given, MOST_BYTES) > 0 ? MOST_BYTES : given;
        long deadline = deadline(task, abi.word(a[4]), field);
        Description d = task.files().acquireFile((int) a[0]);
        long memory = RawMemory.allocate(length + 1);
        try {
            long priority = task.scratch().struct();
            for (; ; ) {
                long result = Syscall.call(SyscallNumber.MQ_TIMEDRECEIVE, d.hostFd(), memory, length, priority, 0, 0);
                if (result >= 0) {
                    byte[] bytes = new byte[(int) result];
                    RawMemory.copyOut(memory, bytes, 0, bytes.length);
                    task.memory().write(abi.word(a[1]), bytes, 0, bytes.length);
                    if (a[3] != 0) {
                        task.memory().write(abi.word(a[3]), RawMemory.getInt(priority), 4);
                    }
                }
                if (result != -Errno.EAGAIN) {
                    return result;
                }
                await(task, d, Linux.POLLIN, deadline);
            }
        } finally {
            RawMemory.free(memory);
            d.release();
        }
    }

    private long attributes(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            long old = task.scratch().struct();
            long result = Syscall.call(SyscallNumber.MQ_GETSETATTR, d.hostFd(), 0, old);
            if (result < 0) {
                return result;
            }
            RawMemory.putLong(old, d.nonBlocking() ? Linux.O_NONBLOCK : 0);
            if (a[1] != 0) {
                long flags = task.memory().read(abi.word(a[1]), word);
                if ((flags & ~Linux.O_NONBLOCK) != 0) {
                    return -Errno.EINVAL;
                }
                d.setNonBlocking(flags != 0);
            }
            if (a[2] != 0) {
                for (int i = 0; i < ATTRIBUTES; i++) {
                    long value = i < 4 ? RawMemory.getLong(old + 8L * i) : 0;
                    task.memory().write(abi.word(a[2]) + (long) i * word, value, word);
                }
            }
            return 0;
        } finally {
            d.release();
        }
    }

    /** The host's signals would reach the JVM, not the guest: nobody is ever registered. */
    private long silence(Task task, long[] a) {
        if (a[1] != 0) {
            return -Errno.ENOSYS;
        }
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return Syscall.call(SyscallNumber.MQ_NOTIFY, d.hostFd(), 0);
        } finally {
            d.release();
        }
    }
}
