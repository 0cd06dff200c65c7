package dev.rhea.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** Modes of the host's terminals: {@code termios(3)}, by the kernel's calls. */
public final class Terminal {
    private Terminal() {}

    private static final int TCGETS = 0x5401;
    private static final int TCSETS = 0x5402;

    /** The kernel's {@code struct termios}: four words of flags, the discipline, 19 characters. */
    private static final int BYTES = 36;

    private static final int IFLAG = 0;
    private static final int OFLAG = 4;
    private static final int CFLAG = 8;
    private static final int LFLAG = 12;
    private static final int CC = 17;

    private static final int IGNBRK = 1;
    private static final int BRKINT = 2;
    private static final int PARMRK = 8;
    private static final int ISTRIP = 0x20;
    private static final int INLCR = 0x40;
    private static final int IGNCR = 0x80;
    private static final int ICRNL = 0x100;
    private static final int IXON = 0x400;
    private static final int OPOST = 1;
    private static final int CSIZE = 0x30;
    private static final int CS8 = 0x30;
    private static final int PARENB = 0x100;
    private static final int ISIG = 1;
    private static final int ICANON = 2;
    private static final int ECHO = 8;
    private static final int ECHONL = 0x40;
    private static final int IEXTEN = 0x8000;
    private static final int VTIME = 5;
    private static final int VMIN = 6;

    /** Modes as the kernel gave them. */
    public static final class Modes {
        private final byte[] bytes;

        private Modes(byte[] bytes) {
            this.bytes = bytes;
        }

        private Modes with(int at, int clear, int set) {
            byte[] changed = bytes.clone();
            ByteBuffer words = ByteBuffer.wrap(changed).order(ByteOrder.nativeOrder());
            words.putInt(at, words.getInt(at) & ~clear | set);
            return new Modes(changed);
        }

        /**
         * The same for a program that wants every key as it is pressed: no lines, no echo, no translation of input. Output
         * is treated as before, so a line feed still returns the carriage.
         *
         * @param signals whether the keys for interrupt, quit and suspend still send signals
         */
        public Modes keyByKey(boolean signals) {
            Modes modes = with(IFLAG, IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON, 0)
                    .with(OFLAG, 0, OPOST)
                    .with(CFLAG, CSIZE | PARENB, CS8)
                    .with(LFLAG, ECHO | ECHONL | ICANON | IEXTEN | (signals ? 0 : ISIG), 0);
            modes.bytes[CC + VMIN] = 1;
            modes.bytes[CC + VTIME] = 0;
            return modes;
        }

        /** {@link #keyByKey} without signals, and output is left alone too: {@code cfmakeraw(3)}. */
        public Modes raw() {
            return keyByKey(false).with(OFLAG, OPOST, 0);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Modes modes && Arrays.equals(bytes, modes.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        /** Flags in the order of the structure, for messages. */
        @Override
        public String toString() {
            return HexFormat.of().formatHex(bytes);
        }
    }

    /** Whether a descriptor is a terminal's. */
    public static boolean is(int descriptor) {
        long memory = RawMemory.allocate(BYTES);
        try {
            return !Syscall.failed(Syscall.call(SyscallNumber.IOCTL, descriptor, TCGETS, memory));
        } finally {
            RawMemory.free(memory);
        }
    }

    /**
     * The terminal's modes.
     *
     * @throws IllegalArgumentException if it is no terminal
     */
    public static Modes modes(int descriptor) {
        long memory = RawMemory.allocate(BYTES);
        try {
            require(Syscall.call(SyscallNumber.IOCTL, descriptor, TCGETS, memory), descriptor);
            byte[] bytes = new byte[BYTES];
            RawMemory.copyOut(memory, bytes, 0, BYTES);
            return new Modes(bytes);
        } finally {
            RawMemory.free(memory);
        }
    }

    /**
     * Sets the terminal's modes at once.
     *
     * @throws IllegalArgumentException if it is no terminal
     */
    public static void set(int descriptor, Modes modes) {
        long memory = RawMemory.allocate(BYTES);
        try {
            RawMemory.copyIn(modes.bytes, 0, memory, BYTES);
            require(Syscall.call(SyscallNumber.IOCTL, descriptor, TCSETS, memory), descriptor);
        } finally {
            RawMemory.free(memory);
        }
    }

    private static void require(long result, int descriptor) {
        if (Syscall.failed(result)) {
            throw new IllegalArgumentException(
                    "descriptor " + descriptor + " as a terminal: " + Errno.text((int) -result));
        }
    }
}
