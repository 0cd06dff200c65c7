package dev.rhea.host;

import java.io.IOException;

/** A pseudo terminal, {@code pty(7)}: whoever opens {@link #path} talks to whoever holds {@link #master}. */
public final class PseudoTerminal implements AutoCloseable {
    private static final int TIOCGPTN = 0x80045430;
    private static final int TIOCSPTLCK = 0x40045431;

    private final Descriptor master;
    private final String path;

    private PseudoTerminal(Descriptor master, String path) {
        this.master = master;
        this.path = path;
    }

    /** Makes one. Its modes are raw: it echoes nothing. {@link Descriptor#hungUp} holds until someone opens it. */
    public static PseudoTerminal open() throws IOException {
        Descriptor master = Descriptor.open("/dev/ptmx", true);
        long memory = RawMemory.allocate(8);
        try {
            control(master, TIOCSPTLCK, memory);
            control(master, TIOCGPTN, memory);
            String path = "/dev/pts/" + RawMemory.getInt(memory);
            // The kernel knows of hanging up only after somebody was there.
            try (Descriptor slave = Descriptor.open(path, true)) {
                Terminal.set(slave.number(), Terminal.modes(slave.number()).raw());
            }
            return new PseudoTerminal(master, path);
        } catch (IOException e) {
            master.close();
            throw e;
        } finally {
            RawMemory.free(memory);
        }
    }

    private static void control(Descriptor master, int request, long argument) throws IOException {
        long result = Syscall.call(SyscallNumber.IOCTL, master.number(), request & 0xffff_ffffL, argument);
        if (Syscall.failed(result)) {
            throw new IOException("/dev/ptmx: " + Errno.text((int) -result));
        }
    }

    /** Our end. */
    public Descriptor master() {
        return master;
    }

    /** The other end's name, such as "/dev/pts/3". */
    public String path() {
        return path;
    }

    @Override
    public void close() {
        master.close();
    }
}
