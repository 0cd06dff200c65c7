package dev.rhea.user.ipc;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.ipc.IpcLayouts.Ds;
import dev.rhea.user.process.Process;
import dev.rhea.user.process.Task;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** semget, semop, semtimedop, semctl. */
public final class SemaphoreCalls implements CallFamily {
    private static final int IPC_RMID = 0;
    private static final int IPC_SET = 1;
    private static final int IPC_STAT = 2;
    private static final int GETPID = 11;
    private static final int GETVAL = 12;
    private static final int GETALL = 13;
    private static final int GETNCNT = 14;
    private static final int GETZCNT = 15;
    private static final int SETVAL = 16;
    private static final int SETALL = 17;
    private static final int IPC_64 = 0x100;
    private static final int SEM_UNDO = 0x1000;

    /** Linux's SEMMSL, SEMOPM and SEMVMX. */
    private static final int MOST_IN_SET = 32000;

    private static final int MOST_OPERATIONS = 500;
    private static final int MOST_VALUE = 32767;
    private static final int SEMBUF = 6;
    private static final long SECOND = 1_000_000_000L;

    private static final class SemaphoreSet extends IpcObject {
        final int[] values;
        final int[] pids;
        long used;

        /** In the order in which they came. */
        final Map<Task, Sleeper> pending = new LinkedHashMap<>(0);

        SemaphoreSet(int key, int id, int mode, int creator, int count) {
            super(key, id, mode, creator);
            values = new int[count];
            pids = new int[count];
        }

        @Override
        void wake() {
            pending.keySet().forEach(Task::wake);
        }
    }

    /** Whose operations are done by whoever makes them possible, so that nobody ever sees values that are promised already. */
    private static final class Sleeper {
        final Operation[] operations;

        /** n + 1 where semaphore n is too low, -(n + 1) where it has to become 0. */
        int reason;

        boolean done;
        long result;

        Sleeper(Operation[] operations) {
            this.operations = operations;
        }
    }

    private record Operation(int semaphore, int change, int flags) {}

    private final IpcTable<SemaphoreSet> sets = new IpcTable<>();

    /** What SEM_UNDO adds at a process's end. */
    private final Map<Process, Map<SemaphoreSet, int[]>> undos = new HashMap<>();

    private final IpcLayouts layouts;
    private final int word;

    public SemaphoreCalls(LinuxAbi abi) {
        layouts = new IpcLayouts(DataModel.of(abi), abi.wordSize() == 4);
        word = abi.wordSize();
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "semget" -> this::semget;
            case "semop" -> (t, a) -> semop(t, a, Task.FOREVER);
            case "semtimedop" -> (t, a) -> semop(t, a, deadline(t, a[3], word));
            case "semtimedop_time64" -> (t, a) -> semop(t, a, deadline(t, a[3], 8));
            case "semctl" -> this::semctl;
            default -> null;
        };
    }

    private synchronized long semget(Task task, long[] a) {
        int count = (int) a[1];
        if (count < 0 || count > MOST_IN_SET) {
            return -Errno.EINVAL;
        }
        SemaphoreSet set = sets.get((int) a[0], (int) a[2], id -> {
            if (count == 0) {
                throw new Errno(Errno.EINVAL);
            }
            return new SemaphoreSet((int) a[0], id, (int) a[2], task.process().pid(), count);
        });
        return count > set.values.length ? -Errno.EINVAL : set.id;
    }

    private static long deadline(Task task, long address, int field) {
        long at = task.address(address);
        if (at == 0) {
            return Task.FOREVER;
        }
        long seconds = task.memory().read(at, field);
        long nanos = task.memory().read(at + field, field);
        if (seconds < 0 || nanos < 0 || nanos >= SECOND) {
            throw new Errno(Errno.EINVAL);
        }
        long now = System.nanoTime();
        return seconds > (Long.MAX_VALUE >> 1) / SECOND ? Task.FOREVER : now + seconds * SECOND + nanos;
    }

    private long semop(Task task, long[] a, long deadline) {
        long count = a[2] & 0xffff_ffffL;
        if (count < 1) {
            return -Errno.EINVAL;
        }
        if (count > MOST_OPERATIONS) {
            return -Errno.E2BIG;
        }
        Operation[] operations = new Operation[(int) count];
        boolean undo = false;
        for (int i = 0; i < operations.length; i++) {
            long at = task.address(a[1]) + (long) i * SEMBUF;
            GuestMemory memory = task.memory();
            operations[i] = new Operation(
                    (int) memory.read(at, 2), (short) memory.read(at + 2, 2), (short) memory.read(at + 4, 2));
            undo |= (operations[i].flags & SEM_UNDO) != 0;
        }
        if (undo) {
            remember(task.process());
        }
        SemaphoreSet set;
        synchronized (this) {
            set = sets.find((int) a[0]);
        }
        Sleeper sleeper = new Sleeper(operations);
        synchronized (this) {
            if (set.removed) {
                return -Errno.EIDRM;
            }
            int blocked = attempt(task, set, operations);
            if (blocked == 0) {
                settle(set);
                return 0;
            }
            if ((operations[Math.abs(blocked) >>> 16].flags & IpcTable.IPC_NOWAIT) != 0) {
                return -Errno.EAGAIN;
            }
            sleeper.reason = reason(blocked);
            set.pending.put(task, sleeper);
        }
        while (true) {
            int how = task.await(deadline);
            synchronized (this) {
                if (sleeper.done) {
                    return sleeper.result;
                }
                if (set.removed || how <= 0) {
                    set.pending.remove(task);
                    return set.removed ? -Errno.EIDRM : how == 0 ? -Errno.EAGAIN : -Errno.EINTR;
                }
            }
        }
    }

    private static int reason(int blocked) {
        return (Math.abs(blocked) & 0xffff) * Integer.signum(blocked);
    }

    /** Values have changed: does what has become possible. */
    private void settle(SemaphoreSet set) {
        boolean again = true;
        while (again) {
            again = false;
            for (Iterator<Map.Entry<Task, Sleeper>> all = set.pending.entrySet().iterator(); all.hasNext(); ) {
                Map.Entry<Task, Sleeper> entry = all.next();
                Sleeper sleeper = entry.getValue();
                int blocked = 0;
                try {
                    blocked = attempt(entry.getKey(), set, sleeper.operations);
                } catch (Errno e) {
                    sleeper.result = e.result(); // ERANGE: its, not the waker's
                }
                if (blocked == 0) {
                    sleeper.done = true;
                    all.remove();
                    entry.getKey().wake();
                    again = true;
                } else {
                    sleeper.reason = reason(blocked);
                }
            }
        }
    }

    /**
     * Does all operations or none.
     *
     * @return 0, or what cannot be done now
     */
    private int attempt(Task task, SemaphoreSet set, Operation[] operations) {
        int[] values = set.values.clone();
        for (int i = 0; i < operations.length; i++) {
            Operation o = operations[i];
            if (o.semaphore >= values.length) {
                throw new Errno(Errno.EFBIG);
            }
            int value = values[o.semaphore] + o.change;
            if (value > MOST_VALUE) {
                throw new Errno(Errno.ERANGE);
            }
            if (o.change == 0 && value != 0) {
                return blocked(i, o, -1);
            }
            if (value < 0) {
                return blocked(i, o, 1);
            }
            values[o.semaphore] = value;
        }
        System.arraycopy(values, 0, set.values, 0, values.length);
        for (Operation o : operations) {
            set.pids[o.semaphore] = task.process().pid();
            if ((o.flags & SEM_UNDO) != 0) {
                undos.computeIfAbsent(task.process(), key -> new HashMap<>())
                        .computeIfAbsent(set, key -> new int[values.length])[o.semaphore] -= o.change;
            }
        }
        set.used = IpcObject.now();
        return 0;
    }

    private static int blocked(int index, Operation o, int sign) {
        return sign * (index << 16 | o.semaphore + 1);
    }

    /** Has the process's end undo. Without our lock: the kernel's, under which that is called, is the outer one. */
    private void remember(Process process) {
        synchronized (this) {
            if (undos.containsKey(process)) {
                return;
            }
            undos.put(process, new HashMap<>());
        }
        process.beforeEnd(() -> undo(process));
    }

    private synchronized void undo(Process process) {
        Map<SemaphoreSet, int[]> all = undos.remove(process);
        if (all == null) {
            return;
        }
        all.forEach((set, changes) -> {
            for (int i = 0; i < changes.length; i++) {
                if (changes[i] != 0) {
                    set.values[i] = Math.max(0, Math.min(MOST_VALUE, set.values[i] + changes[i]));
                    set.pids[i] = process.pid();
                }
            }
            settle(set);
        });
    }

    private synchronized long semctl(Task task, long[] a) {
        SemaphoreSet set = sets.find((int) a[0]);
        int semaphore = (int) a[1];
        int command = (int) a[2] & ~IPC_64;
        long argument = task.address(a[3]);
        GuestMemory memory = task.memory();
        boolean one =
                command == GETVAL || command == GETPID || command == GETNCNT || command == GETZCNT || command == SETVAL;
        if (one && (semaphore < 0 || semaphore >= set.values.length)) {
            return -Errno.EINVAL;
        }
        switch (command) {
            case GETVAL -> {
                return set.values[semaphore];
            }
            case GETPID -> {
                return set.pids[semaphore];
            }
            case GETNCNT, GETZCNT -> {
                int wanted = command == GETNCNT ? semaphore + 1 : -semaphore - 1;
                return set.pending.values().stream()
                        .filter(sleeper -> sleeper.reason == wanted)
                        .count();
            }
            case GETALL -> {
                for (int i = 0; i < set.values.length; i++) {
                    memory.write(argument + 2L * i, set.values[i], 2);
                }
            }
            case SETVAL -> set(task, set, semaphore, (int) a[3]);
            case SETALL -> {
                int[] values = new int[set.values.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (int) memory.read(argument + 2L * i, 2);
                    if (values[i] > MOST_VALUE) {
                        return -Errno.ERANGE;
                    }
                }
                for (int i = 0; i < values.length; i++) {
                    set(task, set, i, values[i]);
                }
            }
            case IPC_STAT -> {
                IpcLayouts.begin(task, layouts.set, argument, set, 0);
                layouts.set.put(memory, argument, Ds.TIME1, set.used);
                layouts.set.put(memory, argument, Ds.TIME2, set.changed);
                layouts.set.put(memory, argument, Ds.COUNT1, set.values.length);
            }
            case IPC_SET -> {
                set.mode = (int) layouts.set.get(memory, argument, Ds.MODE) & 0777;
                set.changed = IpcObject.now();
            }
            case IPC_RMID -> {
                sets.remove(set);
                undos.values().forEach(undo -> undo.remove(set));
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    private void set(Task task, SemaphoreSet set, int semaphore, int value) {
        if (value < 0 || value > MOST_VALUE) {
            throw new Errno(Errno.ERANGE);
        }
        set.values[semaphore] = value;
        set.pids[semaphore] = task.process().pid();
        set.changed = IpcObject.now();
        for (Map<SemaphoreSet, int[]> undo : undos.values()) {
            int[] changes = undo.get(set);
            if (changes != null) {
                changes[semaphore] = 0;
            }
        }
        settle(set);
    }
}
