package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import org.jspecify.annotations.Nullable;

/** Limits, use of resources, scheduling, and what the machine is like. */
final class ResourceCalls {
    private ResourceCalls() {}

    private static final int RUSAGE_SELF = 0;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int RUSAGE_THREAD = 1;
    private static final long CLOCK_TICK = 10_000_000;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RR = 2;
    private static final int SCHED_IDLE = 5;
    private static final int AFFINITY_BYTES = 1024;
    private static final int RANDOM_CHUNK = 2048;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "getrlimit" -> (t, a) -> getrlimit(t, a[0], t.address(a[1]));
            case "setrlimit" ->
                (t, a) -> setrlimit(t, t, a[0], t.address(a[1]), t.abi().wordSize());
            case "prlimit64" -> ResourceCalls::prlimit;
            case "getrusage" -> ResourceCalls::getrusage;
            case "times" -> ResourceCalls::times;
            case "sched_yield" -> ResourceCalls::yield;
            case "sched_getaffinity" -> ResourceCalls::getaffinity;
            case "sched_setaffinity" -> (t, a) -> find(t, a[0]) == null ? -Errno.ESRCH : 0;
            case "sched_getscheduler" -> (t, a) -> find(t, a[0]) == null ? -Errno.ESRCH : 0;
            case "sched_setscheduler" -> (t, a) -> policy(t, a[0], (int) a[1]);
            case "sched_getparam" -> ResourceCalls::getparam;
            case "sched_setparam" -> (t, a) -> policy(t, a[0], 0);
            case "sched_get_priority_max" -> (t, a) -> priority((int) a[0], 99);
            case "sched_get_priority_min" -> (t, a) -> priority((int) a[0], 1);
            case "sched_rr_get_interval" -> (t, a) -> rrInterval(t, a, t.abi().wordSize());
            case "sched_rr_get_interval_time64" -> (t, a) -> rrInterval(t, a, 8);
            case "sched_getattr" -> SchedulingAttributes::get;
            case "sched_setattr" -> SchedulingAttributes::set;
            case "getpriority" -> ResourceCalls::getpriority;
            case "setpriority" -> ResourceCalls::setpriority;
            case "getcpu" -> ResourceCalls::getcpu;
            case "sysinfo" -> ResourceCalls::sysinfo;
            case "getrandom" -> ResourceCalls::getrandom;
            default -> null;
        };
    }

    static @Nullable Task find(Task task, long tid) {
        return tid == 0 ? task : task.kernel().findTask((int) tid);
    }

    /** In a 32-bit ABI, what does not fit is infinite. */
    private static long narrow(long limit, int word) {
        return word == 4 && Long.compareUnsigned(limit, 0xFFFF_FFFFL) > 0 ? Limits.INFINITY : limit;
    }

    private static long getrlimit(Task task, long resource, long to) {
        check(resource);
        int word = task.abi().wordSize();
        Limits limits = task.process().limits();
        task.memory().write(to, narrow(limits.soft((int) resource), word), word);
        task.memory().write(to + word, narrow(limits.hard((int) resource), word), word);
        return 0;
    }

    private static void check(long resource) {
        if (resource < 0 || resource >= Limits.COUNT) {
            throw new Errno(Errno.EINVAL);
        }
    }

    private static long setrlimit(Task task, Task target, long resource, long from, int word) {
        check(resource);
        long soft = task.memory().read(from, word);
        long hard = task.memory().read(from + word, word);
        if (word == 4) {
            soft = soft == 0xFFFF_FFFFL ? Limits.INFINITY : soft;
            hard = hard == 0xFFFF_FFFFL ? Limits.INFINITY : hard;
        }
        target.process()
                .limits()
                .set((int) resource, soft, hard, task.kernel().credentials().privileged());
        if (resource == Limits.RLIMIT_NOFILE) {
            target.files().setLimit(soft < 0 ? Integer.MAX_VALUE : soft);
        }
        return 0;
    }

    private static long prlimit(Task task, long[] a) {
        Task target = find(task, a[0]);
        if (target == null) {
            return -Errno.ESRCH;
        }
        check(a[1]);
        Limits limits = target.process().limits();
        long soft = limits.soft((int) a[1]);
        long hard = limits.hard((int) a[1]);
        if (a[2] != 0) {
            setrlimit(task, target, a[1], task.address(a[2]), 8);
        }
        if (a[3] != 0) {
            task.memory().write(task.address(a[3]), soft, 8);
            task.memory().write(task.address(a[3]) + 8, hard, 8);
        }
        return 0;
    }

    /** {@code struct rusage}: two timevals and 14 longs, of which only the times are known. */
    static void writeUsage(Task task, long to, long userNanos, long systemNanos) {
        int word = task.abi().wordSize();
        byte[] zero = new byte[18 * word];
        task.memory().write(to, zero, 0, zero.length);
        GuestTime.writeTimeval(task.memory(), to, userNanos, word);
        GuestTime.writeTimeval(task.memory(), to + 2L * word, systemNanos, word);
    }

    private static long getrusage(Task task, long[] a) {
        CpuUse use = task.process().cpuUse;
        long to = task.address(a[1]);
        switch ((int) a[0]) {
            case RUSAGE_SELF -> {
                writeUsage(task, to, use.user(), use.system());
                writePeak(task, to);
            }
            case RUSAGE_CHILDREN -> writeUsage(task, to, use.childrenUser(), use.childrenSystem());
            case RUSAGE_THREAD -> {
                writeUsage(task, to, use.of(task), 0);
                writePeak(task, to);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    /** {@code ru_maxrss} of the whole JVM, in KiB: the guest's own share is not measured. */
    private static void writePeak(Task task, long to) {
        long scratch = task.hostThread().scratch();
        if (HostCalls.getrusage(RUSAGE_SELF, scratch) == 0) {
            int word = task.abi().wordSize();
            task.memory().write(to + 4L * word, RawMemory.getLong(scratch + 32), word);
        }
    }

    private static long times(Task task, long[] a) {
        CpuUse use = task.process().cpuUse;
        if (a[0] != 0) {
            int word = task.abi().wordSize();
            long to = task.address(a[0]);
            task.memory().write(to, use.user() / CLOCK_TICK, word);
            task.memory().write(to + word, use.system() / CLOCK_TICK, word);
            task.memory().write(to + 2L * word, use.childrenUser() / CLOCK_TICK, word);
            task.memory().write(to + 3L * word, use.childrenSystem() / CLOCK_TICK, word);
        }
        return System.nanoTime() / CLOCK_TICK & (task.abi().wordSize() == 4 ? 0x7FFF_FFFFL : Long.MAX_VALUE);
    }

    private static long yield(Task task, long[] a) {
        Thread.yield();
        return 0;
    }

    private static long getaffinity(Task task, long[] a) {
        int word = task.abi().wordSize();
        long size = Integer.toUnsignedLong((int) a[1]); // the kernel's parameter is an unsigned int
        if (find(task, a[0]) == null) {
            return -Errno.ESRCH;
        }
        if ((size & word - 1) != 0) {
            return -Errno.EINVAL;
        }
        long scratch = task.hostThread().scratch();
        long bytes = Errno.check(HostCalls.schedGetaffinity(0, AFFINITY_BYTES, scratch));
        bytes = Math.max(8, bytes);
        // The host answers in its longs; the guest gets no more of them than processors need.
        long used = bytes;
        if (size < used) {
            for (long i = size; i < bytes; i++) {
                if (RawMemory.getByte(scratch + i) != 0) {
                    return -Errno.EINVAL;
                }
            }
            used = size;
        }
        for (long i = 0; i < used; i++) {
            task.memory().write(task.address(a[2]) + i, RawMemory.getByte(scratch + i), 1);
        }
        return used;
    }

    static long policy(Task task, long tid, int policy) {
        if (find(task, tid) == null) {
            return -Errno.ESRCH;
        }
        if (policy < 0 || policy > SCHED_IDLE || policy == 4) {
            return -Errno.EINVAL;
        }
        return policy == SCHED_FIFO || policy == SCHED_RR ? -Errno.EPERM : 0;
    }

    private static long getparam(Task task, long[] a) {
        if (find(task, a[0]) == null) {
            return -Errno.ESRCH;
        }
        task.memory().write(task.address(a[1]), 0, 4);
        return 0;
    }

    private static long priority(int policy, int realtime) {
        if (policy < 0 || policy > 6 || policy == 4) {
            return -Errno.EINVAL;
        }
        return policy == SCHED_FIFO || policy == SCHED_RR ? realtime : 0;
    }

    private static long rrInterval(Task task, long[] a, int field) {
        if (find(task, a[0]) == null) {
            return -Errno.ESRCH;
        }
        GuestTime.writeTimespec(task.memory(), task.address(a[1]), 4_000_000, field);
        return 0;
    }

    /** The kernel's own result: 20 less the nice value. */
    private static long getpriority(Task task, long[] a) {
        if (a[0] < 0 || a[0] > 2) {
            return -Errno.EINVAL;
        }
        Task other = a[0] == 0 ? find(task, a[1]) : task;
        return other == null ? -Errno.ESRCH : 20 - other.nice;
    }

    private static long setpriority(Task task, long[] a) {
        if (a[0] < 0 || a[0] > 2) {
            return -Errno.EINVAL;
        }
        Task other = a[0] == 0 ? find(task, a[1]) : task;
        if (other == null) {
            return -Errno.ESRCH;
        }
        int nice = Math.max(-20, Math.min(19, (int) a[2]));
        if (nice < other.nice && !task.kernel().credentials().privileged()) {
            return -Errno.EACCES;
        }
        other.nice = nice;
        return 0;
    }

    private static long getcpu(Task task, long[] a) {
        long scratch = task.hostThread().scratch();
        Errno.check(HostCalls.getcpu(scratch));
        if (a[0] != 0) {
            task.memory().write(task.address(a[0]), RawMemory.getInt(scratch), 4);
        }
        if (a[1] != 0) {
            task.memory().write(task.address(a[1]), RawMemory.getInt(scratch + 4), 4);
        }
        return 0;
    }

    /** {@code struct sysinfo}: ten longs (uptime, loads, memory) with a short for processes among them. */
    private static long sysinfo(Task task, long[] a) {
        long scratch = task.hostThread().scratch();
        Errno.check(HostCalls.sysinfo(scratch));
        GuestMemory memory = task.memory();
        int word = task.abi().wordSize();
        long to = task.address(a[0]);
        byte[] zero = new byte[word == 8 ? 112 : 64];
        memory.write(to, zero, 0, zero.length);
        // A 32-bit ABI counts memory in larger units, so that it fits.
        int shift = word == 8 ? 0 : 12;
        for (int i = 0; i < 10; i++) {
            long value = RawMemory.getLong(scratch + 8L * i);
            memory.write(to + (long) word * i, i >= 4 ? value >>> shift : value, word);
        }
        long after = to + 10L * word;
        memory.write(after, RawMemory.getShort(scratch + 80), 2);
        // Behind procs and padding: totalhigh, freehigh, mem_unit.
        long high = after + (word == 8 ? 8 : 4);
        memory.write(high + 2L * word, 1L << shift, 4);
        return 0;
    }

    private static final long MAX_RANDOM = 0x1FF_FFFF;

    private static long getrandom(Task task, long[] a) {
        long to = task.address(a[0]);
        long asked = task.address(a[1]);
        // More than the kernel gives at a time; a size_t that is negative here is more still.
        long count = asked < 0 ? MAX_RANDOM : Math.min(asked, MAX_RANDOM);
        int flags = (int) a[2];
        long scratch = task.hostThread().scratch();
        byte[] bytes = new byte[(int) Math.min(count, RANDOM_CHUNK)];
        if ((flags & ~7) != 0) {
            return -Errno.EINVAL;
        }
        for (long done = 0; done < count; ) {
            int chunk = (int) Math.min(count - done, bytes.length);
            long got = Errno.check(HostCalls.getrandom(scratch, chunk, flags));
            RawMemory.copyOut(scratch, bytes, 0, (int) got);
            try {
                task.memory().write(to + done, bytes, 0, (int) got);
            } catch (GuestMemory.BadAddress e) {
                if (done == 0) {
                    throw e;
                }
                return done;
            }
            done += got;
        }
        return count;
    }
}
