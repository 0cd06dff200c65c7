package dev.rhea.engine.abi;

import dev.rhea.engine.cpu.Cpu;
import org.jspecify.annotations.Nullable;

/** One architecture's Linux ABI, for one CPU model. */
public interface LinuxAbi {
    /** ELF {@code e_machine}. */
    int elfMachine();

    /** 4 or 8: bytes in a {@code long} and in a pointer. */
    int wordSize();

    boolean bigEndian();

    /** What {@code uname -m} says. */
    String machine();

    /** The name of a system call ("openat"), or null for a number that has none. */
    @Nullable
    String syscallName(int number);

    /** Whether this trap is the system call instruction. */
    boolean isSyscall(int trap);

    /** The number of the system call that {@code cpu} asks for. */
    int syscallNumber(Cpu cpu);

    /** Argument 0 to 5 of the system call. */
    long argument(Cpu cpu, int index);

    /** Puts the result (or the negated errno) where the guest looks for it, and moves the pc past the instruction. */
    void finishSyscall(Cpu cpu, long result);

    /**
     * Instead of {@link #finishSyscall}: makes the interrupted system call run again. Its number and first argument are as
     * given, the pc stays on the instruction.
     */
    void restartSyscall(Cpu cpu, int number, long argument0);

    /** Whether {@code struct sigaction} has {@code sa_restorer} between flags and mask. */
    default boolean hasRestorer() {
        return false;
    }

    /** Whether clone's arguments are flags, stack, parent_tid, tls, child_tid, as most have it, or tls comes last. */
    default boolean cloneTlsBeforeChildTid() {
        return true;
    }

    /** The signal that a trap of the architecture's rows means. */
    TrapSignal signalOf(Cpu cpu);

    /**
     * A trap as a signal.
     *
     * @param number Linux's signal number
     * @param code {@code si_code}
     * @param address {@code si_addr}
     */
    record TrapSignal(int number, int code, long address) {}

    long stackPointer(Cpu cpu);

    void setStackPointer(Cpu cpu, long value);

    /** Sets the thread pointer, as clone's CLONE_SETTLS does. */
    void setThreadPointer(Cpu cpu, long value);

    /** Registers as the kernel leaves them at a program's first instruction. */
    void startProgram(Cpu cpu, long entry, long stack);

    /** AT_HWCAP. */
    long hwcap();

    /** AT_PLATFORM, or null for none. */
    @Nullable
    String platform();

    /** The dynamic linker's usual path, for messages: {@code /lib/ld-linux-riscv64-lp64d.so.1}. */
    String interpreterPath();

    /**
     * Writes the part of a signal frame that holds the machine state ({@code uc_mcontext} on), lower than {@code stack}, and
     * points the processor at the handler.
     *
     * @param frame what the personality knows: signal, siginfo bytes, mask, alternate stack, handler, restorer
     * @return false if the frame cannot be written (the guest then dies of SIGSEGV)
     */
    boolean enterHandler(Cpu cpu, GuestMemory memory, SignalFrame frame);

    /**
     * Reads the state back at {@code rt_sigreturn} and returns the signal mask saved with it.
     *
     * @throws GuestMemory.BadAddress where the frame is not readable or not such as {@link #enterHandler} makes (the guest
     *     then gets SIGSEGV)
     */
    SavedContext leaveHandler(Cpu cpu, GuestMemory memory);

    /**
     * A signal on its way to a handler.
     *
     * @param stack stack pointer to build the frame below
     * @param siginfo the 128 bytes of {@code siginfo_t}
     * @param mask the mask to restore afterwards
     * @param altStack {@code stack_t} fields: sp, flags, size
     * @param restorer {@code sa_restorer}, or 0 where the architecture has none
     * @param trampoline address of the personality's page with the architecture's {@link #sigreturnCode}
     */
    record SignalFrame(
            int signal,
            long stack,
            byte[] siginfo,
            long mask,
            long altStackPointer,
            int altStackFlags,
            long altStackSize,
            long handler,
            long restorer,
            long trampoline) {}

    /**
     * What {@code rt_sigreturn} brings back besides registers.
     *
     * @param mask the signal mask
     * @param altStackPointer {@code uc_stack.ss_sp}
     */
    record SavedContext(long mask, long altStackPointer, int altStackFlags, long altStackSize) {}

    /** A system call that only this architecture has, or null where there is none of that name. */
    default @Nullable ArchitectureCall architectureCall(String name) {
        return null;
    }

    /** A system call of one architecture. */
    @FunctionalInterface
    interface ArchitectureCall {
        /**
         * Serves it.
         *
         * @param arguments six of them
         * @return its result or a negated error number
         * @throws GuestMemory.BadAddress for EFAULT
         */
        long run(Cpu cpu, GuestMemory memory, long[] arguments);
    }

    /** A register by both its names, where the ABI has another than the architecture: {@code x10/a0}. */
    default String registerNames(String register) {
        return register;
    }

    /** Machine code that calls {@code rt_sigreturn}, for the trampoline page. */
    byte[] sigreturnCode();
}
