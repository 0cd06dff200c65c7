package dev.rhea.user.file.socket;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.GuestTimes;
import dev.rhea.user.file.Scratch;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;

/** getsockopt and setsockopt. Most values are ints or byte strings and pass; times and what holds addresses do not. */
final class SocketOptions {
    private static final int SOL_IP = 0;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_TCP = 6;
    private static final int SOL_IPV6 = 41;

    private static final int SO_LINGER = 13;
    private static final int SO_PEERCRED = 17;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_ATTACH_BPF = 50;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final int SO_ATTACH_REUSEPORT_EBPF = 52;
    private static final int SO_RCVTIMEO_NEW = 66;
    private static final int SO_SNDTIMEO_NEW = 67;
    private static final int TCP_ZEROCOPY_RECEIVE = 35;

    private final Abi abi;

    SocketOptions(Abi abi) {
        this.abi = abi;
    }

    /** Options whose values hold addresses: the host's kernel would take them for ours. */
    private static boolean refused(int level, int name) {
        return switch (level) {
            case SOL_SOCKET ->
                name == SO_ATTACH_FILTER
                        || name == SO_ATTACH_BPF
                        || name == SO_ATTACH_REUSEPORT_CBPF
                        || name == SO_ATTACH_REUSEPORT_EBPF;
            case SOL_TCP -> name == TCP_ZEROCOPY_RECEIVE;
            // The packet filter's: iptables, arptables, ebtables.
            case SOL_IP -> name == 64 || name == 65 || name == 96 || name == 97 || name == 128 || name == 129;
            case SOL_IPV6 -> name == 64 || name == 65;
            default -> false;
        };
    }

    private static boolean isTimeout(int level, int name) {
        return level == SOL_SOCKET
                && (name == SO_RCVTIMEO || name == SO_SNDTIMEO || name == SO_RCVTIMEO_NEW || name == SO_SNDTIMEO_NEW);
    }

    private static boolean ofReceiving(int name) {
        return name == SO_RCVTIMEO || name == SO_RCVTIMEO_NEW;
    }

    private Layout<Abi.Time> time(int name) {
        return abi.time(name == SO_RCVTIMEO_NEW || name == SO_SNDTIMEO_NEW);
    }

    long set(Task task, Description d, int level, int name, long at, int length) {
        if (length < 0) {
            return -Errno.EINVAL;
        }
        if (refused(level, name)) {
            return -Errno.ENOPROTOOPT;
        }
        if (isTimeout(level, name)) {
            Layout<Abi.Time> time = time(name);
            if (length < time.size()) {
                return -Errno.EINVAL;
            }
            long timeout;
            try {
                timeout = GuestTimes.readTimeval(abi, task.memory(), time, at);
            } catch (Errno e) {
                return -Errno.EDOM;
            }
            if (ofReceiving(name)) {
                d.setReceiveTimeout(timeout);
            } else {
                d.setSendTimeout(timeout);
            }
            return 0;
        }
        if (length > Scratch.STRUCT_SIZE) {
            return -Errno.EINVAL;
        }
        long host = task.scratch().struct();
        byte[] value = new byte[length];
        if (at != 0 || length != 0) {
            task.memory().read(at, value, 0, length);
        }
        RawMemory.copyIn(value, 0, host, length);
        swap(level, name, host, length);
        return Syscall.call(SyscallNumber.SETSOCKOPT, d.hostFd(), level, name, at == 0 ? 0 : host, length);
    }

    long get(Task task, Description d, int level, int name, long at, long lengthAt) {
        GuestMemory memory = task.memory();
        int room = (int) memory.read(lengthAt, 4);
        if (room < 0) {
            return -Errno.EINVAL;
        }
        if (refused(level, name)) {
            return -Errno.ENOPROTOOPT;
        }
        if (isTimeout(level, name)) {
            Layout<Abi.Time> time = time(name);
            if (room < time.size()) {
                return -Errno.EINVAL;
            }
            GuestTimes.writeTimeval(memory, time, at, ofReceiving(name) ? d.receiveTimeout() : d.sendTimeout());
            memory.write(lengthAt, time.size(), 4);
            return 0;
        }
        long host = task.scratch().struct();
        long lengthHost = task.scratch().struct2();
        RawMemory.putInt(lengthHost, Math.min(room, Scratch.STRUCT_SIZE));
        long result = Syscall.call(SyscallNumber.GETSOCKOPT, d.hostFd(), level, name, host, lengthHost);
        if (result < 0) {
            return result;
        }
        int length = Math.min(RawMemory.getInt(lengthHost), Scratch.STRUCT_SIZE);
        swap(level, name, host, length);
        byte[] value = new byte[Math.min(length, room)];
        RawMemory.copyOut(host, value, 0, value.length);
        memory.write(at, value, 0, value.length);
        memory.write(lengthAt, length, 4);
        return result;
    }

    /** Ints in the other byte order: single ones, and the two structures made of them. */
    private void swap(int level, int name, long host, int length) {
        if (abi.model().bigEndian() == DataModel.HOST.bigEndian()) {
            return;
        }
        if (length == 4 || level == SOL_SOCKET && (name == SO_LINGER || name == SO_PEERCRED)) {
            for (int i = 0; i + 4 <= length; i += 4) {
                RawMemory.putInt(host + i, Integer.reverseBytes(RawMemory.getInt(host + i)));
            }
        }
    }
}
