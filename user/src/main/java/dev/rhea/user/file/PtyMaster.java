package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.process.Signal;
import dev.rhea.user.process.Task;
import dev.rhea.user.process.Terminals;

/**
 * The side of a pseudo-terminal that a terminal emulator holds. The host's line discipline swallows and echoes the keys that
 * send signals, but knows no guest to send them to: that is done here.
 */
final class PtyMaster implements Description.Extra {
    private static final int TCGETS = 0x5401;

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
        for (int i = 0; i < buffers.count() && left > 0; i++) {
            long from = buffers.count() == 1 ? buffers.first() : RawMemory.getLong(buffers.iov() + 16L * i);
            long length = buffers.count() == 1 ? left : Math.min(left, RawMemory.getLong(buffers.iov() + 16L * i + 8));
            for (long at = from; at < from + length; at++) {
                typed(RawMemory.getByte(at), keys, literals);
            }
            left -= length;
        }
    }

    private void typed(byte key, byte[] keys, boolean literals) {
        if (literal) {
            literal = false;
            return;
        }
        // 0 stands for no key.
        if (key == 0) {
            return;
        }
        if (literals && key == keys[VLNEXT]) {
            literal = true;
        } else if (key == keys[VINTR]) {
            terminals.signal(terminals.find(number), Signal.SIGINT);
        } else if (key == keys[VQUIT]) {
            terminals.signal(terminals.find(number), Signal.SIGQUIT);
        } else if (key == keys[VSUSP]) {
            terminals.signal(terminals.find(number), Signal.SIGTSTP);
        }
    }
}
