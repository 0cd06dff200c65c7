package dev.rhea.user.file.poll;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.process.Task;

/** The {@code sigset_t} that some waiting calls take: 64 bits, an array of words in memory. */
final class SignalMask {
    private SignalMask() {}

    static final int SIZE = 8;

    /** Reads a set: bit n-1 is signal n. */
    static long read(Abi abi, GuestMemory memory, long address) {
        if (abi.is32()) {
            return memory.read(address, 4) | memory.read(address + 4, 4) << 32;
        }
        return memory.read(address, 8);
    }

    /** Where the call brings a mask, it holds for the rest of the call. @throws Errno EINVAL for another size of sigset_t */
    static void apply(Abi abi, Task task, long address, long size) {
        if (address != 0) {
            if (size != SIZE) {
                throw new Errno(Errno.EINVAL);
            }
            task.setTemporaryMask(read(abi, task.memory(), address));
        }
    }
}
