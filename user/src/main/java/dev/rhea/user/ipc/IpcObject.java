package dev.rhea.user.ipc;

import dev.rhea.user.process.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/** What segments, semaphore sets and queues have in common. Guarded by the lock of its family of calls. */
abstract class IpcObject {
    final int key;
    final int id;
    final int creator;
    int mode;
    boolean removed;

    /** Seconds since 1970 of its creation or last change. */
    long changed = now();

    /** Who waits for it to change, and for what: a number of the family's own. */
    final Map<Task, Integer> sleepers = new LinkedHashMap<>(0);

    /** @param creator the pid of who made it */
    IpcObject(int key, int id, int mode, int creator) {
        this.key = key;
        this.id = id;
        this.mode = mode & 0777;
        this.creator = creator;
    }

    static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** It has changed: whoever sleeps looks again. */
    void wake() {
        for (Task task : sleepers.keySet()) {
            task.wake();
        }
        sleepers.clear();
    }
}
