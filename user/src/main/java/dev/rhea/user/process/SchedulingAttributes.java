package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Errno;

/** sched_getattr and sched_setattr: {@code struct sched_attr}, the same in every ABI. Threads are all SCHED_OTHER. */
final class SchedulingAttributes {
    private SchedulingAttributes() {}

    private static final int SIZE_VER0 = 48;
    private static final int SIZE_VER1 = 56;
    private static final int PAGE = 4096;
    private static final int POLICY = 4;
    private static final int FLAGS = 8;
    private static final int NICE = 16;
    private static final int PRIORITY = 20;

    private static final long KEEP_POLICY = 8;
    private static final long ALL_FLAGS = 0x7f;

    static long get(Task task, long[] a) {
        int size = (int) a[2];
        if (a[1] == 0 || (int) a[0] < 0 || size < SIZE_VER0 || size > PAGE || (int) a[3] != 0) {
            return -Errno.EINVAL;
        }
        Task other = ResourceCalls.find(task, a[0]);
        if (other == null) {
            return -Errno.ESRCH;
        }
        GuestMemory memory = task.memory();
        long to = task.address(a[1]);
        int written = Math.min(size, SIZE_VER1);
        memory.write(to, new byte[written], 0, written);
        memory.write(to, written, 4);
        memory.write(to + NICE, other.nice, 4);
        if (written == SIZE_VER1) {
            memory.write(to + SIZE_VER0 + 4, 1024, 4); // util_max: all of it
        }
        return 0;
    }

    static long set(Task task, long[] a) {
        if (a[1] == 0 || (int) a[0] < 0 || (int) a[2] != 0) {
            return -Errno.EINVAL;
        }
        GuestMemory memory = task.memory();
        long from = task.address(a[1]);
        long size = memory.read(from, 4);
        size = size == 0 ? SIZE_VER0 : size;
        if (size < SIZE_VER0 || size > PAGE) {
            memory.write(from, SIZE_VER1, 4);
            return -Errno.E2BIG;
        }
        for (long i = SIZE_VER1; i < size; i++) {
            if (memory.read(from + i, 1) != 0) {
                memory.write(from, SIZE_VER1, 4);
                return -Errno.E2BIG;
            }
        }
        Task other = ResourceCalls.find(task, a[0]);
        if (other == null) {
            return -Errno.ESRCH;
        }
        long flags = memory.read(from + FLAGS, 8);
        if ((flags & ~ALL_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        if ((flags & KEEP_POLICY) == 0) {
            long refused = ResourceCalls.policy(task, a[0], (int) memory.read(from + POLICY, 4));
            if (refused != 0) {
                return refused;
            }
        }
        if (memory.read(from + PRIORITY, 4) != 0) {
            return -Errno.EINVAL;
        }
        int nice = Math.max(-20, Math.min(19, (int) memory.read(from + NICE, 4)));
        if (nice < other.nice && !task.kernel().credentials().privileged()) {
            return -Errno.EPERM;
        }
        other.nice = nice;
        return 0;
    }
}
