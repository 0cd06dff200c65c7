package dev.rhea.user.file.socket;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.ThreadDirectory;
import dev.rhea.user.process.Task;
import java.nio.charset.StandardCharsets;

/**
 * Socket addresses. They look the same on every ABI but for the byte order of the family and of the few numbers that are not
 * in network order. A relative path of a Unix socket is relative to the guest's directory.
 */
final class SocketAddress {
    private SocketAddress() {}

    /** {@code sizeof(struct sockaddr_storage)}: the longest. */
    static final int MAX = 128;

    private static final int AF_UNIX = 1;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SCOPE_ID = 24;
    private static final int UNIX_PATH = 2;
    private static final int UNIX_SIZE = 110;

    /**
     * Brings a guest's address to host memory.
     *
     * @param to {@link #MAX} bytes and some
     * @return its length on the host
     * @throws Errno EINVAL where it is too long
     */
    static int toHost(Task task, Abi abi, long from, int length, long to) {
        if (length < 0 || length > MAX) {
            throw new Errno(Errno.EINVAL);
        }
        byte[] bytes = new byte[length];
        task.memory().read(from, bytes, 0, length);
        RawMemory.fill(to, MAX + 2, (byte) 0);
        RawMemory.copyIn(bytes, 0, to, length);
        if (length < 2) {
            return length;
        }
        swap(abi, to, length, true);
        int family = RawMemory.getShort(to) & 0xffff;
        if (family == AF_UNIX && length > UNIX_PATH && bytes[2] != 0 && bytes[2] != '/') {
            return relative(task, to, bytes, length);
        }
        return length;
    }

    private static int relative(Task task, long to, byte[] bytes, int length) {
        Description directory = task.fileContext().acquireDirectory();
        try {
            if (ThreadDirectory.enter(task, directory.hostFd())) {
                return length;
            }
            byte[] prefix = ("/proc/self/fd/" + directory.hostFd() + "/").getBytes(StandardCharsets.US_ASCII);
            if (length + prefix.length > UNIX_SIZE) {
                throw new Errno(Errno.ENAMETOOLONG);
            }
            RawMemory.copyIn(prefix, 0, to + UNIX_PATH, prefix.length);
            RawMemory.copyIn(bytes, UNIX_PATH, to + UNIX_PATH + prefix.length, length - UNIX_PATH);
            // The directory has to stay open for the call; it is the process's current one until the process changes
            // it.
            return length + prefix.length;
        } finally {
            directory.release();
        }
    }

    /**
     * Hands an address of the host's to the guest as Linux does: as much as there is room for, and its whole length.
     *
     * @param to where the guest wants it, or 0
     * @param lengthAt address of the guest's {@code socklen_t}: room, then length
     */
    static void toGuest(Task task, Abi abi, long from, int length, long to, long lengthAt) {
        if (to == 0) {
            return;
        }
        GuestMemory memory = task.memory();
        int room = (int) memory.read(lengthAt, 4);
        if (room < 0) {
            throw new Errno(Errno.EINVAL);
        }
        write(task, abi, from, length, to, room);
        memory.write(lengthAt, length, 4);
    }

    /** Writes at most {@code room} bytes of an address. */
    static void write(Task task, Abi abi, long from, int length, long to, int room) {
        swap(abi, from, length, false);
        byte[] bytes = new byte[Math.min(Math.min(length, room), MAX)];
        RawMemory.copyOut(from, bytes, 0, bytes.length);
        task.memory().write(to, bytes, 0, bytes.length);
    }

    /** Turns the numbers' bytes round where guest and host disagree. */
    private static void swap(Abi abi, long at, int length, boolean fromGuest) {
        if (abi.model().bigEndian() == dev.rhea.user.file.layout.DataModel.HOST.bigEndian() || length < 2) {
            return;
        }
        int before = RawMemory.getShort(at) & 0xffff;
        int after = Short.reverseBytes((short) before) & 0xffff;
        int family = fromGuest ? after : before;
        RawMemory.putShort(at, (short) after);
        if (family == AF_INET6 && length >= SCOPE_ID + 4) {
            RawMemory.putInt(at + SCOPE_ID, Integer.reverseBytes(RawMemory.getInt(at + SCOPE_ID)));
        } else if (family == AF_NETLINK && length >= 12) {
            RawMemory.putInt(at + 4, Integer.reverseBytes(RawMemory.getInt(at + 4)));
            RawMemory.putInt(at + 8, Integer.reverseBytes(RawMemory.getInt(at + 8)));
        }
    }
}
