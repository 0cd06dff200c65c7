package dev.rhea.user.process;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** membarrier(2): waits until every other task of the process has passed a full fence. */
final class Barriers {
    private Barriers() {}

    static void everywhere(Task task) {
        VarHandle.fullFence();
        Task[] others;
        synchronized (task.kernel().lock) {
            others = task.process().tasks.toArray(new Task[0]);
            for (Task other : others) {
                if (other != task) {
                    other.guest().requestSync();
                }
            }
        }
        for (Task other : others) {
            // Bounded by an execution slice: a task that waits in a call says so.
            while (other != task && other.guest().syncPending()) {
                LockSupport.parkNanos(20_000);
            }
        }
        VarHandle.fullFence();
    }
}
