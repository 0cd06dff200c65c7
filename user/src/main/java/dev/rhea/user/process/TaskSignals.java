package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Errno;
import org.jspecify.annotations.Nullable;

/** What a task has of signals: mask, own queue, alternate stack; and how one is delivered. Guarded by the kernel's lock. */
final class TaskSignals {
    static final int SS_ONSTACK = 1;
    static final int SS_DISABLE = 2;
    static final int SS_AUTODISARM = 1 << 31;

    private final Task task;
    final SignalQueue pending = new SignalQueue();
    private long mask;

    /** The mask to come back after {@link Task#setTemporaryMask}. */
    private long savedMask;

    private boolean maskSaved;

    /** What sigtimedwait waits for, besides what the mask lets through. */
    private long awaited;

    long altStackPointer;
    int altStackFlags;
    long altStackSize;

    TaskSignals(Task task) {
        this.task = task;
    }

    /** For clone. */
    void inherit(TaskSignals from, boolean keepAltStack) {
        mask = from.maskSaved ? from.savedMask : from.mask;
        if (keepAltStack) {
            altStackPointer = from.altStackPointer;
            altStackFlags = from.altStackFlags;
            altStackSize = from.altStackSize;
        }
    }

    long mask() {
        return mask;
    }

    /** The mask the guest knows of: not a temporary one. */
    long settledMask() {
        return maskSaved ? savedMask : mask;
    }

    void setMask(long value) {
        mask = value & ~Signal.UNBLOCKABLE;
        update();
    }

    void unblock(long signals) {
        mask &= ~signals;
        savedMask &= ~signals;
    }

    void setTemporaryMask(long value) {
        if (!maskSaved) {
            savedMask = mask;
            maskSaved = true;
        }
        setMask(value);
    }

    /** Whether the mask has to be put back on the way to the guest. */
    boolean maskIsTemporary() {
        return maskSaved;
    }

    private void restoreMask() {
        if (maskSaved) {
            maskSaved = false;
            setMask(savedMask);
        }
    }

    /** What is pending and not blocked or waited for. */
    private long deliverable() {
        return (pending.set() | task.process().pending.set()) & (~mask | awaited);
    }

    /** Whether the task would take one of these signals now. */
    boolean wants(long signals) {
        return (signals & (~mask | awaited)) != 0;
    }

    /** Pending for this task, blocked ones too. */
    long allPending() {
        return pending.set() | task.process().pending.set();
    }

    /** Looks anew whether the task has anything to do on its way back to the guest. */
    void update() {
        Process process = task.process();
        task.setAttention(deliverable() != 0 || process.exiting || task.killed || process.stopSignal != 0);
    }

    /** Takes a pending signal out of a set, blocked or not: sigtimedwait, signalfd. */
    @Nullable
    SignalInfo take(long wanted) {
        SignalInfo info = pending.take(wanted);
        return info != null ? info : task.process().pending.take(wanted);
    }

    /** Waits for one of these signals. @throws Errno EAGAIN when the deadline has passed, EINTR if another signal came */
    SignalInfo await(long wanted, long deadline) {
        Object lock = task.kernel().lock;
        try {
            while (true) {
                synchronized (lock) {
                    awaited = wanted;
                    SignalInfo info = take(wanted);
                    if (info != null) {
                        return info;
                    }
                    update();
                }
                int woken = task.await(deadline);
                if (woken == 0) {
                    throw new Errno(Errno.EAGAIN);
                }
                if (woken == Task.INTERRUPTED) {
                    synchronized (lock) {
                        SignalInfo info = take(wanted);
                        if (info != null) {
                            return info;
                        }
                    }
                    throw new Errno(Errno.EINTR);
                }
            }
        } finally {
            synchronized (lock) {
                awaited = 0;
                update();
            }
        }
    }

    /** Whether {@code sp} is on the alternate stack. */
    private boolean onAltStack(long sp) {
        return (altStackFlags & SS_AUTODISARM) == 0
                && altStackSize != 0
                && Long.compareUnsigned(sp, altStackPointer) > 0
                && Long.compareUnsigned(sp - altStackPointer, altStackSize) <= 0;
    }

    /** {@code ss_flags} as sigaltstack reports them. */
    int altStackStatus() {
        int sticky = altStackFlags & SS_AUTODISARM;
        if (altStackSize == 0) {
            return SS_DISABLE | sticky;
        }
        return (onAltStack(task.abi().stackPointer(task.cpu())) ? SS_ONSTACK : 0) | sticky;
    }

    void setAltStack(long pointer, int flags, long size) {
        altStackPointer = pointer;
        altStackFlags = flags;
        altStackSize = size;
    }

    /**
     * On the way back to the guest, with the task's attention set: stops, ends, or calls handlers, and decides what becomes
     * of an interrupted system call.
     */
    void deliver(SyscallRestart restart) {
        Process process = task.process();
        synchronized (process.kernel().lock) {
            while (true) {
                if (process.exiting || task.killed) {
                    task.endRequested = true;
                    break;
                }
                if (process.stopSignal != 0) {
                    Stops.stay(task);
                    continue;
                }
                SignalInfo info = take(~mask);
                if (info == null) {
                    break;
                }
                act(info, restart);
            }
            restoreMask();
            restart.settle();
            update();
        }
    }

    private void act(SignalInfo info, SyscallRestart restart) {
        Process process = task.process();
        int number = info.number();
        SignalAction action = process.actions.get(number);
        process.kernel().traceSignal(task, info);
        if (action.handler() == SignalAction.IGNORE) {
            return;
        }
        if (action.handler() == SignalAction.DEFAULT) {
            actByDefault(process, number);
            return;
        }
        restart.beforeHandler(action.has(SignalAction.SA_RESTART));
        if (action.has(SignalAction.SA_RESETHAND)) {
            process.actions.set(number, SignalAction.INITIAL);
        }
        if (!enterHandler(info, action)) {
            // The frame could not be written: SIGSEGV, which kills if it was SIGSEGV that was to be delivered.
            if (number == Signal.SIGSEGV) {
                process.actions.set(number, SignalAction.INITIAL);
            }
            SignalSending.force(task, SignalInfo.kernel(Signal.SIGSEGV));
            return;
        }
        maskSaved = false;
        long bit = action.has(SignalAction.SA_NODEFER) ? 0 : Signal.bit(number);
        mask = (mask | action.mask() | bit) & ~Signal.UNBLOCKABLE;
    }

    private void actByDefault(Process process, int number) {
        if (Signal.ignoredByDefault(number)) {
            return;
        }
        if (Signal.stopsByDefault(number)) {
            if (number == Signal.SIGSTOP || !Stops.orphaned(process.kernel(), process.group)) {
                Stops.begin(process, number);
            }
            return;
        }
        process.beginExit(number);
    }

    private boolean enterHandler(SignalInfo info, SignalAction action) {
        LinuxAbi abi = task.abi();
        long sp = abi.stackPointer(task.cpu());
        long stack = sp;
        if (action.has(SignalAction.SA_ONSTACK) && altStackSize != 0 && !onAltStack(sp)) {
            stack = altStackPointer + altStackSize;
        }
        int reportedFlags = altStackStatus();
        var frame = new LinuxAbi.SignalFrame(
                info.number(),
                stack,
                info.encode(abi.wordSize(), abi.bigEndian()),
                settledMask(),
                altStackPointer,
                reportedFlags,
                altStackSize,
                action.handler(),
                action.restorer(),
                task.memory().trampoline());
        try {
            if (!abi.enterHandler(task.cpu(), task.memory(), frame)) {
                return false;
            }
        } catch (GuestMemory.BadAddress e) {
            return false;
        }
        if ((altStackFlags & SS_AUTODISARM) != 0) {
            setAltStack(0, SS_DISABLE, 0);
        }
        return true;
    }

    /** For rt_sigreturn: registers, mask and alternate stack of the frame. */
    void leaveHandler() {
        LinuxAbi.SavedContext context;
        try {
            context = task.abi().leaveHandler(task.cpu(), task.memory());
        } catch (GuestMemory.BadAddress e) {
            synchronized (task.kernel().lock) {
                SignalSending.force(task, SignalInfo.kernel(Signal.SIGSEGV));
            }
            return;
        }
        synchronized (task.kernel().lock) {
            setMask(context.mask());
            if (!onAltStack(task.abi().stackPointer(task.cpu()))) {
                boolean none = (context.altStackFlags() & SS_DISABLE) != 0 || context.altStackSize() == 0;
                setAltStack(
                        none ? 0 : context.altStackPointer(),
                        context.altStackFlags() & SS_AUTODISARM,
                        none ? 0 : context.altStackSize());
            }
        }
    }
}
