package dev.rhea.user.file.socket;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.GuestTimes;
import dev.rhea.user.file.Linux;
import dev.rhea.user.file.OpenCalls;
import dev.rhea.user.file.ThreadDirectory;
import dev.rhea.user.file.Waiting;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** The calls on sockets. */
public final class SocketCalls implements CallFamily {
    private static final int SOCK_FLAGS = Linux.O_NONBLOCK | Linux.O_CLOEXEC;
    private static final int RETRY_NANOS = 5_000_000;

    private final Abi abi;
    private final Messages messages;
    private final SocketOptions options;
    private final int messageVectorSize;

    public SocketCalls(Abi abi) {
        this.abi = abi;
        messages = new Messages(abi);
        options = new SocketOptions(abi);
        int word = abi.model().wordSize();
        messageVectorSize = messages.guest.size() + 4 + word - 1 & -word;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "socket" -> this::socket;
            case "socketpair" -> this::socketpair;
            case "bind" -> this::bind;
            case "listen" -> (t, a) -> on(t, a, d -> Syscall.call(SyscallNumber.LISTEN, d.hostFd(), (int) a[1]));
            case "accept" -> (t, a) -> accept(t, a, 0);
            case "accept4" -> (t, a) -> accept(t, a, (int) a[3]);
            case "connect" -> this::connect;
            case "getsockname" -> (t, a) -> name(t, a, SyscallNumber.GETSOCKNAME);
            case "getpeername" -> (t, a) -> name(t, a, SyscallNumber.GETPEERNAME);
            case "shutdown" -> (t, a) -> on(t, a, d -> Syscall.call(SyscallNumber.SHUTDOWN, d.hostFd(), (int) a[1]));
            case "getsockopt" ->
                (t, a) -> on(t, a, d -> options.get(t, d, (int) a[1], (int) a[2], abi.word(a[3]), abi.word(a[4])));
            case "setsockopt" ->
                (t, a) -> on(t, a, d -> options.set(t, d, (int) a[1], (int) a[2], abi.word(a[3]), (int) a[4]));
            case "send" ->
                (t, a) -> on(t, a, d -> messages.sendTo(t, d, abi.word(a[1]), abi.word(a[2]), (int) a[3], 0, 0));
            case "sendto" ->
                (t, a) -> on(
                        t,
                        a,
                        d -> messages.sendTo(
                                t, d, abi.word(a[1]), abi.word(a[2]), (int) a[3], abi.word(a[4]), (int) a[5]));
            case "recv" ->
                (t, a) -> on(t, a, d -> messages.receiveFrom(t, d, abi.word(a[1]), abi.word(a[2]), (int) a[3], 0, 0));
            case "recvfrom" ->
                (t, a) -> on(
                        t,
                        a,
                        d -> messages.receiveFrom(
                                t, d, abi.word(a[1]), abi.word(a[2]), (int) a[3], abi.word(a[4]), abi.word(a[5])));
            case "sendmsg" -> (t, a) -> on(t, a, d -> messages.sendMessage(t, d, abi.word(a[1]), (int) a[2]));
            case "recvmsg" -> (t, a) -> on(t, a, d -> messages.receiveMessage(t, d, abi.word(a[1]), (int) a[2]));
            case "sendmmsg" -> (t, a) -> on(t, a, d -> sendMany(t, d, a));
            case "recvmmsg" -> (t, a) -> on(t, a, d -> receiveMany(t, d, a, abi.time));
            case "recvmmsg_time64" -> (t, a) -> on(t, a, d -> receiveMany(t, d, a, abi.time64));
            default -> null;
        };
    }

    private interface OnDescription {
        long run(Description d);
    }

    private static long on(Task task, long[] a, OnDescription call) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return call.run(d);
        } finally {
            d.release();
        }
    }

    private static Description made(long hostFd, int flags) {
        return new Description((int) hostFd, Description.Kind.SOCKET, (flags & Linux.O_NONBLOCK) != 0);
    }

    private long socket(Task task, long[] a) {
        int type = (int) a[1];
        long fd = Errno.check(Syscall.call(SyscallNumber.SOCKET, (int) a[0], type | SOCK_FLAGS, (int) a[2]));
        return task.files().install(made(fd, type), (type & Linux.O_CLOEXEC) != 0);
    }

    private long socketpair(Task task, long[] a) {
        int type = (int) a[1];
        long fds = task.scratch().struct();
        Errno.check(Syscall.call(SyscallNumber.SOCKETPAIR, (int) a[0], type | SOCK_FLAGS, (int) a[2], fds));
        return OpenCalls.installPair(
                task,
                made(RawMemory.getInt(fds), type),
                made(RawMemory.getInt(fds + 4), type),
                (type & Linux.O_CLOEXEC) != 0,
                abi.word(a[3]));
    }

    private long bind(Task task, long[] a) {
        return on(task, a, d -> {
            ThreadDirectory.applyUmask(task);
            long address = task.scratch().struct();
            int length = SocketAddress.toHost(task, abi, abi.word(a[1]), (int) a[2], address);
            return Syscall.call(SyscallNumber.BIND, d.hostFd(), address, length);
        });
    }

    private long accept(Task task, long[] a, int flags) {
        if ((flags & ~SOCK_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        Description d = task.files().acquireFile((int) a[0]);
        try {
            long address = task.scratch().struct();
            long length = task.scratch().struct2();
            long deadline = 0;
            for (; ; ) {
                RawMemory.putInt(length, SocketAddress.MAX);
                long fd = Syscall.call(SyscallNumber.ACCEPT4, d.hostFd(), address, length, SOCK_FLAGS);
                if (fd >= 0) {
                    Description made = made(fd, flags);
                    try {
                        SocketAddress.toGuest(
                                task, abi, address, RawMemory.getInt(length), abi.word(a[1]), abi.word(a[2]));
                    } catch (GuestMemory.BadAddress | Errno e) {
                        made.release();
                        throw e;
                    }
                    return task.files().install(made, (flags & Linux.O_CLOEXEC) != 0);
                }
                if (fd != -Errno.EAGAIN || !d.waits()) {
                    return fd;
                }
                deadline = deadline == 0 ? Waiting.deadline(d.receiveTimeout()) : deadline;
                long failed = Waiting.untilReady(task, d, Linux.POLLIN, deadline);
                if (failed != 0) {
                    return failed;
                }
            }
        } finally {
            d.release();
        }
    }

    private long connect(Task task, long[] a) {
        return on(task, a, d -> {
            long address = task.scratch().struct();
            long deadline = 0;
            for (; ; ) {
                int length = SocketAddress.toHost(task, abi, abi.word(a[1]), (int) a[2], address);
                long result = Syscall.call(SyscallNumber.CONNECT, d.hostFd(), address, length);
                boolean full = result == -Errno.EAGAIN; // a Unix socket's queue: nothing announces room in it
                if (!full && result != -Errno.EINPROGRESS && result != -Errno.EALREADY || !d.waits()) {
                    return result;
                }
                deadline = deadline == 0 ? Waiting.deadline(d.sendTimeout()) : deadline;
                if (full) {
                    long next = System.nanoTime() + RETRY_NANOS;
                    if (task.await(next) == Task.INTERRUPTED) {
                        return -Errno.ERESTARTSYS;
                    }
                    if (deadline != Task.FOREVER && next - deadline >= 0) {
                        return -Errno.EAGAIN;
                    }
                    continue;
                }
                long failed = Waiting.untilReady(task, d, Linux.POLLOUT, deadline);
                if (failed != 0) {
                    return failed == -Errno.EAGAIN ? -Errno.EINPROGRESS : failed;
                }
            }
        });
    }

    private long name(Task task, long[] a, int number) {
        return on(task, a, d -> {
            long address = task.scratch().struct();
            long length = task.scratch().struct2();
            RawMemory.putInt(length, SocketAddress.MAX);
            long result = Syscall.call(number, d.hostFd(), address, length);
            if (result == 0) {
                if (a[1] == 0) {
                    return -Errno.EFAULT;
                }
                SocketAddress.toGuest(task, abi, address, RawMemory.getInt(length), abi.word(a[1]), abi.word(a[2]));
            }
            return result;
        });
    }

    private long sendMany(Task task, Description d, long[] a) {
        int count = Math.min((int) Math.min(a[2] & 0xffff_ffffL, Linux.IOV_MAX), Linux.IOV_MAX);
        int sent = 0;
        for (; sent < count; sent++) {
            long message = abi.word(a[1]) + (long) sent * messageVectorSize;
            long result;
            try {
                result = messages.sendMessage(task, d, message, (int) a[3]);
                if (result >= 0) {
                    task.memory().write(message + messages.guest.size(), result, 4);
                }
            } catch (GuestMemory.BadAddress | Errno e) {
                if (sent == 0) {
                    throw e;
                }
                break;
            }
            if (result < 0) {
                return sent == 0 ? result : sent;
            }
        }
        return sent;
    }

    private long receiveMany(Task task, Description d, long[] a, Layout<Abi.Time> time) {
        int count = (int) Math.min(a[2] & 0xffff_ffffL, Linux.IOV_MAX);
        int flags = (int) a[3];
        long timeout = abi.word(a[4]);
        long deadline =
                timeout == 0 ? Task.FOREVER : GuestTimes.deadlineIn(GuestTimes.read(abi, task.memory(), time, timeout));
        int received = 0;
        while (received < count) {
            long message = abi.word(a[1]) + (long) received * messageVectorSize;
            int now = flags & ~Messages.MSG_WAITFORONE
                    | (received > 0 && (flags & Messages.MSG_WAITFORONE) != 0 ? Messages.MSG_DONTWAIT : 0);
            long result;
            try {
                result = messages.receiveMessage(task, d, message, now);
                if (result >= 0) {
                    task.memory().write(message + messages.guest.size(), result, 4);
                }
            } catch (GuestMemory.BadAddress | Errno e) {
                if (received == 0) {
                    throw e;
                }
                break;
            }
            if (result < 0) {
                return received == 0 ? result : received;
            }
            received++;
            // As in Linux, the timeout is looked at only after each message.
            if (deadline != Task.FOREVER && GuestTimes.left(deadline) == 0) {
                break;
            }
        }
        if (timeout != 0 && received > 0) {
            GuestTimes.write(task.memory(), time, timeout, GuestTimes.left(deadline));
        }
        return received;
    }
}
