package dev.rhea.user.call;

import dev.rhea.user.process.Task;

/** One system call. */
@FunctionalInterface
public interface Call {
    /**
     * Serves the call on the calling task's own thread.
     *
     * @param arguments the six argument registers, as wide as the guest's; 32-bit guests' are sign-extended. Valid until
     *     the call returns
     * @return Linux's result: errors are {@code -errno}
     * @throws Errno as another way to return {@code -errno}
     * @throws dev.rhea.engine.abi.GuestMemory.BadAddress as another way to return {@code -EFAULT}
     */
    long run(Task task, long[] arguments);
}
