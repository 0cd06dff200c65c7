package dev.rhea.user.file;

import dev.rhea.user.call.Errno;
import dev.rhea.user.process.SignalInfo;
import dev.rhea.user.process.Task;

/** How calls wait for descriptors. */
public final class Waiting {
    private Waiting() {}

    /** As {@link #untilReady(Task, Description, int, long)} for a call that reads. The first wait sets the clock going. */
    static long untilReadable(Task task, Description d, long deadline) {
        return untilReady(task, d, Linux.POLLIN, deadline);
    }

    /**
     * After the host said {@code -EAGAIN}: waits until it is worth trying again.
     *
     * @param deadline of the whole call, in System.nanoTime's nanoseconds, or Task.FOREVER
     * @return 0 to try again, or the negated error to answer with
     */
    public static long untilReady(Task task, Description d, int events, long deadline) {
        if (d.nonBlocking()) {
            return -Errno.EAGAIN;
        }
        int found = task.poll(d.hostFd(), events, deadline);
        if (found == Task.INTERRUPTED) {
            return deadline == Task.FOREVER ? -Errno.ERESTARTSYS : -Errno.EINTR;
        }
        return found == 0 && deadline != Task.FOREVER ? -Errno.EAGAIN : 0;
    }

    /** A deadline that is {@code nanoseconds} away; 0 or less means never, as SO_RCVTIMEO has it. */
    public static long deadline(long nanoseconds) {
        return nanoseconds <= 0 ? Task.FOREVER : System.nanoTime() + nanoseconds;
    }

    /** Sends SIGPIPE to the task where a write found nobody at the other end. Returns {@code result}. */
    public static long signalBrokenPipe(Task task, long result) {
        if (result == -Errno.EPIPE) {
            task.send(new SignalInfo(Linux.SIGPIPE, 0, task.tid(), 0, 0, 0));
        }
        return result;
    }
}
