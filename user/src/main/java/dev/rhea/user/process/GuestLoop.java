package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.user.call.Errno;

/**
 * A task's way through guest code, and between two stretches of it through a system call, a fault or whatever asked for
 * attention.
 */
final class GuestLoop {
    private final Task task;
    private final Kernel kernel;
    private final long[] arguments = new long[6];

    /** The current call has set all registers itself. */
    private boolean registersSet;

    /** Another task's membarrier waits until this one has passed through the loop. */
    private volatile boolean sync;

    /** The processor runs guest code. */
    private volatile boolean running;

    GuestLoop(Task task) {
        this.task = task;
        this.kernel = task.kernel();
    }

    /** Whether the processor runs guest code. Any thread. */
    boolean running() {
        return running;
    }

    /** The current call leaves pc and registers as they are to be: the loop does not store its result. */
    void registersAreSet() {
        registersSet = true;
    }

    /** Makes {@link #syncPending} false soon. Any thread. */
    void requestSync() {
        sync = true;
        task.cpu().requestPoll();
    }

    /** Whether guest code may run here that has not seen a fence since {@link #requestSync}. Any thread. */
    boolean syncPending() {
        return sync && running;
    }

    /** To the end of the task, on its thread. */
    void run(WaitGate g) {
        while (true) {
            if (g.attention) {
                task.signals.deliver(task.restart);
                if (task.endRequested) {
                    return;
                }
            }
            running = true;
            Cpu cpu = task.cpu();
            cpu.runner = Thread.currentThread();
            Exit exit = kernel.traces().run(task);
            running = false;
            task.memory().quiescent(cpu);
            if (exit == Exit.TRAP) {
                if (kernel.abi().isSyscall(cpu.trap)) {
                    systemCall(g);
                } else {
                    fault();
                }
            } else {
                sync = false;
                // Whoever asks sets attention first: it is looked at next.
            }
        }
    }

    private void systemCall(WaitGate g) {
        LinuxAbi abi = kernel.abi();
        Cpu cpu = task.cpu();
        int number = abi.syscallNumber(cpu);
        long[] a = arguments;
        for (int i = 0; i < 6; i++) {
            a[i] = abi.argument(cpu, i);
        }
        long argument0 = a[0];
        Strace strace = kernel.strace();
        if (strace != null) {
            strace.enter(task, number, a);
        }
        long result;
        try {
            Long answer = kernel.traces().calls(task, number, a);
            result = answer != null ? answer : kernel.calls().find(number).run(task, a);
        } catch (Errno e) {
            result = e.result();
        } catch (GuestMemory.BadAddress | GuestFault e) {
            result = -Errno.EFAULT;
        }
        if (strace != null) {
            strace.leave(task, number, result);
        }
        kernel.traces().called(task, number);
        if (registersSet) {
            registersSet = false;
        } else if (result <= -Errno.ERESTARTSYS && result >= -Errno.ERESTART_RESTARTBLOCK) {
            task.restart.interrupted((int) -result, number, argument0);
            // Settled on the way back, even if another task took the signal meanwhile.
            g.attention = true;
        } else {
            abi.finishSyscall(task.cpu(), result);
        }
        if (task.signals.maskIsTemporary()) {
            g.attention = true;
        }
    }

    private void fault() {
        SignalInfo info = Faults.signalOf(task);
        kernel.traces().fault(task, info);
        synchronized (kernel.lock) {
            SignalSending.force(task, info);
        }
    }
}
