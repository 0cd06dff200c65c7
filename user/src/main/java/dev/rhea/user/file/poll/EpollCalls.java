package dev.rhea.user.file.poll;

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
import dev.rhea.user.file.Scratch;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** epoll: the host's, which watches the host's descriptors; the guest's data goes through it untouched. */
public final class EpollCalls implements CallFamily {
    /** Members of {@code struct epoll_event}. */
    enum Event {
        EVENTS,
        DATA
    }

    private static final int EM_X86_64 = 62;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int MILLISECOND = 1_000_000;
    private static final int MAX_EVENTS = Integer.MAX_VALUE / 16;

    private static final Layout<Event> HOST = event("amd64".equals(System.getProperty("os.arch")), DataModel.HOST);

    private final Abi abi;
    private final Layout<Event> guest;

    public EpollCalls(Abi abi) {
        this.abi = abi;
        guest = event(abi.linux().elfMachine() == EM_X86_64, abi.model());
    }

    /** x86-64 alone packs it. */
    private static Layout<Event> event(boolean packed, DataModel model) {
        Struct<Event> struct = new Struct<>(Event.class).u32(Event.EVENTS).u64(Event.DATA);
        return (packed ? struct.packed() : struct).in(model);
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "epoll_create1" -> (t, a) -> create(t, (int) a[0]);
            case "epoll_create" -> (t, a) -> (int) a[0] <= 0 ? -Errno.EINVAL : create(t, 0);
            case "epoll_ctl" -> this::control;
            case "epoll_wait" -> (t, a) -> await(t, a, milliseconds(a[3]));
            case "epoll_pwait" ->
                (t, a) -> {
                    SignalMask.apply(abi, t, abi.word(a[4]), a[5]);
                    return await(t, a, milliseconds(a[3]));
                };
            case "epoll_pwait2" ->
                (t, a) -> {
                    long timeout = abi.word(a[3]);
                    long deadline = timeout == 0
                            ? Task.FOREVER
                            : GuestTimes.deadlineIn(GuestTimes.read(abi, t.memory(), abi.time64, timeout));
                    SignalMask.apply(abi, t, abi.word(a[4]), a[5]);
                    return await(t, a, deadline);
                };
            default -> null;
        };
    }

    private static long milliseconds(long timeout) {
        return (int) timeout < 0 ? Task.FOREVER : GuestTimes.deadlineIn((int) timeout * (long) MILLISECOND);
    }

    private static long create(Task task, int flags) {
        if ((flags & ~Linux.O_CLOEXEC) != 0) {
            return -Errno.EINVAL;
        }
        int fd = (int) Errno.check(Syscall.call(SyscallNumber.EPOLL_CREATE1, Linux.O_CLOEXEC));
        return task.files()
                .install(new Description(fd, Description.Kind.STREAM, false), (flags & Linux.O_CLOEXEC) != 0);
    }

    private long control(Task task, long[] a) {
        long host = 0;
        if ((int) a[1] != EPOLL_CTL_DEL) {
            long from = abi.word(a[3]);
            host = task.scratch().struct();
            HOST.putHost(host, Event.EVENTS, guest.get(task.memory(), from, Event.EVENTS));
            HOST.putHost(host, Event.DATA, guest.get(task.memory(), from, Event.DATA));
        }
        Description epoll = task.files().acquireFile((int) a[0]);
        try {
            Description watched = task.files().acquireFile((int) a[2]);
            try {
                return Syscall.call(SyscallNumber.EPOLL_CTL, epoll.hostFd(), (int) a[1], watched.hostFd(), host);
            } finally {
                watched.release();
            }
        } finally {
            epoll.release();
        }
    }

    private long await(Task task, long[] a, long deadline) {
        int wanted = (int) a[2];
        if (wanted <= 0 || wanted > MAX_EVENTS) {
            return -Errno.EINVAL;
        }
        long host = task.scratch().struct(); // and struct2 behind it
        int most = Math.min(wanted, 2 * Scratch.STRUCT_SIZE / HOST.size());
        Description epoll = task.files().acquireFile((int) a[0]);
        try {
            for (; ; ) {
                long found = Syscall.call(SyscallNumber.EPOLL_PWAIT, epoll.hostFd(), host, most, 0, 0, 8);
                if (found != 0) {
                    return found < 0 ? found : deliver(task.memory(), host, abi.word(a[1]), (int) found);
                }
                int ready = task.poll(epoll.hostFd(), Linux.POLLIN, deadline);
                if (ready == Task.INTERRUPTED) {
                    return -Errno.EINTR;
                }
                if (ready == 0 && deadline != Task.FOREVER) {
                    return 0;
                }
            }
        } finally {
            epoll.release();
        }
    }

    private long deliver(GuestMemory memory, long host, long to, int found) {
        for (int i = 0; i < found; i++) {
            long from = host + (long) i * HOST.size();
            long at = to + (long) i * guest.size();
            guest.put(memory, at, Event.EVENTS, RawMemory.getInt(from));
            guest.put(memory, at, Event.DATA, HOST.getHost(from, Event.DATA));
        }
        return found;
    }
}
