package dev.rhea.user.log;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.cpu.Cpu;
import org.jspecify.annotations.Nullable;

/** Whoever wants to see system calls, and perhaps answer some instead of Linux: tests that compare runs, sandboxes. */
@FunctionalInterface
public interface CallObserver {
    /**
     * A guest thread makes a system call. Called on the guest thread's own JVM thread.
     *
     * @return the call's result or a negated error number, or null where the call is to be served as ever
     * @throws GuestMemory.BadAddress for EFAULT
     */
    @Nullable
    Long calls(Moment moment);

    /**
     * A guest thread at a system call.
     *
     * @param process the guest process's id
     * @param thread the guest thread's id
     * @param number the call's number in the guest's ABI
     * @param arguments its six arguments; they may be changed
     * @param cpu all state is exact, the pc is the instruction's
     */
    record Moment(int process, int thread, int number, long[] arguments, Cpu cpu, GuestMemory memory) {}
}
