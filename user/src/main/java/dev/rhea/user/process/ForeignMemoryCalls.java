package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import dev.rhea.user.memory.AddressSpace;
import dev.rhea.user.memory.ForeignMemory;
import org.jspecify.annotations.Nullable;

/** process_vm_readv and process_vm_writev: among guests. */
final class ForeignMemoryCalls {
    private ForeignMemoryCalls() {}

    private static final int MOST_PARTS = 1024;
    private static final int CHUNK = 1 << 16;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "process_vm_readv" -> (t, a) -> transfer(t, a, false);
            case "process_vm_writev" -> (t, a) -> transfer(t, a, true);
            default -> null;
        };
    }

    /** An iovec array, read word by word. */
    private static final class Parts {
        private final long[] words;
        private int part;
        private long done;

        Parts(Task task, long address, long count) {
            if (count < 0 || count > MOST_PARTS) {
                throw new Errno(Errno.EINVAL);
            }
            int word = task.abi().wordSize();
            words = new long[(int) count * 2];
            long total = 0;
            for (int i = 0; i < words.length; i++) {
                words[i] = task.memory().read(address + (long) i * word, word);
                if ((i & 1) != 0 && (words[i] < 0 || (total += words[i]) < 0)) {
                    throw new Errno(Errno.EINVAL);
                }
            }
        }

        /** Bytes together from {@link #address} on; 0 at the end. */
        long length() {
            while (part < words.length && done == words[part + 1]) {
                part += 2;
                done = 0;
            }
            return part < words.length ? words[part + 1] - done : 0;
        }

        long address() {
            return words[part] + done;
        }

        void advance(long bytes) {
            done += bytes;
        }
    }

    private static long transfer(Task task, long[] a, boolean write) {
        if (a[5] != 0) {
            return -Errno.EINVAL;
        }
        Parts local = new Parts(task, task.address(a[1]), a[2]);
        Parts remote = new Parts(task, task.address(a[3]), a[4]);
        Shared<AddressSpace> other = memory(task, (int) a[0]);
        try {
            byte[] bytes = new byte[CHUNK];
            long done = 0;
            while (true) {
                int length = (int) Math.min(CHUNK, Math.min(local.length(), remote.length()));
                if (length == 0) {
                    return done;
                }
                int moved = write
                        ? write(task, local, other.value(), remote, bytes, length)
                        : read(task, local, other.value(), remote, bytes, length);
                done += moved;
                if (moved < length) {
                    return done == 0 ? -Errno.EFAULT : done;
                }
                local.advance(moved);
                remote.advance(moved);
            }
        } finally {
            other.release();
        }
    }

    private static int read(Task task, Parts local, AddressSpace other, Parts remote, byte[] bytes, int length) {
        int got = ForeignMemory.read(other, remote.address(), bytes, length);
        try {
            task.memory().write(local.address(), bytes, 0, got);
        } catch (GuestMemory.BadAddress e) {
            return (int) Math.max(0, e.address - local.address());
        }
        return got;
    }

    private static int write(Task task, Parts local, AddressSpace other, Parts remote, byte[] bytes, int length) {
        try {
            task.memory().read(local.address(), bytes, 0, length);
        } catch (GuestMemory.BadAddress e) {
            return 0;
        }
        return ForeignMemory.write(other, remote.address(), bytes, length);
    }

    /** The memory of a process that lives, with a user more. @throws Errno ESRCH */
    private static Shared<AddressSpace> memory(Task task, int pid) {
        Kernel kernel = task.kernel();
        synchronized (kernel.lock) {
            Task other = kernel.findTask(pid);
            Process process = other == null ? null : other.process();
            if (process == null || process.tasks.isEmpty() || process.hostProgram != null) {
                throw new Errno(Errno.ESRCH);
            }
            return process.memory.retain();
        }
    }
}
