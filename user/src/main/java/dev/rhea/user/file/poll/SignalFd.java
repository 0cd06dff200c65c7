package dev.rhea.user.file.poll;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Buffers;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.SignalInfo;
import dev.rhea.user.process.Task;

/**
 * What is behind a signalfd. The host's descriptor is an eventfd that is raised when a signal of the mask becomes pending for
 * whoever used the descriptor last; reading takes the signals from the reader's own queues.
 */
final class SignalFd implements Description.Source, Runnable {
    /** Members of {@code struct signalfd_siginfo}. */
    enum Info {
        SIGNO,
        ERRNO,
        CODE,
        PID,
        UID,
        FD,
        TID,
        BAND,
        OVERRUN,
        TRAPNO,
        STATUS,
        INT,
        PTR,
        UTIME,
        STIME,
        ADDR
    }

    private static final int INFO_SIZE = 128;

    private final Kernel kernel;
    private final int hostFd;
    private final Layout<Info> layout;
    private volatile long mask;
    private volatile Task user;

    SignalFd(Abi abi, Task user, int hostFd, long mask) {
        this.kernel = user.kernel();
        this.user = user;
        this.hostFd = hostFd;
        this.mask = mask;
        layout = new Struct<>(Info.class)
                .u32(Info.SIGNO)
                .s32(Info.ERRNO, Info.CODE)
                .u32(Info.PID, Info.UID)
                .s32(Info.FD)
                .u32(Info.TID, Info.BAND, Info.OVERRUN, Info.TRAPNO)
                .s32(Info.STATUS, Info.INT)
                .u64(Info.PTR, Info.UTIME, Info.STIME, Info.ADDR)
                .in(abi.model());
        kernel.addSignalListener(this);
        run();
    }

    void setMask(long value) {
        mask = value;
        run();
    }

    /** A signal was queued for somebody. */
    @Override
    public void run() {
        if ((user.pendingSignals() & mask) != 0) {
            raise();
        }
    }

    private void raise() {
        long one = RawMemory.allocate(8);
        RawMemory.putLong(one, 1);
        Syscall.call(SyscallNumber.WRITE, hostFd, one, 8);
        RawMemory.free(one);
    }

    @Override
    public long read(Task task, Buffers to) {
        if (to.total() < INFO_SIZE) {
            return -Errno.EINVAL;
        }
        user = task;
        Syscall.call(
                SyscallNumber.READ,
                hostFd,
                task.scratch().struct(),
                8); // lower first: a signal from now on raises again
        int most = (int) Math.min(to.total() / INFO_SIZE, 64);
        byte[] out = new byte[most * INFO_SIZE];
        int n = 0;
        for (; n < most; n++) {
            SignalInfo info = task.takeSignal(mask);
            if (info == null) {
                break;
            }
            encode(info, out, n * INFO_SIZE);
        }
        if (n == 0) {
            return -Errno.EAGAIN;
        }
        run();
        return to.fill(java.util.Arrays.copyOf(out, n * INFO_SIZE));
    }

    private void encode(SignalInfo info, byte[] out, int at) {
        layout.put(out, at, Info.SIGNO, info.number());
        layout.put(out, at, Info.CODE, info.code());
        layout.put(out, at, Info.PID, info.pid());
        layout.put(out, at, Info.UID, info.uid());
        layout.put(out, at, Info.STATUS, info.status());
        layout.put(out, at, Info.INT, (int) info.value());
        layout.put(out, at, Info.PTR, info.value());
    }

    @Override
    public void closed() {
        kernel.removeSignalListener(this);
    }
}
