package dev.rhea.user.process;

import dev.rhea.engine.mmu.Access;
import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The futexes of one kernel: futex(2). Thread-safe. */
final class Futexes {
    /** A task that waits on one or more futexes. */
    private static final class Waiter {
        final Task task;
        final int bitset;
        FutexKey key;
        boolean woken;

        Waiter(Task task, FutexKey key, int bitset) {
            this.task = task;
            this.key = key;
            this.bitset = bitset;
        }
    }

    private final Map<FutexKey, List<Waiter>> queues = new HashMap<>();

    private static FutexKey key(Task task, long address, boolean mayBeShared) {
        if ((address & 3) != 0) {
            throw new Errno(Errno.EINVAL);
        }
        return task.memory().futexKey(address, mayBeShared);
    }

    /**
     * FUTEX_WAIT_BITSET.
     *
     * @param deadline {@link System#nanoTime} or {@link Task#FOREVER}
     * @throws Errno EAGAIN where the word is not {@code expected}, ETIMEDOUT, ERESTARTSYS
     */
    void await(Task task, long address, int expected, int bitset, long deadline, boolean mayBeShared) {
        if (bitset == 0) {
            throw new Errno(Errno.EINVAL);
        }
        Waiter waiter;
        synchronized (this) {
            FutexKey key = key(task, address, mayBeShared);
            // Under the lock: whoever changes the word and then wakes finds us in the queue or we find the change.
            if ((int) task.memory().read(address, 4) != expected) {
                throw new Errno(Errno.EAGAIN);
            }
            waiter = new Waiter(task, key, bitset);
            queues.computeIfAbsent(key, k -> new ArrayList<>(2)).add(waiter);
        }
        while (true) {
            int how = task.await(deadline);
            synchronized (this) {
                if (waiter.woken) {
                    return;
                }
                if (how != 1) {
                    remove(waiter);
                    throw new Errno(how == 0 ? Errno.ETIMEDOUT : Errno.ERESTARTSYS);
                }
            }
        }
    }

    /**
     * FUTEX_WAITV: waits for the first of several.
     *
     * @return the index of one that was woken
     */
    int awaitAny(Task task, long[] addresses, int[] expected, boolean[] mayBeShared, long deadline) {
        Waiter[] waiters = new Waiter[addresses.length];
        synchronized (this) {
            for (int i = 0; i < addresses.length; i++) {
                waiters[i] = new Waiter(task, key(task, addresses[i], mayBeShared[i]), -1);
                if ((int) task.memory().read(addresses[i], 4) != expected[i]) {
                    throw new Errno(Errno.EAGAIN);
                }
            }
            for (Waiter waiter : waiters) {
                queues.computeIfAbsent(waiter.key, k -> new ArrayList<>(2)).add(waiter);
            }
        }
        while (true) {
            int how = task.await(deadline);
            synchronized (this) {
                int woken = -1;
                for (int i = 0; i < waiters.length; i++) {
                    if (waiters[i].woken) {
                        woken = i;
                    }
                }
                if (woken < 0 && how == 1) {
                    continue;
                }
                for (Waiter waiter : waiters) {
                    if (!waiter.woken) {
                        remove(waiter);
                    }
                }
                if (woken >= 0) {
                    return woken;
                }
                throw new Errno(how == 0 ? Errno.ETIMEDOUT : Errno.ERESTARTSYS);
            }
        }
    }

    private void remove(Waiter waiter) {
        List<Waiter> queue = queues.get(waiter.key);
        if (queue != null && queue.remove(waiter) && queue.isEmpty()) {
            queues.remove(waiter.key);
        }
    }

    /** FUTEX_WAKE_BITSET; how many were woken. */
    int wake(Task task, long address, int count, int bitset, boolean mayBeShared) {
        if (bitset == 0) {
            throw new Errno(Errno.EINVAL);
        }
        synchronized (this) {
            return wake(key(task, address, mayBeShared), count, bitset);
        }
    }

    private int wake(FutexKey key, int count, int bitset) {
        List<Waiter> queue = queues.get(key);
        if (queue == null) {
            return 0;
        }
        int woken = 0;
        for (int i = 0; i < queue.size() && woken < count; ) {
            Waiter waiter = queue.get(i);
            if ((waiter.bitset & bitset) == 0) {
                i++;
                continue;
            }
            queue.remove(i);
            waiter.woken = true;
            waiter.task.wake();
            woken++;
        }
        if (queue.isEmpty()) {
            queues.remove(key);
        }
        return woken;
    }

    /**
     * FUTEX_REQUEUE and FUTEX_CMP_REQUEUE.
     *
     * @param compare whether the word has to be {@code expected}
     * @return how many were woken and, with {@code compare}, moved
     */
    int requeue(
            Task task, long from, int wakes, int moves, long to, boolean compare, int expected, boolean mayBeShared) {
        if (wakes < 0 || moves < 0) {
            throw new Errno(Errno.EINVAL);
        }
        synchronized (this) {
            FutexKey source = key(task, from, mayBeShared);
            FutexKey target = key(task, to, mayBeShared);
            if (compare && (int) task.memory().read(from, 4) != expected) {
                throw new Errno(Errno.EAGAIN);
            }
            int woken = wake(source, wakes, -1);
            int moved = 0;
            List<Waiter> queue = queues.get(source);
            if (queue != null && !source.equals(target)) {
                List<Waiter> other = queues.computeIfAbsent(target, k -> new ArrayList<>(2));
                while (moved < moves && !queue.isEmpty()) {
                    Waiter waiter = queue.remove(0);
                    waiter.key = target;
                    other.add(waiter);
                    moved++;
                }
                if (queue.isEmpty()) {
                    queues.remove(source);
                }
                if (other.isEmpty()) {
                    queues.remove(target);
                }
            }
            return woken + moved;
        }
    }

    /** FUTEX_WAKE_OP. */
    int wakeOp(Task task, long address, int wakes, int wakes2, long address2, int operation, boolean mayBeShared) {
        int op = operation >>> 28 & 7;
        int comparison = operation >>> 24 & 15;
        int argument = operation << 8 >> 20;
        int comparand = operation << 20 >> 20;
        if ((operation & 1 << 31) != 0) {
            argument = 1 << (argument & 31);
        }
        synchronized (this) {
            FutexKey first = key(task, address, mayBeShared);
            FutexKey second = key(task, address2, mayBeShared);
            int old = change(task, address2, op, argument);
            int woken = wake(first, wakes, -1);
            boolean also = switch (comparison) {
                case 0 -> old == comparand;
                case 1 -> old != comparand;
                case 2 -> old < comparand;
                case 3 -> old <= comparand;
                case 4 -> old > comparand;
                case 5 -> old >= comparand;
                default -> throw new Errno(Errno.ENOSYS);
            };
            return also ? woken + wake(second, wakes2, -1) : woken;
        }
    }

    private static int change(Task task, long address, int op, int argument) {
        long host = task.memory().translate(task.cpu(), address, Access.WRITE);
        boolean swap = task.abi().bigEndian();
        while (true) {
            int raw = RawMemory.getIntVolatile(host);
            int old = swap ? Integer.reverseBytes(raw) : raw;
            int value = switch (op) {
                case 0 -> argument;
                case 1 -> old + argument;
                case 2 -> old | argument;
                case 3 -> old & ~argument;
                case 4 -> old ^ argument;
                default -> throw new Errno(Errno.ENOSYS);
            };
            if (RawMemory.compareAndExchangeInt(host, raw, swap ? Integer.reverseBytes(value) : value) == raw) {
                return old;
            }
        }
    }
}
