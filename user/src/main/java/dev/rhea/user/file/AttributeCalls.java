package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** Extended attributes. */
public final class AttributeCalls implements CallFamily {
    private static final int XATTR_NAME_MAX = 255;
    private static final int XATTR_SIZE_MAX = 65536;

    private final Abi abi;
    private final Paths paths;

    public AttributeCalls(Abi abi, Paths paths) {
        this.abi = abi;
        this.paths = paths;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "getxattr" -> (t, a) -> onPath(t, a, true, target -> get(t, target, a));
            case "lgetxattr" -> (t, a) -> onPath(t, a, false, target -> get(t, target, a));
            case "fgetxattr" -> (t, a) -> onDescriptor(t, a, target -> get(t, target, a));
            case "setxattr" -> (t, a) -> onPath(t, a, true, target -> set(t, target, a));
            case "lsetxattr" -> (t, a) -> onPath(t, a, false, target -> set(t, target, a));
            case "fsetxattr" -> (t, a) -> onDescriptor(t, a, target -> set(t, target, a));
            case "listxattr" -> (t, a) -> onPath(t, a, true, target -> list(t, target, a));
            case "llistxattr" -> (t, a) -> onPath(t, a, false, target -> list(t, target, a));
            case "flistxattr" -> (t, a) -> onDescriptor(t, a, target -> list(t, target, a));
            case "removexattr" -> (t, a) -> onPath(t, a, true, target -> remove(t, target, a));
            case "lremovexattr" -> (t, a) -> onPath(t, a, false, target -> remove(t, target, a));
            case "fremovexattr" -> (t, a) -> onDescriptor(t, a, target -> remove(t, target, a));
            default -> null;
        };
    }

    /** What the attribute is on, as a path that the host's path calls take; they know no directory argument. */
    private record Target(long path, boolean follow) {}

    private interface OnTarget {
        long run(Target target);
    }

    private long onPath(Task task, long[] a, boolean follow, OnTarget call) {
        return paths.withPlainPath(task, a[0], follow, path -> call.run(new Target(path, follow)));
    }

    private long onDescriptor(Task task, long[] a, OnTarget call) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            byte[] path = ("/proc/self/fd/" + d.hostFd() + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            long at = task.scratch().path(0);
            RawMemory.copyIn(path, 0, at, path.length);
            return call.run(new Target(at, true));
        } finally {
            d.release();
        }
    }

    private long name(Task task, long address) {
        long to = task.scratch().struct();
        int length =
                GuestString.copy(task.memory(), abi.model().bigEndian(), abi.word(address), to, XATTR_NAME_MAX + 1);
        if (length <= 0) {
            throw new Errno(Errno.ERANGE);
        }
        return to;
    }

    private long get(Task task, Target target, long[] a) {
        long name = name(task, a[1]);
        int number = target.follow ? SyscallNumber.GETXATTR : SyscallNumber.LGETXATTR;
        return read(
                task, abi.word(a[2]), abi.word(a[3]), (to, size) -> Syscall.call(number, target.path, name, to, size));
    }

    private long list(Task task, Target target, long[] a) {
        int number = target.follow ? SyscallNumber.LISTXATTR : SyscallNumber.LLISTXATTR;
        return read(task, abi.word(a[1]), abi.word(a[2]), (to, size) -> Syscall.call(number, target.path, to, size));
    }

    private interface ReadInto {
        long run(long to, long size);
    }

    private static long read(Task task, long to, long size, ReadInto call) {
        if (size == 0) {
            return call.run(0, 0);
        }
        // A size_t: what is negative here is more than any attribute has.
        long room = size < 0 ? XATTR_SIZE_MAX : Math.min(size, XATTR_SIZE_MAX);
        long host = RawMemory.allocate(room);
        try {
            long n = call.run(host, room);
            if (n > 0) {
                byte[] value = new byte[(int) n];
                RawMemory.copyOut(host, value, 0, value.length);
                task.memory().write(to, value, 0, value.length);
            }
            return n;
        } finally {
            RawMemory.free(host);
        }
    }

    private long set(Task task, Target target, long[] a) {
        long name = name(task, a[1]);
        long size = abi.word(a[3]);
        if (size < 0 || size > XATTR_SIZE_MAX) {
            return -Errno.E2BIG;
        }
        byte[] value = new byte[(int) size];
        task.memory().read(abi.word(a[2]), value, 0, value.length);
        long host = RawMemory.allocate(size + 1);
        try {
            RawMemory.copyIn(value, 0, host, value.length);
            return Syscall.call(
                    target.follow ? SyscallNumber.SETXATTR : SyscallNumber.LSETXATTR,
                    target.path,
                    name,
                    host,
                    size,
                    (int) a[4]);
        } finally {
            RawMemory.free(host);
        }
    }

    private long remove(Task task, Target target, long[] a) {
        return Syscall.call(
                target.follow ? SyscallNumber.REMOVEXATTR : SyscallNumber.LREMOVEXATTR, target.path, name(task, a[1]));
    }
}
