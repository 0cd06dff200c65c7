package dev.rhea.host;

import java.nio.charset.StandardCharsets;

/**
 * An Ethernet interface of the host's kernel whose cable ends here: {@code /dev/net/tun} in TAP mode (the kernel's
 * {@code Documentation/networking/tuntap.rst}). One thread reads; any thread writes or wakes the reader.
 */
public final class TapDevice implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final int IFF_TAP = 0x0002;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFNAMSIZ = 16;
    private static final int IFREQ_BYTES = 40;
    private static final int POLLIN = 1;
    private static final int EFD = O_NONBLOCK | O_CLOEXEC;
    private static final int EAGAIN = 11;
    private static final int EINTR = 4;
    private static final String DEVICE = "/dev/net/tun";

    /** The longest frame: what a tap interface of the largest MTU gives. */
    public static final int MAX_FRAME = 65535 + 18;

    private final int fd;
    private final int wakeFd;
    private final String name;
    private final long readBuffer = RawMemory.allocate(MAX_FRAME);
    private final long writeBuffer = RawMemory.allocate(MAX_FRAME);
    private final long scratch = RawMemory.allocate(64);
    private boolean closed;

    private TapDevice(int fd, int wakeFd, String name) {
        this.fd = fd;
        this.wakeFd = wakeFd;
        this.name = name;
    }

    /** What the kernel refused. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private final int errno;

        Refused(String what, long result) {
            super(what);
            errno = (int) -result;
        }

        /** The kernel's error number. */
        public int errno() {
            return errno;
        }
    }

    /**
     * Makes an interface, or takes one that exists and is ours to take.
     *
     * @param name at most 15 bytes; may contain %d for a number of the kernel's choice
     * @throws Refused if the kernel does not let us; its message says what was refused
     */
    public static TapDevice open(String name) throws Refused {
        long memory = RawMemory.allocate(64);
        try {
            byte[] path = DEVICE.getBytes(StandardCharsets.US_ASCII);
            RawMemory.copyIn(path, 0, memory, path.length);
            RawMemory.putByte(memory + path.length, (byte) 0);
            long fd = Syscall.call(SyscallNumber.OPENAT, AT_FDCWD, memory, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
            if (Syscall.failed(fd)) {
                throw new Refused("could not open " + DEVICE, fd);
            }
            RawMemory.fill(memory, IFREQ_BYTES, (byte) 0);
            byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
            RawMemory.copyIn(wanted, 0, memory, Math.min(wanted.length, IFNAMSIZ - 1));
            RawMemory.putShort(memory + IFNAMSIZ, (short) (IFF_TAP | IFF_NO_PI));
            long result = Syscall.call(SyscallNumber.IOCTL, fd, TUNSETIFF, memory);
            if (Syscall.failed(result)) {
                Syscall.call(SyscallNumber.CLOSE, fd);
                throw new Refused("could not configure " + DEVICE + " (" + name + ")", result);
            }
            byte[] given = new byte[IFNAMSIZ];
            RawMemory.copyOut(memory, given, 0, IFNAMSIZ);
            String real = new String(given, StandardCharsets.UTF_8).split("\0", 2)[0];
            long wake = Syscall.call(SyscallNumber.EVENTFD2, 0, EFD);
            if (Syscall.failed(wake)) {
                Syscall.call(SyscallNumber.CLOSE, fd);
                throw new Refused("could not make an eventfd", wake);
            }
            return new TapDevice((int) fd, (int) wake, real);
        } finally {
            RawMemory.free(memory);
        }
    }

    /** The interface's name. */
    public String name() {
        return name;
    }

    /**
     * Waits for a frame.
     *
     * @param frame room for {@link #MAX_FRAME} bytes
     * @return its length; 0 if {@link #wake} was called or the wait was interrupted; negative if the interface is gone
     */
    public int read(byte[] frame) {
        long n = Syscall.call(SyscallNumber.READ, fd, readBuffer, MAX_FRAME);
        if (n == -EAGAIN) {
            // struct pollfd: int fd, short events, short revents
            RawMemory.putInt(scratch, fd);
            RawMemory.putInt(scratch + 4, POLLIN);
            RawMemory.putInt(scratch + 8, wakeFd);
            RawMemory.putInt(scratch + 12, POLLIN);
            Syscall.call(SyscallNumber.PPOLL, scratch, 2, 0, 0, 0);
            Syscall.call(SyscallNumber.READ, wakeFd, scratch + 16, 8);
            return 0;
        }
        if (n > 0) {
            RawMemory.copyOut(readBuffer, frame, 0, (int) n);
        }
        return n == -EINTR ? 0 : (int) n;
    }

    /** Gives the kernel a frame; it is lost if the kernel has no room. */
    public synchronized void write(byte[] frame, int offset, int length) {
        if (!closed && length <= MAX_FRAME) {
            RawMemory.copyIn(frame, offset, writeBuffer, length);
            Syscall.call(SyscallNumber.WRITE, fd, writeBuffer, length);
        }
    }

    /** Ends the reader's waiting. */
    public synchronized void wake() {
        if (!closed) {
            RawMemory.putLong(scratch + 32, 1);
            Syscall.call(SyscallNumber.WRITE, wakeFd, scratch + 32, 8);
        }
    }

    /** Gives the interface up. For the reader, who reads no more. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Syscall.call(SyscallNumber.CLOSE, fd);
            Syscall.call(SyscallNumber.CLOSE, wakeFd);
            RawMemory.free(readBuffer);
            RawMemory.free(writeBuffer);
            RawMemory.free(scratch);
        }
    }
}
