package dev.rhea.user.ipc;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.ipc.IpcLayouts.Ds;
import dev.rhea.user.process.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** msgget, msgsnd, msgrcv, msgctl. */
public final class QueueCalls implements CallFamily {
    private static final int IPC_RMID = 0;
    private static final int IPC_SET = 1;
    private static final int IPC_STAT = 2;
    private static final int IPC_64 = 0x100;
    private static final int MSG_NOERROR = 010000;
    private static final int MSG_EXCEPT = 020000;
    private static final int MSG_COPY = 040000;

    /** Linux's MSGMAX and MSGMNB, in bytes. */
    private static final int MOST_IN_MESSAGE = 8192;

    private static final int MOST_IN_QUEUE = 16384;

    private record Message(long type, byte[] text) {}

    private static final class Queue extends IpcObject {
        final List<Message> messages = new ArrayList<>();
        long bytes;
        long limit = MOST_IN_QUEUE;
        long sent;
        long received;
        int sender;
        int receiver;

        Queue(int key, int id, int mode, int creator) {
            super(key, id, mode, creator);
        }
    }

    private final IpcTable<Queue> queues = new IpcTable<>();
    private final IpcLayouts layouts;
    private final int word;

    public QueueCalls(LinuxAbi abi) {
        layouts = new IpcLayouts(DataModel.of(abi), abi.wordSize() == 4);
        word = abi.wordSize();
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "msgget" -> this::msgget;
            case "msgsnd" -> this::msgsnd;
            case "msgrcv" -> this::msgrcv;
            case "msgctl" -> this::msgctl;
            default -> null;
        };
    }

    private synchronized long msgget(Task task, long[] a) {
        return queues.get(
                        (int) a[0],
                        (int) a[1],
                        id -> new Queue(
                                (int) a[0], id, (int) a[1], task.process().pid()))
                .id;
    }

    private long signed(long value) {
        return word == 4 ? (int) value : value;
    }

    private synchronized Queue find(long id) {
        return queues.find((int) id);
    }

    /** Waits for a change; throws where it is cut short. With the lock just let go. */
    private void sleep(Task task, Queue queue) {
        int how = task.await(Task.FOREVER);
        synchronized (this) {
            queue.sleepers.remove(task);
            if (how == Task.INTERRUPTED && !queue.removed) {
                throw new Errno(Errno.ERESTARTNOHAND);
            }
        }
    }

    private long msgsnd(Task task, long[] a) {
        long size = task.address(a[2]);
        if (size < 0 || size > MOST_IN_MESSAGE || (int) a[0] < 0) {
            return -Errno.EINVAL;
        }
        GuestMemory memory = task.memory();
        long at = task.address(a[1]);
        long type = signed(memory.read(at, word));
        if (type < 1) {
            return -Errno.EINVAL;
        }
        byte[] text = new byte[(int) size];
        memory.read(at + word, text, 0, text.length);
        Queue queue = find(a[0]);
        for (; ; ) {
            synchronized (this) {
                if (queue.removed) {
                    return -Errno.EIDRM;
                }
                if (queue.bytes + size <= queue.limit && queue.messages.size() + 1 <= queue.limit) {
                    queue.messages.add(new Message(type, text));
                    queue.bytes += size;
                    queue.sent = IpcObject.now();
                    queue.sender = task.process().pid();
                    queue.wake();
                    return 0;
                }
                if (((int) a[3] & IpcTable.IPC_NOWAIT) != 0) {
                    return -Errno.EAGAIN;
                }
                queue.sleepers.put(task, 0);
            }
            sleep(task, queue);
        }
    }

    private long msgrcv(Task task, long[] a) {
        long size = signed(a[2]);
        int flags = (int) a[4];
        if (size < 0 || (int) a[0] < 0) {
            return -Errno.EINVAL;
        }
        if ((flags & MSG_COPY) != 0) {
            return -Errno.ENOSYS; // as where checkpointing is not configured
        }
        Queue queue = find(a[0]);
        for (; ; ) {
            synchronized (this) {
                if (queue.removed) {
                    return -Errno.EIDRM;
                }
                Message message = choose(queue, signed(a[3]), flags);
                if (message != null) {
                    return take(task, queue, message, task.address(a[1]), size, flags);
                }
                if ((flags & IpcTable.IPC_NOWAIT) != 0) {
                    return -Errno.ENOMSG;
                }
                queue.sleepers.put(task, 0);
            }
            sleep(task, queue);
        }
    }

    private static @Nullable Message choose(Queue queue, long type, int flags) {
        Message lowest = null;
        for (Message message : queue.messages) {
            boolean fits = type == 0
                    || type > 0 && (message.type == type) == ((flags & MSG_EXCEPT) == 0)
                    || type < 0 && message.type <= (type == Long.MIN_VALUE ? Long.MAX_VALUE : -type);
            if (fits && type >= 0) {
                return message;
            }
            if (fits && (lowest == null || message.type < lowest.type)) {
                lowest = message;
            }
        }
        return lowest;
    }

    private long take(Task task, Queue queue, Message message, long to, long size, int flags) {
        if (message.text.length > size && (flags & MSG_NOERROR) == 0) {
            return -Errno.E2BIG;
        }
        // As in Linux, a message that cannot be stored is lost.
        queue.messages.remove(message);
        queue.bytes -= message.text.length;
        queue.received = IpcObject.now();
        queue.receiver = task.process().pid();
        queue.wake();
        int length = (int) Math.min(size, message.text.length);
        task.memory().write(to, message.type, word);
        task.memory().write(to + word, message.text, 0, length);
        return length;
    }

    private synchronized long msgctl(Task task, long[] a) {
        Queue queue = queues.find((int) a[0]);
        long argument = task.address(a[2]);
        GuestMemory memory = task.memory();
        switch ((int) a[1] & ~IPC_64) {
            case IPC_STAT -> {
                IpcLayouts.begin(task, layouts.queue, argument, queue, 0);
                layouts.queue.put(memory, argument, Ds.TIME1, queue.sent);
                layouts.queue.put(memory, argument, Ds.TIME2, queue.received);
                layouts.queue.put(memory, argument, Ds.TIME3, queue.changed);
                layouts.queue.put(memory, argument, Ds.COUNT1, queue.bytes);
                layouts.queue.put(memory, argument, Ds.COUNT2, queue.messages.size());
                layouts.queue.put(memory, argument, Ds.COUNT3, queue.limit);
                layouts.queue.put(memory, argument, Ds.PID1, queue.sender);
                layouts.queue.put(memory, argument, Ds.PID2, queue.receiver);
            }
            case IPC_SET -> {
                long limit = layouts.queue.get(memory, argument, Ds.COUNT3);
                if (limit > MOST_IN_QUEUE && !task.kernel().credentials().privileged()) {
                    return -Errno.EPERM;
                }
                queue.limit = limit;
                queue.mode = (int) layouts.queue.get(memory, argument, Ds.MODE) & 0777;
                queue.changed = IpcObject.now();
                queue.wake();
            }
            case IPC_RMID -> queues.remove(queue);
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }
}
