package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import org.jspecify.annotations.Nullable;

/** futex(2) and what threads need besides. */
final class FutexCalls {
    private FutexCalls() {}

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_REQUEUE = 3;
    private static final int FUTEX_CMP_REQUEUE = 4;
    private static final int FUTEX_WAKE_OP = 5;
    private static final int FUTEX_WAIT_BITSET = 9;
    private static final int FUTEX_WAKE_BITSET = 10;
    private static final int FUTEX_PRIVATE_FLAG = 128;
    private static final int FUTEX_CLOCK_REALTIME = 256;
    private static final int ALL = -1;

    private static final int MAX_WAITV = 128;
    private static final int FUTEX_32 = 2;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "futex" -> FutexCalls::futex;
            case "futex_time64" -> FutexCalls::futex64;
            case "futex_waitv" -> FutexCalls::waitv;
            case "set_robust_list" -> FutexCalls::setRobustList;
            case "get_robust_list" -> FutexCalls::getRobustList;
            case "set_tid_address" -> FutexCalls::setTidAddress;
            case "membarrier" -> FutexCalls::membarrier;
            default -> null;
        };
    }

    private static long futex(Task task, long[] a) {
        return futex(task, a, task.abi().wordSize());
    }

    private static long futex64(Task task, long[] a) {
        return futex(task, a, 8);
    }

    private static long futex(Task task, long[] a, int field) {
        Futexes futexes = task.kernel().futexes();
        long address = task.address(a[0]);
        int op = (int) a[1];
        int value = (int) a[2];
        long address2 = task.address(a[4]);
        boolean shared = (op & FUTEX_PRIVATE_FLAG) == 0;
        boolean realtime = (op & FUTEX_CLOCK_REALTIME) != 0;
        int command = op & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
        if (realtime && command != FUTEX_WAIT_BITSET && command != FUTEX_WAIT) {
            return -Errno.ENOSYS;
        }
        switch (command) {
            case FUTEX_WAIT, FUTEX_WAIT_BITSET -> {
                boolean absolute = command == FUTEX_WAIT_BITSET;
                long timeout = task.address(a[3]);
                long deadline = Task.FOREVER;
                if (timeout != 0) {
                    long nanos = GuestTime.readTimespec(task.memory(), timeout, field);
                    deadline = !absolute
                            ? GuestTime.deadlineIn(nanos)
                            : realtime ? GuestTime.deadlineOfRealtime(nanos) : nanos;
                }
                return await(task, address, value, absolute ? (int) a[5] : ALL, deadline, shared);
            }
            case FUTEX_WAKE -> {
                return futexes.wake(task, address, value, ALL, shared);
            }
            case FUTEX_WAKE_BITSET -> {
                return futexes.wake(task, address, value, (int) a[5], shared);
            }
            case FUTEX_REQUEUE -> {
                return futexes.requeue(task, address, value, (int) a[3], address2, false, 0, shared);
            }
            case FUTEX_CMP_REQUEUE -> {
                return futexes.requeue(task, address, value, (int) a[3], address2, true, (int) a[5], shared);
            }
            case FUTEX_WAKE_OP -> {
                return futexes.wakeOp(task, address, value, (int) a[3], address2, (int) a[5], shared);
            }
            default -> {
                // Priority inheritance, as a kernel without it answers.
                return -Errno.ENOSYS;
            }
        }
    }

    private static long await(Task task, long address, int value, int bitset, long deadline, boolean shared) {
        try {
            task.kernel().futexes().await(task, address, value, bitset, deadline, shared);
            return 0;
        } catch (Errno e) {
            if (e.number == Errno.ERESTARTSYS && deadline != Task.FOREVER) {
                // What is left of the time, not all of it again.
                task.setRestart((t, b) -> await(t, address, value, bitset, deadline, shared));
                return -Errno.ERESTART_RESTARTBLOCK;
            }
            return e.result();
        }
    }

    /** {@code struct futex_waitv}: u64 val, u64 uaddr, u32 flags, u32 reserved. */
    private static long waitv(Task task, long[] a) {
        GuestMemory memory = task.memory();
        int count = (int) a[1];
        if (count < 1 || count > MAX_WAITV || a[2] != 0) {
            return -Errno.EINVAL;
        }
        long[] addresses = new long[count];
        int[] expected = new int[count];
        boolean[] shared = new boolean[count];
        long from = task.address(a[0]);
        for (int i = 0; i < count; i++, from += 24) {
            expected[i] = (int) memory.read(from, 8);
            addresses[i] = memory.read(from + 8, 8);
            int flags = (int) memory.read(from + 16, 4);
            if ((flags & ~FUTEX_PRIVATE_FLAG) != FUTEX_32 || memory.read(from + 20, 4) != 0) {
                return -Errno.EINVAL;
            }
            shared[i] = (flags & FUTEX_PRIVATE_FLAG) == 0;
        }
        long deadline = Task.FOREVER;
        if (a[3] != 0) {
            long nanos = GuestTime.readTimespec(memory, task.address(a[3]), 8);
            deadline = (int) a[4] == 0 ? GuestTime.deadlineOfRealtime(nanos) : nanos;
        }
        return task.kernel().futexes().awaitAny(task, addresses, expected, shared, deadline);
    }

    private static long setRobustList(Task task, long[] a) {
        if (a[1] != 3L * task.abi().wordSize()) {
            return -Errno.EINVAL;
        }
        task.robustList = task.address(a[0]);
        return 0;
    }

    private static long getRobustList(Task task, long[] a) {
        Task other = a[0] == 0 ? task : task.kernel().findTask((int) a[0]);
        if (other == null) {
            return -Errno.ESRCH;
        }
        int word = task.abi().wordSize();
        task.memory().write(task.address(a[2]), 3L * word, word);
        task.memory().write(task.address(a[1]), other.robustList, word);
        return 0;
    }

    private static long setTidAddress(Task task, long[] a) {
        task.clearChildTid = task.address(a[0]);
        return task.tid();
    }

    private static final int MEMBARRIER_CMD_QUERY = 0;
    private static final int MEMBARRIER_GLOBAL = 1;
    private static final int MEMBARRIER_ALL = 0x1FF & ~(0x80 | 0x100);

    /**
     * Memory barriers on all processors of the process. Running tasks are made to pass through the loop; those that wait are
     * behind a barrier anyway.
     */
    private static long membarrier(Task task, long[] a) {
        int command = (int) a[0];
        if (a[1] != 0) {
            return -Errno.EINVAL;
        }
        if (command == MEMBARRIER_CMD_QUERY) {
            return MEMBARRIER_ALL;
        }
        if (Integer.bitCount(command) != 1 || (command & MEMBARRIER_ALL) == 0) {
            return -Errno.EINVAL;
        }
        boolean registers = (command & (4 | 16 | 64)) != 0;
        if (!registers || command == MEMBARRIER_GLOBAL) {
            Barriers.everywhere(task);
        }
        return 0;
    }
}
