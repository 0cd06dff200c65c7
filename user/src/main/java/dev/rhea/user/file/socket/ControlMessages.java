package dev.rhea.user.file.socket;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.Scratch;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Task;
import java.util.ArrayList;
import java.util.List;

/** Control messages of sendmsg and recvmsg: descriptors, credentials and the like, between guest's and host's form. */
final class ControlMessages {
    /** Members of {@code struct cmsghdr}. */
    enum Header {
        LENGTH,
        LEVEL,
        TYPE
    }

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;

    private static final Layout<Header> HOST = layout(DataModel.HOST);

    private static Layout<Header> layout(DataModel model) {
        return new Struct<>(Header.class)
                .word(Header.LENGTH)
                .s32(Header.LEVEL, Header.TYPE)
                .in(model);
    }

    private final Abi abi;
    private final Layout<Header> guest;

    ControlMessages(Abi abi) {
        this.abi = abi;
        guest = layout(abi.model());
    }

    private static int align(int n, int word) {
        return n + word - 1 & -word;
    }

    /**
     * Translates what the guest sends.
     *
     * @param to {@link Scratch#STRUCT_SIZE} bytes of host memory
     * @param held gets the descriptions that travel, with a reference each until the message is sent
     * @return bytes at {@code to}
     * @throws Errno EINVAL for a malformed message, EBADF for a descriptor that is not open, ENOBUFS for too much
     */
    int toHost(Task task, long from, long length, long to, List<Description> held) {
        GuestMemory memory = task.memory();
        int word = abi.model().wordSize();
        if (length > Scratch.STRUCT_SIZE / 2) {
            throw new Errno(Errno.ENOBUFS);
        }
        int used = 0;
        long at = 0;
        while (length - at >= guest.size()) {
            long size = guest.get(memory, from + at, Header.LENGTH);
            if (size < guest.size() || size > length - at) {
                throw new Errno(Errno.EINVAL);
            }
            int level = (int) guest.get(memory, from + at, Header.LEVEL);
            int type = (int) guest.get(memory, from + at, Header.TYPE);
            int data = (int) size - guest.size();
            long body = to + used + HOST.size();
            HOST.putHost(to + used, Header.LENGTH, HOST.size() + data);
            HOST.putHost(to + used, Header.LEVEL, level);
            HOST.putHost(to + used, Header.TYPE, type);
            byte[] bytes = new byte[data];
            memory.read(from + at + guest.size(), bytes, 0, data);
            RawMemory.copyIn(bytes, 0, body, data);
            if (level == SOL_SOCKET && (type == SCM_RIGHTS || type == SCM_CREDENTIALS)) {
                for (int i = 0; i + 4 <= data; i += 4) {
                    int value = (int) memory.read(from + at + guest.size() + i, 4);
                    if (type == SCM_RIGHTS) {
                        Description d = task.files().acquire(value);
                        held.add(d);
                        value = d.hostFd();
                    } else if (i == 0 && value == task.process().pid()) {
                        value = (int) ProcessHandle.current().pid(); // the host's kernel checks it
                    }
                    RawMemory.putInt(body + i, value);
                }
            }
            used += align(HOST.size() + data, 8);
            at += align((int) size, word);
        }
        return used;
    }

    /** What became of the control data of a received message. */
    record Received(int length, boolean truncated) {}

    /**
     * Translates what the host received.
     *
     * @param from the host's control data, {@code length} bytes
     * @param to the guest's buffer of {@code room} bytes
     * @param cloexec whether descriptors that arrive are close-on-exec
     */
    Received toGuest(Task task, long from, int length, long to, long room, boolean cloexec) {
        int word = abi.model().wordSize();
        int at = 0;
        int used = 0;
        boolean truncated = false;
        while (length - at >= HOST.size()) {
            int size = (int) HOST.getHost(from + at, Header.LENGTH);
            if (size < HOST.size() || size > length - at) {
                break;
            }
            int level = (int) HOST.getHost(from + at, Header.LEVEL);
            int type = (int) HOST.getHost(from + at, Header.TYPE);
            int data = size - HOST.size();
            boolean rights = level == SOL_SOCKET && type == SCM_RIGHTS;
            int left = (int) Math.min(room - used, Integer.MAX_VALUE) - guest.size();
            int fits = Math.max(0, Math.min(data, rights ? left & -4 : left));
            byte[] bytes = new byte[data];
            RawMemory.copyOut(from + at + HOST.size(), bytes, 0, data);
            if (rights) {
                fits = receive(task, bytes, fits, cloexec);
            }
            truncated |= fits < data;
            if (left >= 0 && (fits > 0 || data == 0)) {
                GuestMemory memory = task.memory();
                guest.put(memory, to + used, Header.LENGTH, guest.size() + fits);
                guest.put(memory, to + used, Header.LEVEL, level);
                guest.put(memory, to + used, Header.TYPE, type);
                memory.write(to + used + guest.size(), bytes, 0, fits);
                if (rights || level == SOL_SOCKET && type == SCM_CREDENTIALS) {
                    for (int i = 0; i + 4 <= fits; i += 4) {
                        memory.write(to + used + guest.size() + i, hostInt(bytes, i), 4);
                    }
                }
                used += (int) Math.min(align(guest.size() + fits, word), room - used);
            }
            at += align(size, 8);
        }
        return new Received(used, truncated);
    }

    /** Installs received descriptors and puts the guest's numbers in their place; closes those that do not fit. Bytes that hold. */
    private static int receive(Task task, byte[] bytes, int fits, boolean cloexec) {
        int good = 0;
        for (int i = 0; i + 4 <= bytes.length; i += 4) {
            int hostFd = hostInt(bytes, i);
            if (i >= fits || good < i) {
                Syscall.call(SyscallNumber.CLOSE, hostFd);
                continue;
            }
            try {
                int fd = task.files().install(Description.received(hostFd, task.scratch()), cloexec);
                for (int k = 0; k < 4; k++) {
                    bytes[i + k] = (byte) (fd >>> 8 * (DataModel.HOST.bigEndian() ? 3 - k : k));
                }
                good = i + 4;
            } catch (Errno e) {
                // EMFILE: install has closed it; the rest is cut off, as Linux does
            }
        }
        return good;
    }

    private static int hostInt(byte[] bytes, int at) {
        int value = 0;
        for (int k = 0; k < 4; k++) {
            value |= (bytes[at + k] & 0xff) << 8 * (DataModel.HOST.bigEndian() ? 3 - k : k);
        }
        return value;
    }

    /** Drops the references to descriptions that travelled. */
    static void release(List<Description> held) {
        for (int i = 0; i < held.size(); i++) {
            held.get(i).release();
        }
        held.clear();
    }

    static List<Description> none() {
        return new ArrayList<>(0);
    }
}
