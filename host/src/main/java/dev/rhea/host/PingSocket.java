package dev.rhea.host;

import org.jspecify.annotations.Nullable;

/**
 * A socket for ICMP echo that needs no privilege, {@code icmp(7)}: the kernel lets groups have one that
 * {@code net.ipv4.ping_group_range} names. It checks what is sent and fills in identifier and checksum. Used by one thread;
 * nothing waits.
 */
public final class PingSocket implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int MESSAGE_BYTES = 65535;

    private final int fd;
    private final boolean v6;
    private final long memory = RawMemory.allocate(SOCKADDR_IN6_BYTES + 4 + MESSAGE_BYTES);

    private PingSocket(int fd, boolean v6) {
        this.fd = fd;
        this.v6 = v6;
    }

    /** One for IPv6 or IPv4, or null if the host does not let us have it. */
    public static @Nullable PingSocket open(boolean v6) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        long fd = Syscall.call(
                SyscallNumber.SOCKET,
                v6 ? AF_INET6 : AF_INET,
                SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
        return Syscall.failed(fd) ? null : new PingSocket((int) fd, v6);
    }

    /**
     * Sends an echo request.
     *
     * @param target 4 or 16 bytes of address
     * @param message from the type on
     * @return false if the kernel refuses it
     */
    public boolean send(byte[] target, byte[] message, int length) {
        long address = memory;
        RawMemory.fill(address, SOCKADDR_IN6_BYTES, (byte) 0);
        RawMemory.putShort(address, (short) (v6 ? AF_INET6 : AF_INET));
        RawMemory.copyIn(target, 0, address + (v6 ? 8 : 4), target.length);
        long data = memory + SOCKADDR_IN6_BYTES + 4;
        RawMemory.copyIn(message, 0, data, Math.min(length, MESSAGE_BYTES));
        int size = v6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES;
        return !Syscall.failed(Syscall.call(SyscallNumber.SENDTO, fd, data, length, 0, address, size));
    }

    /**
     * Receives an echo reply, if there is one.
     *
     * @param message gets it from the type on
     * @return its length, or a negative number
     */
    public int receive(byte[] message) {
        long data = memory + SOCKADDR_IN6_BYTES + 4;
        int room = Math.min(message.length, MESSAGE_BYTES);
        long n = Syscall.call(SyscallNumber.RECVFROM, fd, data, room, 0, 0, 0);
        if (n > 0) {
            RawMemory.copyOut(data, message, 0, (int) n);
        }
        return (int) n;
    }

    @Override
    public void close() {
        Syscall.call(SyscallNumber.CLOSE, fd);
        RawMemory.free(memory);
    }
}
