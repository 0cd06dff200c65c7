package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls about signals. */
final class SignalCalls {
    private SignalCalls() {}

    private static final int SIGSET_BYTES = 8;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final int MIN_ALT_STACK = 2048;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "rt_sigaction" -> SignalCalls::sigaction;
            case "rt_sigprocmask" -> SignalCalls::sigprocmask;
            case "rt_sigreturn" -> SignalCalls::sigreturn;
            case "rt_sigpending" -> SignalCalls::sigpending;
            case "rt_sigsuspend" -> SignalCalls::sigsuspend;
            case "rt_sigtimedwait" -> SignalCalls::sigtimedwait;
            case "rt_sigtimedwait_time64" -> SignalCalls::sigtimedwait64;
            case "rt_sigqueueinfo" -> SignalCalls::sigqueueinfo;
            case "rt_tgsigqueueinfo" -> SignalCalls::tgsigqueueinfo;
            case "sigaltstack" -> SignalCalls::sigaltstack;
            case "kill" -> SignalCalls::kill;
            case "tkill" -> SignalCalls::tkill;
            case "tgkill" -> SignalCalls::tgkill;
            case "pause" -> SignalCalls::pause;
            default -> null;
        };
    }

    private static void checkSetSize(long size) {
        if (size != SIGSET_BYTES) {
            throw new Errno(Errno.EINVAL);
        }
    }

    /** {@code struct sigaction} of the kernel: handler, flags, restorer where the architecture has one, mask. */
    private static long sigaction(Task task, long[] a) {
        int signal = (int) a[0];
        long action = task.address(a[1]);
        long old = task.address(a[2]);
        checkSetSize(a[3]);
        if (!Signal.valid(signal)) {
            return -Errno.EINVAL;
        }
        GuestMemory memory = task.memory();
        int word = task.abi().wordSize();
        boolean restorer = task.abi().hasRestorer();
        int maskAt = word * (restorer ? 3 : 2);
        SignalAction set = null;
        if (action != 0) {
            set = new SignalAction(
                    memory.read(action, word),
                    memory.read(action + word, word),
                    memory.read(action + maskAt, SIGSET_BYTES) & ~Signal.UNBLOCKABLE,
                    restorer ? memory.read(action + 2L * word, word) : 0);
            if ((Signal.bit(signal) & Signal.UNBLOCKABLE) != 0) {
                return -Errno.EINVAL;
            }
        }
        Process process = task.process();
        SignalAction was;
        synchronized (task.kernel().lock) {
            was = process.actions.get(signal);
            if (set != null) {
                process.actions.set(signal, set);
                if (set.ignores(signal)) {
                    process.pending.discard(Signal.bit(signal));
                    for (Task each : process.tasks) {
                        each.signals.pending.discard(Signal.bit(signal));
                    }
                }
            }
        }
        if (old != 0) {
            memory.write(old, was.handler(), word);
            memory.write(old + word, was.flags(), word);
            if (restorer) {
                memory.write(old + 2L * word, was.restorer(), word);
            }
            memory.write(old + maskAt, was.mask(), SIGSET_BYTES);
        }
        if (set != null) {
            task.kernel().options().actionChanged().accept(signal);
        }
        return 0;
    }

    private static long sigprocmask(Task task, long[] a) {
        checkSetSize(a[3]);
        long set = task.address(a[1]);
        long old = task.address(a[2]);
        long was;
        if (set != 0) {
            long value = task.memory().read(set, SIGSET_BYTES);
            synchronized (task.kernel().lock) {
                was = task.signals.mask();
                switch ((int) a[0]) {
                    case SIG_BLOCK -> task.signals.setMask(was | value);
                    case SIG_UNBLOCK -> task.signals.setMask(was & ~value);
                    case SIG_SETMASK -> task.signals.setMask(value);
                    default -> throw new Errno(Errno.EINVAL);
                }
            }
        } else {
            was = task.signals.mask();
        }
        if (old != 0) {
            task.memory().write(old, was, SIGSET_BYTES);
        }
        return 0;
    }

    private static long sigreturn(Task task, long[] a) {
        task.signals.leaveHandler();
        task.guest().registersAreSet();
        return 0;
    }

    private static long sigpending(Task task, long[] a) {
        if (a[1] > SIGSET_BYTES || a[1] < 0) {
            return -Errno.EINVAL;
        }
        long set;
        synchronized (task.kernel().lock) {
            set = task.signals.allPending() & task.signals.mask();
        }
        task.memory().write(task.address(a[0]), set, SIGSET_BYTES);
        return 0;
    }

    private static long sigsuspend(Task task, long[] a) {
        checkSetSize(a[1]);
        task.setTemporaryMask(task.memory().read(task.address(a[0]), SIGSET_BYTES));
        return pause(task, a);
    }

    private static long pause(Task task, long[] a) {
        while (task.await(Task.FOREVER) != Task.INTERRUPTED) {
            // Woken for something else.
        }
        return -Errno.ERESTARTNOHAND;
    }

    private static long sigtimedwait(Task task, long[] a) {
        return sigtimedwait(task, a, task.abi().wordSize());
    }

    private static long sigtimedwait64(Task task, long[] a) {
        return sigtimedwait(task, a, 8);
    }

    private static long sigtimedwait(Task task, long[] a, int field) {
        checkSetSize(a[3]);
        long set = task.memory().read(task.address(a[0]), SIGSET_BYTES) & ~Signal.UNBLOCKABLE;
        long timeout = task.address(a[2]);
        long deadline = timeout == 0
                ? Task.FOREVER
                : GuestTime.deadlineIn(GuestTime.readTimespec(task.memory(), timeout, field));
        SignalInfo info = task.signals.await(set, deadline);
        long to = task.address(a[1]);
        if (to != 0) {
            task.memory()
                    .write(to, info.encode(task.abi().wordSize(), task.abi().bigEndian()), 0, SignalInfo.BYTES);
        }
        return info.number();
    }

    private static SignalInfo readInfo(Task task, int signal, long address) {
        byte[] raw = new byte[SignalInfo.BYTES];
        task.memory().read(address, raw, 0, raw.length);
        return SignalInfo.decode(signal, raw, task.abi().wordSize(), task.abi().bigEndian());
    }

    private static long sigqueueinfo(Task task, long[] a) {
        int pid = (int) a[0];
        int signal = (int) a[1];
        SignalInfo info = readInfo(task, signal, task.address(a[2]));
        if ((info.code() >= 0 || info.code() == SignalInfo.SI_TKILL)
                && pid != task.process().pid()) {
            return -Errno.EPERM;
        }
        synchronized (task.kernel().lock) {
            Process target = pid > 0 ? task.kernel().findProcess(pid) : null;
            if (target == null) {
                return -Errno.ESRCH;
            }
            if (signal == 0) {
                return 0;
            }
            if (!Signal.valid(signal)) {
                return -Errno.EINVAL;
            }
            return SignalSending.toProcess(target, info) ? 0 : -Errno.EAGAIN;
        }
    }

    private static long tgsigqueueinfo(Task task, long[] a) {
        int signal = (int) a[2];
        SignalInfo info = readInfo(task, signal, task.address(a[3]));
        if ((info.code() >= 0 || info.code() == SignalInfo.SI_TKILL)
                && (int) a[0] != task.process().pid()) {
            return -Errno.EPERM;
        }
        return toThread(task, (int) a[0], (int) a[1], signal, info);
    }

    private static long tgkill(Task task, long[] a) {
        if ((int) a[0] <= 0) {
            return -Errno.EINVAL;
        }
        return toThread(task, (int) a[0], (int) a[1], (int) a[2], null);
    }

    private static long tkill(Task task, long[] a) {
        return toThread(task, 0, (int) a[0], (int) a[1], null);
    }

    /** {@code group} 0 is any; {@code info} null is tkill's. */
    private static long toThread(Task task, int group, int tid, int signal, @Nullable SignalInfo info) {
        if (tid <= 0 || signal != 0 && !Signal.valid(signal)) {
            return -Errno.EINVAL;
        }
        synchronized (task.kernel().lock) {
            Task target = task.kernel().findTask(tid);
            if (target == null || group != 0 && target.process().pid() != group) {
                return -Errno.ESRCH;
            }
            if (signal == 0) {
                return 0;
            }
            SignalInfo sent = info != null
                    ? info
                    : new SignalInfo(
                            signal,
                            SignalInfo.SI_TKILL,
                            task.process().pid(),
                            task.kernel().uid(),
                            0,
                            0);
            return SignalSending.toTask(target, sent) ? 0 : -Errno.EAGAIN;
        }
    }

    private static long kill(Task task, long[] a) {
        int pid = (int) a[0];
        int signal = (int) a[1];
        if (signal != 0 && !Signal.valid(signal)) {
            return -Errno.EINVAL;
        }
        Kernel kernel = task.kernel();
        SignalInfo info = SignalInfo.user(signal, task.process().pid(), kernel.uid());
        synchronized (kernel.lock) {
            if (pid > 0) {
                Process target = kernel.findProcess(pid);
                if (target == null) {
                    return HostSignals.toHostProcess(kernel, pid, signal);
                }
                if (signal != 0 && !target.zombie) {
                    SignalSending.toProcess(target, info);
                }
                return 0;
            }
            int group = pid == 0 ? task.process().group : -pid;
            boolean any = false;
            for (Process process : List.copyOf(kernel.all())) {
                // -1 is everybody but the sender and the first process, which stands for init.
                boolean meant = pid == -1
                        ? process != task.process() && process.pid() != kernel.hostPid()
                        : process.group == group;
                if (meant) {
                    any = true;
                    if (signal != 0 && !process.zombie) {
                        SignalSending.toProcess(process, info);
                    }
                }
            }
            return any ? 0 : -Errno.ESRCH;
        }
    }

    private static long sigaltstack(Task task, long[] a) {
        long set = task.address(a[0]);
        long old = task.address(a[1]);
        GuestMemory memory = task.memory();
        int word = task.abi().wordSize();
        TaskSignals signals = task.signals;
        long pointer = signals.altStackPointer;
        int status = signals.altStackStatus();
        long size = signals.altStackSize;
        if (set != 0) {
            long newPointer = memory.read(set, word);
            int flags = (int) memory.read(set + word, 4);
            long newSize = memory.read(set + 2L * word, word);
            if ((status & TaskSignals.SS_ONSTACK) != 0) {
                return -Errno.EPERM;
            }
            int mode = flags & ~TaskSignals.SS_AUTODISARM;
            if (mode == TaskSignals.SS_DISABLE) {
                signals.setAltStack(0, flags & TaskSignals.SS_AUTODISARM, 0);
            } else if (mode != 0 && mode != TaskSignals.SS_ONSTACK) {
                return -Errno.EINVAL;
            } else if (Long.compareUnsigned(newSize, MIN_ALT_STACK) < 0) {
                return -Errno.ENOMEM;
            } else {
                signals.setAltStack(newPointer, flags & TaskSignals.SS_AUTODISARM, newSize);
            }
        }
        if (old != 0) {
            memory.write(old, pointer, word);
            memory.write(old + word, status, 4);
            memory.write(old + 2L * word, size, word);
        }
        return 0;
    }
}
