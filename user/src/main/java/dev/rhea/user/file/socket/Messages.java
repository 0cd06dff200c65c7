package dev.rhea.user.file.socket;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.GuestMemory.BadAddress;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Buffers;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.Linux;
import dev.rhea.user.file.Scratch;
import dev.rhea.user.file.Waiting;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Task;
import java.util.List;

/** Sending and receiving of messages: all of send, sendto, sendmsg, recv, recvfrom and recvmsg comes down to this. */
final class Messages {
    /** Members of {@code struct msghdr}. */
    enum Header {
        NAME,
        NAME_LENGTH,
        IOV,
        IOV_COUNT,
        CONTROL,
        CONTROL_LENGTH,
        FLAGS
    }

    static final int MSG_PEEK = 2;
    static final int MSG_CTRUNC = 8;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_WAITALL = 0x100;
    static final int MSG_ERRQUEUE = 0x2000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_WAITFORONE = 0x10000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private static final Layout<Header> HOST = layout(DataModel.HOST);
    /** Where the address lies behind the host's header. */
    private static final int NAME_AT = 64;

    private static Layout<Header> layout(DataModel model) {
        return new Struct<>(Header.class)
                .word(Header.NAME)
                .u32(Header.NAME_LENGTH)
                .word(Header.IOV, Header.IOV_COUNT, Header.CONTROL, Header.CONTROL_LENGTH)
                .u32(Header.FLAGS)
                .in(model);
    }

    private final Abi abi;
    private final ControlMessages control;
    final Layout<Header> guest;

    Messages(Abi abi) {
        this.abi = abi;
        control = new ControlMessages(abi);
        guest = layout(abi.model());
    }

    /** The guest's buffers of a message: one, or a vector. */
    private Buffers buffers(Task task, boolean vector, long at, long length, long skip, boolean toGuest) {
        Buffers b = task.scratch().buffers(task);
        return vector ? b.vector(abi, at, length, skip, toGuest) : b.range(at + skip, length - skip, toGuest);
    }

    /** send and sendto. */
    long sendTo(Task task, Description d, long at, long length, int flags, long name, int nameLength) {
        return send(task, d, false, at, length, flags, name, nameLength, 0, 0);
    }

    /** sendmsg. @param message address of the guest's {@code struct msghdr} */
    long sendMessage(Task task, Description d, long message, int flags) {
        GuestMemory memory = task.memory();
        long count = guest.get(memory, message, Header.IOV_COUNT);
        if (count < 0 || count > Linux.IOV_MAX) {
            return -Errno.EMSGSIZE;
        }
        return send(
                task,
                d,
                true,
                guest.get(memory, message, Header.IOV),
                count,
                flags,
                guest.get(memory, message, Header.NAME),
                (int) guest.get(memory, message, Header.NAME_LENGTH),
                guest.get(memory, message, Header.CONTROL),
                guest.get(memory, message, Header.CONTROL_LENGTH));
    }

    private long send(
            Task task,
            Description d,
            boolean vector,
            long at,
            long length,
            int flags,
            long name,
            int nameLength,
            long controlAt,
            long controlLength) {
        long header = task.scratch().struct();
        List<Description> travelling = ControlMessages.none();
        boolean waits = d.waits() && (flags & MSG_DONTWAIT) == 0;
        long done = 0;
        long deadline = 0;
        try {
            RawMemory.fill(header, NAME_AT, (byte) 0);
            if (name != 0 && nameLength != 0) {
                HOST.putHost(header, Header.NAME, header + NAME_AT);
                HOST.putHost(
                        header,
                        Header.NAME_LENGTH,
                        SocketAddress.toHost(task, abi, name, nameLength, header + NAME_AT));
            }
            if (controlAt != 0 && controlLength != 0) {
                long to = task.scratch().struct2();
                HOST.putHost(header, Header.CONTROL, to);
                HOST.putHost(
                        header, Header.CONTROL_LENGTH, control.toHost(task, controlAt, controlLength, to, travelling));
            }
            for (; ; ) {
                Buffers b = buffers(task, vector, at, length, done, false);
                if (!vector
                        && b.total() < length - done
                        && d.kind() == Description.Kind.SOCKET
                        && b.total() < Linux.MAX_RW_COUNT) {
                    throw new BadAddress(at + done + b.total()); // a datagram must not lose its end
                }
                HOST.putHost(header, Header.IOV, b.iov());
                HOST.putHost(header, Header.IOV_COUNT, b.count());
                long todo = b.total();
                long result =
                        Syscall.call(SyscallNumber.SENDMSG, d.hostFd(), header, flags | MSG_NOSIGNAL | MSG_DONTWAIT);
                if (result >= 0) {
                    done += result;
                    if (!waits || result == todo || result == 0) {
                        return done;
                    }
                    HOST.putHost(header, Header.CONTROL_LENGTH, 0); // went along with the first bytes
                    continue;
                }
                if (result != -Errno.EAGAIN || !waits) {
                    if (done != 0) {
                        return done;
                    }
                    return (flags & MSG_NOSIGNAL) != 0 ? result : Waiting.signalBrokenPipe(task, result);
                }
                deadline = deadline == 0 ? Waiting.deadline(d.sendTimeout()) : deadline;
                long failed = Waiting.untilReady(task, d, Linux.POLLOUT, deadline);
                if (failed != 0) {
                    return done != 0 ? done : failed;
                }
            }
        } catch (BadAddress e) {
            if (done == 0) {
                throw e;
            }
            return done;
        } finally {
            ControlMessages.release(travelling);
        }
    }

    /** recv and recvfrom. */
    long receiveFrom(Task task, Description d, long at, long length, int flags, long name, long nameLengthAt) {
        long header = task.scratch().struct();
        long result = receive(task, d, false, at, length, flags, name != 0, 0);
        if (result >= 0 && name != 0) {
            int got = (int) HOST.getHost(header, Header.NAME_LENGTH);
            SocketAddress.toGuest(task, abi, header + NAME_AT, got, name, nameLengthAt);
        }
        return result;
    }

    /** recvmsg. @param message address of the guest's {@code struct msghdr} */
    long receiveMessage(Task task, Description d, long message, int flags) {
        GuestMemory memory = task.memory();
        long count = guest.get(memory, message, Header.IOV_COUNT);
        if (count < 0 || count > Linux.IOV_MAX) {
            return -Errno.EMSGSIZE;
        }
        long name = guest.get(memory, message, Header.NAME);
        int room = (int) guest.get(memory, message, Header.NAME_LENGTH);
        if (name != 0 && room < 0) {
            return -Errno.EINVAL;
        }
        long controlAt = guest.get(memory, message, Header.CONTROL);
        long controlRoom = controlAt == 0 ? 0 : guest.get(memory, message, Header.CONTROL_LENGTH);
        long result =
                receive(task, d, true, guest.get(memory, message, Header.IOV), count, flags, name != 0, controlRoom);
        if (result < 0) {
            return result;
        }
        long header = task.scratch().struct();
        int got = (int) HOST.getHost(header, Header.NAME_LENGTH);
        int messageFlags = (int) HOST.getHost(header, Header.FLAGS);
        int controlGot = (int) HOST.getHost(header, Header.CONTROL_LENGTH);
        if (name != 0) {
            SocketAddress.write(task, abi, header + NAME_AT, got, name, room);
            guest.put(memory, message, Header.NAME_LENGTH, got);
        }
        int controlUsed = 0;
        if (controlGot != 0) {
            ControlMessages.Received received = control.toGuest(
                    task,
                    task.scratch().struct2(),
                    controlGot,
                    controlAt,
                    controlRoom,
                    (flags & MSG_CMSG_CLOEXEC) != 0);
            controlUsed = received.length();
            messageFlags |= received.truncated() ? MSG_CTRUNC : 0;
        }
        guest.put(memory, message, Header.CONTROL_LENGTH, controlUsed);
        guest.put(memory, message, Header.FLAGS, messageFlags & ~MSG_CMSG_CLOEXEC | flags & MSG_CMSG_CLOEXEC);
        return result;
    }

    private long receive(
            Task task,
            Description d,
            boolean vector,
            long at,
            long length,
            int flags,
            boolean wantsName,
            long controlRoom) {
        long header = task.scratch().struct();
        boolean waits = d.waits() && (flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) == 0;
        boolean all = waits && (flags & MSG_WAITALL) != 0 && (flags & MSG_PEEK) == 0 && controlRoom == 0;
        long done = 0;
        long deadline = 0;
        try {
            for (; ; ) {
                Buffers b = buffers(task, vector, at, length, done, true);
                long wanted = b.total();
                RawMemory.fill(header, NAME_AT, (byte) 0);
                if (wantsName) {
                    HOST.putHost(header, Header.NAME, header + NAME_AT);
                    HOST.putHost(header, Header.NAME_LENGTH, SocketAddress.MAX);
                }
                if (controlRoom != 0) {
                    HOST.putHost(header, Header.CONTROL, task.scratch().struct2());
                    // The host's headers may be larger than a 32-bit guest's; what then does not fit is cut off later.
                    HOST.putHost(
                            header,
                            Header.CONTROL_LENGTH,
                            Math.min(abi.is32() ? 2 * controlRoom : controlRoom, Scratch.STRUCT_SIZE));
                }
                HOST.putHost(header, Header.IOV, b.iov());
                HOST.putHost(header, Header.IOV_COUNT, b.count());
                long result = Syscall.call(
                        SyscallNumber.RECVMSG, d.hostFd(), header, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
                if (result >= 0) {
                    done += result;
                    if (!all || result == 0 || result == wanted) {
                        return done;
                    }
                    continue;
                }
                if (result != -Errno.EAGAIN || !waits) {
                    return done != 0 ? done : result;
                }
                deadline = deadline == 0 ? Waiting.deadline(d.receiveTimeout()) : deadline;
                long failed = Waiting.untilReady(task, d, Linux.POLLIN, deadline);
                if (failed != 0) {
                    return done != 0 ? done : failed;
                }
            }
        } catch (BadAddress e) {
            if (done == 0) {
                throw e;
            }
            return done;
        }
    }
}
