package dev.rhea.user.process;

/** The list of locks a thread holds, walked when it ends: get_robust_list(2). */
final class RobustList {
    private RobustList() {}

    /** The guest may have made a cycle. */
    private static final int LIMIT = 2048;

    private static final int FUTEX_WAITERS = 0x8000_0000;
    private static final int FUTEX_OWNER_DIED = 0x4000_0000;
    private static final int FUTEX_TID_MASK = 0x3fff_ffff;

    /** Gives up the locks in the list at {@code head}. @throws dev.rhea.engine.abi.GuestMemory.BadAddress where it leads nowhere */
    static void walk(Task task, long head) {
        int word = task.abi().wordSize();
        long raw = read(task, head + word);
        long offset = word == 4 ? (int) raw : raw; // signed: usually the lock lies before its list entry
        long pending = read(task, head + 2L * word);
        long entry = read(task, head);
        for (int i = 0; i < LIMIT && (entry & -2) != head; i++) {
            long next = read(task, entry & -2);
            if (entry != pending) {
                giveUp(task, (entry & -2) + offset, (entry & 1) != 0, false);
            }
            entry = next;
        }
        if (pending != 0) {
            giveUp(task, (pending & -2) + offset, (pending & 1) != 0, true);
        }
    }

    private static long read(Task task, long address) {
        return task.memory().read(address, task.abi().wordSize());
    }

    private static void giveUp(Task task, long futex, boolean priority, boolean pending) {
        int value = (int) task.memory().read(futex, 4);
        if (pending && !priority && value == 0) {
            task.kernel().futexes().wake(task, futex, 1, -1, true);
            return;
        }
        if ((value & FUTEX_TID_MASK) != task.tid()) {
            return;
        }
        task.memory().write(futex, value & FUTEX_WAITERS | FUTEX_OWNER_DIED, 4);
        if ((value & FUTEX_WAITERS) != 0 && !priority) {
            task.kernel().futexes().wake(task, futex, 1, -1, true);
        }
    }
}
