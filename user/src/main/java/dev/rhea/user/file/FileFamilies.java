package dev.rhea.user.file;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.file.poll.EpollCalls;
import dev.rhea.user.file.poll.EventCalls;
import dev.rhea.user.file.poll.Pidfds;
import dev.rhea.user.file.poll.PollCalls;
import dev.rhea.user.file.proc.ProcessDirectory;
import dev.rhea.user.file.socket.SocketCalls;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** All the families of calls of this room, for one kernel. */
public final class FileFamilies {
    private FileFamilies() {}

    /**
     * Makes them.
     *
     * @param sysroot directory that lookups prefer ({@code -L}), or null
     * @param processes the guest processes under /proc
     * @param pidfds the same that the kernel's options were given
     */
    public static CallFamily[] all(
            LinuxAbi linux, @Nullable String sysroot, ProcessDirectory processes, Pidfds pidfds) {
        Abi abi = new Abi(linux);
        Paths paths = new Paths(abi, sysroot == null ? null : sysroot.getBytes(StandardCharsets.UTF_8), processes);
        // Most called first: each is asked by name until one knows it, once per call that a program makes.
        return new CallFamily[] {
            new TransferCalls(abi),
            new OpenCalls(abi, paths),
            new StatusCalls(abi, paths),
            new DescriptorCalls(abi, new RecordLocks()),
            new TimeCalls(abi),
            new IoctlCalls(abi),
            new NameCalls(abi, paths),
            new PollCalls(abi),
            new EpollCalls(abi),
            new EventCalls(abi, paths),
            new SocketCalls(abi),
            new CopyCalls(abi),
            new AttributeCalls(abi, paths),
            new MessageQueueCalls(abi),
            pidfds,
        };
    }
}
