package dev.rhea.host;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stream sockets in Linux's abstract namespace, {@code unix(7)}, which have a name but no file. */
public final class AbstractSocket {
    private AbstractSocket() {}

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;

    /** {@code sun_path}'s size; the first byte is the zero that means "abstract". */
    private static final int PATH_BYTES = 108;

    /** The longest name. */
    public static final int MAX_NAME = PATH_BYTES - 1;

    /**
     * A socket that listens.
     *
     * @param name 1 to {@link #MAX_NAME} bytes
     * @param tight whether the address ends with the name; if not, zeroes up to the longest name belong to it
     */
    public static Descriptor listen(byte[] name, boolean tight) throws IOException {
        Descriptor socket = socket();
        try {
            call(SyscallNumber.BIND, socket, name, tight);
            require(Syscall.call(SyscallNumber.LISTEN, socket.number(), 1));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket that is connected to a listening one; the parameters are {@link #listen}'s. */
    public static Descriptor connect(byte[] name, boolean tight) throws IOException {
        Descriptor socket = socket();
        try {
            call(SyscallNumber.CONNECT, socket, name, tight);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Waits for the next connection; null after {@link Descriptor#cancel}. */
    public static @Nullable Descriptor accept(Descriptor listening) throws IOException {
        if (!listening.awaitInput()) {
            return null;
        }
        return Descriptor.owned(
                (int) require(Syscall.call(SyscallNumber.ACCEPT4, listening.number(), 0, 0, SOCK_CLOEXEC)));
    }

    private static Descriptor socket() throws IOException {
        return Descriptor.owned(
                (int) require(Syscall.call(SyscallNumber.SOCKET, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)));
    }

    private static void call(int number, Descriptor socket, byte[] name, boolean tight) throws IOException {
        if (name.length == 0 || name.length > MAX_NAME) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME + " bytes, not " + name.length);
        }
        long address = RawMemory.allocate(2 + PATH_BYTES);
        try {
            RawMemory.putShort(address, (short) AF_UNIX);
            RawMemory.copyIn(name, 0, address + 3, name.length);
            require(Syscall.call(number, socket.number(), address, tight ? 3 + name.length : 2 + PATH_BYTES));
        } finally {
            RawMemory.free(address);
        }
    }

    private static long require(long result) throws IOException {
        if (Syscall.failed(result)) {
            throw new IOException(Errno.text((int) -result));
        }
        return result;
    }
}
