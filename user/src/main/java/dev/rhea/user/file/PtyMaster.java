package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.process.Signal;
import dev.rhea.user.process.Task;
import dev.rhea.user.process.Terminals;
import java.util.ArrayList;
import java.util.List;

/**
 * The side of a pseudo-terminal that a terminal emulator holds. The host's line discipline swallows and echoes the keys that
 * send signals, but knows no guest to send them to: that is done here.
 */
final class PtyMaster implements Description.Extra {
    private static final int TCGETS = 0x5401;
    private static final int TIOCGPTPEER = 0x5441;

    /** Members of the kernel's {@code struct termios}. */
    private static final int C_LFLAG = 12;

    private static final int C_CC = 17;
    private static final int VINTR = 0;
    private static final int VQUIT = 1;
    private static final int VSUSP = 10;
    private static final int VLNEXT = 15;
    private static final int ISIG = 1;
    private static final int ICANON = 2;
    private static final int IEXTEN = 0x8000;
    private static final int POLLIN = 1;

    private final Terminals terminals;
    private final int number;

    /** Whether the last byte took the next one's meaning away. Written by whoever writes, as the host's discipline has it. */
    private boolean literal;

    PtyMaster(Terminals terminals, int number) {
        this.terminals = terminals;
        this.number = number;
    }

    @Override
    public void closed() {
        terminals.hungUp(number);
    }

    /** So many bytes of a buffer were written to the master. */
    void typed(Task task, Description d, Buffers buffers, long count) {
        long termios = task.scratch().struct();
        if (Syscall.call(SyscallNumber.IOCTL, d.hostFd(), TCGETS, termios) != 0) {
            return;
        }
        int flags = RawMemory.getInt(termios + C_LFLAG);
        if ((flags & ISIG) == 0) {
            return;
        }
        boolean literals = (flags & (ICANON | IEXTEN)) == (ICANON | IEXTEN);
        byte[] keys = new byte[VLNEXT + 1];
        RawMemory.copyOut(termios + C_CC, keys, 0, keys.length);
        long left = count;
        List<Integer> signals = new ArrayList<>();
        for (int i = 0; i < buffers.count() && left > 0; i++) {
            long from = buffers.count() == 1 ? buffers.first() : RawMemory.getLong(buffers.iov() + 16L * i);
            long length = buffers.count() == 1 ? left : Math.min(left, RawMemory.getLong(buffers.iov() + 16L * i + 8));
            for (long at = from; at < from + length; at++) {
                int signal = typed(RawMemory.getByte(at), keys, literals);
                if (signal != 0) {
                    signals.add(signal);
                }
            }
            left -= length;
        }
        if (!signals.isEmpty()) {
            settle(task, d);
            signals.forEach(signal -> terminals.signal(terminals.find(number), signal));
        }
    }

    /** What a key sends, or 0. */
    private int typed(byte key, byte[] keys, boolean literals) {
        if (literal) {
            literal = false;
            return 0;
        }
        // 0 stands for no key.
        if (key == 0) {
            return 0;
        }
        if (literals && key == keys[VLNEXT]) {
            literal = true;
            return 0;
        }
        return key == keys[VINTR]
                ? Signal.SIGINT
                : key == keys[VQUIT] ? Signal.SIGQUIT : key == keys[VSUSP] ? Signal.SIGTSTP : 0;
    }

    /**
     * Waits until the host's line discipline has taken what was written, which it does on a thread of its own: at such a key it
     * throws away what waits in both directions, and that must not be what the guest prints because of the signal. Looking for
     * input on the other side makes the kernel finish that work.
     */
    private static void settle(Task task, Description d) {
        long peer = Syscall.call(
                SyscallNumber.IOCTL,
                d.hostFd(),
                TIOCGPTPEER,
                Linux.O_RDWR | Linux.O_NOCTTY | Linux.O_NONBLOCK | Linux.O_CLOEXEC);
        if (Syscall.failed(peer)) {
            return;
        }
        long poll = task.scratch().struct();
        RawMemory.putInt(poll, (int) peer);
        RawMemory.putInt(poll + 4, POLLIN);
        RawMemory.putLong(poll + 8, 0);
        RawMemory.putLong(poll + 16, 0);
        Syscall.call(SyscallNumber.PPOLL, poll, 1, poll + 8, 0, 0, 0);
        Syscall.call(SyscallNumber.CLOSE, peer);
    }
}
