package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.process.Signal;
import dev.rhea.user.process.Task;
import dev.rhea.user.process.Terminal;
import dev.rhea.user.process.Terminals;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * ioctl: terminals, descriptors' flags, and what is simple of the rest. A request is only passed on when its argument is
 * known, since the host's kernel would take an address in it for one of ours. Requests are in {@code asm-generic}'s
 * numbering.
 */
public final class IoctlCalls implements CallFamily {

    private static final int TCSETS = 0x5402;
    private static final int TCSETSF = 0x5404;
    private static final int TCSBRK = 0x5409;
    private static final int TCXONC = 0x540a;
    private static final int TCFLSH = 0x540b;
    private static final int TIOCSCTTY = 0x540e;
    private static final int TIOCGPGRP = 0x540f;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TIOCSTI = 0x5412;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int TIOCSWINSZ = 0x5414;
    private static final int TIOCSIG = 0x40045436;
    private static final int TIOCNOTTY = 0x5422;
    private static final int TCSBRKP = 0x5425;
    private static final int TIOCGSID = 0x5429;
    private static final int TIOCGPTPEER = 0x5441;
    private static final int FIONBIO = 0x5421;
    private static final int FIONCLEX = 0x5450;
    private static final int FIOCLEX = 0x5451;
    private static final int FIOASYNC = 0x5452;
    private static final int TCSETS2 = 0x402c542b;
    private static final int TCSETSF2 = 0x402c542d;
    private static final int TCGETS = 0x5401;
    private static final int FICLONE = 0x40049409;

    private static final int TERMIOS = 36;
    private static final int TERMIOS2 = 44;
    private static final int IFREQ = 40;

    /** How a request's argument is to be passed: bytes in the low half, then these. */
    private static final int IN = 1 << 16;

    private static final int OUT = 1 << 17;
    /** The argument is a number, not an address. */
    private static final int VALUE = 1 << 18;
    /** Made of 16-bit numbers; of 32-bit ones otherwise. */
    private static final int SHORTS = 1 << 19;
    /** Mixed: only guests like the host. */
    private static final int SAME_ABI = 1 << 20;

    private final Abi abi;
    private final ConcurrentHashMap<Integer, Boolean> named = new ConcurrentHashMap<>();

    public IoctlCalls(Abi abi) {
        this.abi = abi;
    }

    @Override
    public @Nullable Call find(String name) {
        return name.equals("ioctl") ? this::ioctl : null;
    }

    /** How to pass the request's argument, or 0 where it is not known. */
    private static int shape(int request) {
        return switch (request) {
            case TCGETS -> OUT | TERMIOS;
            case TCSETS, TCSETS + 1, TCSETSF -> IN | TERMIOS;
            case 0x802c542a -> OUT | TERMIOS2;
            case TCSETS2, TCSETS2 + 1, TCSETSF2 -> IN | TERMIOS2;
            case TCSBRK, TCXONC, TCFLSH, TCSBRKP -> VALUE;
            case 0x540c, 0x540d, 0x5427, 0x5428 -> VALUE; // TIOCEXCL, TIOCNXCL, TIOCSBRK, TIOCCBRK
            case 0x5411, 0x5415, 0x5419, 0x541b, 0x5424 ->
                OUT | 4; // TIOCOUTQ, TIOCMGET, TIOCGSOFTCAR, FIONREAD, TIOCGETD
            case 0x5416, 0x5417, 0x5418, 0x541a, 0x5420, 0x5423 -> IN | 4; // TIOCMBIS … TIOCSSOFTCAR, TIOCPKT, TIOCSETD
            case TIOCGWINSZ -> OUT | SHORTS | 8;
            case TIOCSWINSZ -> IN | SHORTS | 8;
            case 0x80045430, 0x80045438, 0x80045439, 0x80045440 -> OUT | 4; // TIOCGPTN, TIOCGPKT, TIOCGPTLCK, TIOCGEXCL
            case 0x40045431 -> IN | 4; // TIOCSPTLCK
            case 0x5460 -> OUT | SAME_ABI | 8; // FIOQSIZE
            case 0x8905 -> OUT | 4; // SIOCATMARK
            case 0x8906, 0x8907 -> OUT | SAME_ABI | 16; // SIOCGSTAMP, SIOCGSTAMPNS
            case 0x8910, 0x8913, 0x8915, 0x8917, 0x8919, 0x891b, 0x891d, 0x8921, 0x8927, 0x8933, 0x8942, 0x8970 ->
                // SIOCGIFNAME, -FLAGS, -ADDR, -DSTADDR, -BRDADDR, -NETMASK, -METRIC, -MTU, -HWADDR, -INDEX, -TXQLEN,
                // -MAP
                IN | OUT | SAME_ABI | IFREQ;
            case 0x80086601, 0x80046601 -> OUT | 4; // FS_IOC_GETFLAGS: an int, whatever the number says
            case 0x40086602, 0x40046602 -> IN | 4; // FS_IOC_SETFLAGS
            case 0x80087601, 0x80047601 -> OUT | 4; // FS_IOC_GETVERSION
            case 0x80081272 -> OUT | SAME_ABI | 8; // BLKGETSIZE64
            case 0x1268, 0x125e -> OUT | 4; // BLKSSZGET, BLKROGET
            case 0x80045200 -> OUT | 4; // RNDGETENTCNT
            default -> 0;
        };
    }

    private long ioctl(Task task, long[] a) {
        int request = (int) a[1];
        long argument = abi.word(a[2]);
        int fd = (int) a[0];
        if (request == FIOCLEX || request == FIONCLEX) {
            task.files().setCloseOnExec(fd, request == FIOCLEX);
            return 0;
        }
        Description d = task.files().acquireFile(fd);
        try {
            return switch (request) {
                case FIONBIO -> setNonBlocking(task, d, argument);
                case FIOASYNC -> task.memory().read(argument, 4) == 0 ? 0 : -Errno.EOPNOTSUPP;
                case TIOCGPGRP, TIOCGSID, TIOCSPGRP, TIOCSCTTY, TIOCNOTTY, TIOCSWINSZ, TIOCSIG ->
                    terminal(task, d, request, argument, (int) a[2]);
                case TIOCSTI -> -Errno.EPERM; // would type into the host's terminal
                case TIOCGPTPEER -> openPeer(task, d, (int) a[2]);
                case FICLONE -> clone(task, d, (int) a[2]);
                default -> pass(task, d, request, argument, (int) a[2]);
            };
        } finally {
            d.release();
        }
    }

    private static long setNonBlocking(Task task, Description d, long argument) {
        boolean on = task.memory().read(argument, 4) != 0;
        if (d.kind() == Description.Kind.INHERITED) {
            Host.setNonBlocking(d.hostFd(), on);
        }
        d.setNonBlocking(on);
        return 0;
    }

    /** What concerns sessions and groups, which only we know. */
    private long terminal(Task task, Description d, int request, long argument, int value) {
        Terminals terminals = task.kernel().terminals();
        if (request == TIOCSWINSZ && d.terminal() < 0) {
            return pass(task, d, request, argument, value);
        }
        Terminal terminal = terminals.find(d.terminal());
        boolean master = d.extra() instanceof PtyMaster;
        switch (request) {
            case TIOCGPGRP -> task.memory().write(argument, terminals.foreground(task, terminal, master), 4);
            case TIOCGSID -> task.memory().write(argument, terminals.session(task, terminal, master), 4);
            case TIOCSPGRP -> {
                int group = (int) task.memory().read(argument, 4);
                terminals.checkForeground(task, terminal, Signal.SIGTTOU);
                terminals.setForeground(task, terminal, group);
            }
            case TIOCSCTTY -> terminals.acquire(task, terminal, value == 1);
            case TIOCNOTTY -> terminals.release(task, terminal);
            case TIOCSIG -> {
                if (!master || value < 1 || value > Signal.MAX) {
                    return master ? -Errno.EINVAL : -Errno.ENOTTY;
                }
                terminals.signal(terminal, value);
            }
            default -> {
                long before = size(task, d);
                long result = pass(task, d, request, argument, value);
                if (result == 0 && size(task, d) != before) {
                    terminals.signal(terminal, Signal.SIGWINCH);
                }
                return result;
            }
        }
        return 0;
    }

    /** A terminal's size, to be compared. */
    private static long size(Task task, Description d) {
        long to = task.scratch().struct();
        Syscall.call(SyscallNumber.IOCTL, d.hostFd(), TIOCGWINSZ, to);
        return RawMemory.getLong(to);
    }

    private static long openPeer(Task task, Description d, int flags) {
        long fd = Errno.check(
                Syscall.call(SyscallNumber.IOCTL, d.hostFd(), TIOCGPTPEER, flags | Linux.O_CLOEXEC | Linux.O_NOCTTY));
        Description peer = Host.adopt(
                (int) fd, (flags & Linux.O_NONBLOCK) != 0, task.scratch().struct());
        return task.files().install(peer, (flags & Linux.O_CLOEXEC) != 0);
    }

    private static long clone(Task task, Description to, int from) {
        Description source = task.files().acquireFile(from);
        try {
            return Syscall.call(SyscallNumber.IOCTL, to.hostFd(), FICLONE, source.hostFd());
        } finally {
            source.release();
        }
    }

    private long pass(Task task, Description d, int request, long argument, int value) {
        int shape = shape(request);
        boolean foreign = abi.model().bigEndian() != DataModel.HOST.bigEndian();
        if (shape == 0 || (shape & SAME_ABI) != 0 && !abi.model().likeHost()) {
            System.Logger log = System.getLogger(IoctlCalls.class.getName());
            if (log.isLoggable(System.Logger.Level.DEBUG) && named.putIfAbsent(request, true) == null) {
                log.log(
                        System.Logger.Level.DEBUG,
                        "ioctl request 0x{0} is not implemented",
                        Integer.toHexString(request));
            }
            return -Errno.ENOTTY;
        }
        if (changesTerminal(request) && d.terminal() != Terminal.NONE && !(d.extra() instanceof PtyMaster)) {
            Terminals terminals = task.kernel().terminals();
            terminals.checkForeground(task, terminals.find(d.terminal()), Signal.SIGTTOU);
        }
        if ((shape & VALUE) != 0) {
            return request == TCSBRK && value != 0
                    ? task.blocking(() -> Syscall.call(SyscallNumber.IOCTL, d.hostFd(), request, value)) // tcdrain
                    : Syscall.call(SyscallNumber.IOCTL, d.hostFd(), request, value);
        }
        GuestMemory memory = task.memory();
        int size = shape & 0xffff;
        long host = task.scratch().struct();
        byte[] bytes = new byte[size];
        if ((shape & IN) != 0) {
            memory.read(argument, bytes, 0, size);
            swap(bytes, shape, foreign);
            RawMemory.copyIn(bytes, 0, host, size);
        }
        long result = Syscall.call(SyscallNumber.IOCTL, d.hostFd(), request, host);
        if (result >= 0 && (shape & OUT) != 0) {
            RawMemory.copyOut(host, bytes, 0, size);
            swap(bytes, shape, foreign);
            memory.write(argument, bytes, 0, size);
        }
        return result;
    }

    private static boolean changesTerminal(int request) {
        return request >= TCSETS && request <= TCSETSF
                || request >= TCSETS2 && request <= TCSETSF2
                || request == TCSBRK
                || request == TCSBRKP
                || request == TCXONC
                || request == TCFLSH;
    }

    /** Numbers in the other byte order. A termios is four 32-bit numbers, 20 bytes, and in its second version two numbers more. */
    private static void swap(byte[] bytes, int shape, boolean foreign) {
        if (!foreign) {
            return;
        }
        int size = shape & 0xffff;
        int unit = (shape & SHORTS) != 0 ? 2 : 4;
        for (int at = 0; at + unit <= size; at += unit) {
            if (size >= TERMIOS && at >= 16 && at < TERMIOS) {
                continue;
            }
            for (int i = 0; i < unit / 2; i++) {
                byte b = bytes[at + i];
                bytes[at + i] = bytes[at + unit - 1 - i];
                bytes[at + unit - 1 - i] = b;
            }
        }
    }
}
