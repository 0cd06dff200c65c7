package dev.rhea.user;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.AttributeCalls;
import dev.rhea.user.file.CopyCalls;
import dev.rhea.user.file.DescriptorCalls;
import dev.rhea.user.file.NameCalls;
import dev.rhea.user.file.OpenCalls;
import dev.rhea.user.file.Paths;
import dev.rhea.user.file.RecordLocks;
import dev.rhea.user.file.StatusCalls;
import dev.rhea.user.file.TimeCalls;
import dev.rhea.user.file.TransferCalls;
import dev.rhea.user.file.poll.EpollCalls;
import dev.rhea.user.file.poll.PollCalls;
import dev.rhea.user.file.proc.ProcessView;
import dev.rhea.user.file.socket.SocketCalls;
import dev.rhea.user.memory.MemoryCalls;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.KernelOptions;
import dev.rhea.user.process.Process;
import dev.rhea.user.process.Task;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rooms of system calls besides the process room's own, and what joins them to it. */
final class Families implements KernelOptions.PidfdMaker {
    private final CallFamily[] all;
    private @Nullable Kernel kernel;

    Families(LinuxAbi linux, @Nullable String sysroot) {
        Abi abi = new Abi(linux);
        byte[] root = sysroot == null ? null : sysroot.getBytes(StandardCharsets.ISO_8859_1);
        Paths paths = new Paths(abi, root, this::process);
        all = new CallFamily[] {
            MemoryCalls::find,
            new TransferCalls(abi),
            new OpenCalls(abi, paths),
            new StatusCalls(abi, paths),
            new DescriptorCalls(abi, new RecordLocks()),
            new NameCalls(abi, paths),
            new TimeCalls(abi),
            new PollCalls(abi),
            new EpollCalls(abi),
            new SocketCalls(abi),
            new CopyCalls(abi),
            new AttributeCalls(abi, paths)
        };
    }

    CallFamily[] all() {
        return all.clone();
    }

    void attach(Kernel value) {
        kernel = value;
    }

    private @Nullable ProcessView process(int id) {
        Kernel k = kernel;
        return k == null ? null : k.view(id);
    }

    @Override
    public int open(Task owner, Process process) {
        throw new dev.rhea.user.call.Errno(dev.rhea.user.call.Errno.EINVAL);
    }

    @Override
    public Process processOf(Task owner, int descriptor) {
        throw new dev.rhea.user.call.Errno(dev.rhea.user.call.Errno.EBADF);
    }
}
