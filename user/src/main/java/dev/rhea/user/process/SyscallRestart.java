package dev.rhea.user.process;

import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a system call that a signal interrupted (signal(7), "Interruption of system calls"). While it is not
 * settled, the processor still stands on the system call instruction with its registers untouched.
 */
final class SyscallRestart {
    private final Task task;
    private int code;
    private int number;
    private long argument0;
    private @Nullable Call block;

    SyscallRestart(Task task) {
        this.task = task;
    }

    /** A call returned {@code -code}, which is one of the kernel's own errors. */
    void interrupted(int restartCode, int callNumber, long firstArgument) {
        code = restartCode;
        number = callNumber;
        argument0 = firstArgument;
    }

    /** How {@code restart_syscall} goes on. */
    void setBlock(Call call) {
        block = call;
    }

    /** Serves {@code restart_syscall}. */
    long resume(long[] arguments) {
        Call call = block;
        block = null;
        return call == null ? -Errno.EINTR : call.run(task, arguments);
    }

    boolean isPending() {
        return code != 0;
    }

    /** A handler is about to be entered: the saved registers have to say how the call goes on after it. */
    void beforeHandler(boolean restartFlag) {
        if (code == 0) {
            return;
        }
        boolean again = code == Errno.ERESTARTNOINTR || code == Errno.ERESTARTSYS && restartFlag;
        code = 0;
        if (again) {
            task.abi().restartSyscall(task.cpu(), number, argument0);
        } else {
            task.abi().finishSyscall(task.cpu(), -Errno.EINTR);
        }
    }

    /** No handler was entered: the call runs again. */
    void settle() {
        if (code == 0) {
            return;
        }
        int again = code == Errno.ERESTART_RESTARTBLOCK ? task.kernel().restartSyscallNumber() : number;
        code = 0;
        task.abi().restartSyscall(task.cpu(), again, argument0);
    }
}
