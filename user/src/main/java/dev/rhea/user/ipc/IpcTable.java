package dev.rhea.user.ipc;

import dev.rhea.user.call.Errno;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects of one kind, by id and by key. Guarded by the lock of its family of calls. */
final class IpcTable<T extends IpcObject> {
    static final int IPC_CREAT = 01000;
    static final int IPC_EXCL = 02000;
    static final int IPC_NOWAIT = 04000;
    static final int IPC_PRIVATE = 0;

    /** Linux's limit of segments, sets and queues. */
    private static final int MOST = 32000;

    private final Map<Integer, T> byId = new HashMap<>();
    private int nextId;

    /** Makes an object with this id. */
    interface Maker<T> {
        T make(int id);
    }

    /**
     * The get calls.
     *
     * @return the object with that key, or a new one
     * @throws Errno ENOENT, EEXIST, ENOSPC
     */
    T get(int key, int flags, Maker<T> maker) {
        T known = key == IPC_PRIVATE ? null : withKey(key);
        if (known != null) {
            if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL)) {
                throw new Errno(Errno.EEXIST);
            }
            return known;
        }
        if (key != IPC_PRIVATE && (flags & IPC_CREAT) == 0) {
            throw new Errno(Errno.ENOENT);
        }
        if (byId.size() >= MOST) {
            throw new Errno(Errno.ENOSPC);
        }
        while (byId.containsKey(nextId)) {
            nextId = nextId + 1 & Integer.MAX_VALUE;
        }
        int id = nextId;
        T made = maker.make(id);
        nextId = nextId + 1 & Integer.MAX_VALUE;
        byId.put(id, made);
        return made;
    }

    private @Nullable T withKey(int key) {
        for (T object : byId.values()) {
            if (object.key == key) {
                return object;
            }
        }
        return null;
    }

    /** @throws Errno EINVAL where there is none */
    T find(int id) {
        T object = byId.get(id);
        if (object == null) {
            throw new Errno(Errno.EINVAL);
        }
        return object;
    }

    /** IPC_RMID: who waits for it gets EIDRM. */
    void remove(T object) {
        byId.remove(object.id);
        object.removed = true;
        object.wake();
    }

    Collection<T> all() {
        return byId.values();
    }
}
