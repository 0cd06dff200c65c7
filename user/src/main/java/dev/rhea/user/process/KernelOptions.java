package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.log.Log;
import dev.rhea.engine.log.LogItem;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.CallTable;
import dev.rhea.user.memory.MemoryCalls;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel is told by who starts it.
 *
 * @param sysroot directory in which absolute paths are looked up first ({@code -L}), or null
 * @param release what {@code uname -r} says, or null for the host's
 * @param stackBytes size of the first stack
 * @param loader loads programs
 * @param pidfd makes descriptors of processes
 * @param log what is told of calls, code and maps, and where
 * @param files families of calls besides those of this package, asked last
 * @param actionChanged told the number of a signal whose action a guest has set
 * @param firstProcessStopped called when the first process was stopped by job control, under the kernel's lock
 */
public record KernelOptions(
        @Nullable String sysroot,
        @Nullable String release,
        long stackBytes,
        ProgramLoader loader,
        PidfdMaker pidfd,
        Log log,
        CallFamily[] files,
        IntConsumer actionChanged,
        Runnable firstProcessStopped) {

    /** What is behind a pidfd, a descriptor that polls as readable once the process has ended. */
    public interface PidfdMaker {
        /** The new descriptor in {@code owner}'s table, close-on-exec. @throws dev.rhea.user.call.Errno EMFILE */
        int open(Task owner, Process process);

        /** The process behind a descriptor. @throws dev.rhea.user.call.Errno EBADF */
        Process processOf(Task owner, int descriptor);
    }

    CallTable calls(LinuxAbi abi) {
        CallFamily[] all = new CallFamily[files.length + 9];
        all[0] = ProcessCalls::find;
        all[1] = SignalCalls::find;
        all[2] = FutexCalls::find;
        all[3] = TimerCalls::find;
        all[4] = IdentityCalls::find;
        all[5] = ResourceCalls::find;
        all[6] = MemoryCalls::find;
        all[7] = ForeignMemoryCalls::find;
        all[8] = name -> {
            LinuxAbi.ArchitectureCall call = abi.architectureCall(name);
            return call == null ? null : (task, arguments) -> call.run(task.cpu(), task.memory(), arguments);
        };
        System.arraycopy(files, 0, all, 9, files.length);
        return new CallTable(
                abi,
                missing -> {
                    if (log.has(LogItem.UNIMP)) {
                        log.write("Unsupported syscall: " + missing + "\n");
                    }
                },
                all);
    }
}
