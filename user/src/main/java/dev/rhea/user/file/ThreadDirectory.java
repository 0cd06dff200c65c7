package dev.rhea.user.file;

import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.process.Task;

/**
 * The umask and the current directory of a task's own thread of the host. Linux lets a thread leave what its process shares
 * ({@code unshare(CLONE_FS)}), so that the guest's umask and directory can be the thread's while the JVM keeps its own.
 */
public final class ThreadDirectory {
    private ThreadDirectory() {}

    private static final int CLONE_FS = 0x200;

    /**
     * Has the thread leave the JVM's directory and umask, once.
     *
     * @return whether it has; a container may forbid it
     */
    private static boolean leave(Scratch scratch) {
        if (scratch.threadFs == Scratch.UNKNOWN) {
            scratch.threadFs = Syscall.call(SyscallNumber.UNSHARE, CLONE_FS) == 0 ? Scratch.OWN : Scratch.SHARED;
        }
        return scratch.threadFs == Scratch.OWN;
    }

    /** Before a call that makes a file: gives the thread the guest's umask. */
    public static void applyUmask(Task task) {
        Scratch scratch = task.scratch();
        int umask = task.fileContext().umask();
        // Where the thread could not leave, the umask is the whole JVM's: right for one guest process at a time.
        if (!leave(scratch) || scratch.hostUmask != umask) {
            Syscall.call(SyscallNumber.UMASK, umask);
            scratch.hostUmask = umask;
        }
    }

    /** Before a call with a relative path and no directory argument: makes the guest's directory the thread's. False if it cannot. */
    public static boolean enter(Task task, int directory) {
        return leave(task.scratch()) && Syscall.call(SyscallNumber.FCHDIR, directory) == 0;
    }
}
