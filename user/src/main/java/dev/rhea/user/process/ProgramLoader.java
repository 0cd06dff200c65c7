package dev.rhea.user.process;

import dev.rhea.user.memory.AddressSpace;
import java.util.List;

/** Builds the memory of a new program: what execve does between opening the file and the first instruction. */
@FunctionalInterface
public interface ProgramLoader {
    /**
     * Maps the program and its interpreter into fresh memory and builds the first stack (arguments, environment, auxiliary
     * vector).
     *
     * @param hostFd the program's file, open for reading; the caller closes it
     * @param request everything else
     * @throws dev.rhea.user.call.Errno ENOEXEC, ELIBBAD, ENOMEM, E2BIG and so on, with nothing left behind
     */
    Image load(Kernel kernel, int hostFd, Request request);

    /**
     * @param path the program's path as AT_EXECFN shows it
     * @param arguments without the terminating zeros
     * @param environment the same
     * @param stackBytes RLIMIT_STACK
     */
    record Request(byte[] path, List<byte[]> arguments, List<byte[]> environment, long stackBytes) {}

    /**
     * A program ready to run.
     *
     * @param memory with no processor attached
     * @param entry address of the first instruction
     * @param stack the stack pointer
     */
    record Image(AddressSpace memory, long entry, long stack) {}
}
