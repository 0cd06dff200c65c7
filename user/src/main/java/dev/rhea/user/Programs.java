package dev.rhea.user;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.elf.ElfException;
import dev.rhea.user.elf.ImageFile;
import dev.rhea.user.elf.InitialStack;
import dev.rhea.user.memory.AddressSpace;
import dev.rhea.user.memory.GuestRam;
import dev.rhea.user.process.Credentials;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.ProgramLoader;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** ELF programs into fresh memory: the loader that the kernel's exec asks. */
final class Programs implements ProgramLoader {
    /** Bytes behind AT_RANDOM. */
    private static final int RANDOM_BYTES = 16;

    private final GuestRam ram;
    private final LinuxAbi abi;
    private final @Nullable String sysroot;
    private final @Nullable Long seed;
    private final long reserved;

    /** Why the last program could not be loaded, for the message about the first one. */
    private volatile @Nullable String problem;

    Programs(GuestRam ram, LinuxAbi abi, @Nullable String sysroot, @Nullable Long seed, long reserved) {
        this.ram = ram;
        this.abi = abi;
        this.sysroot = sysroot;
        this.seed = seed;
        this.reserved = reserved;
    }

    @Nullable
    String problem() {
        return problem;
    }

    @Override
    public Image load(Kernel kernel, int hostFd, Request request) {
        AddressSpace memory = new AddressSpace(ram, abi, reserved);
        boolean done = false;
        try (Interpreters interpreters = new Interpreters()) {
            ImageFile file = new HostFile(text(request.path()), hostFd);
            var program = new dev.rhea.user.elf.ProgramLoader(memory, abi, interpreters::open).load(file);
            long top = memory.mapStack(request.stackBytes(), program.executableStack());
            Credentials ids = kernel.credentials();
            var identity = new InitialStack.Identity(ids.uid(), ids.euid(), ids.gid(), ids.egid());
            var stack = new InitialStack(memory, abi, top)
                    .build(
                            request.stackBytes(),
                            program,
                            request.path(),
                            request.arguments(),
                            request.environment(),
                            identity,
                            random());
            done = true;
            return new Image(memory, program.start(), stack.pointer());
        } catch (ElfException e) {
            problem = e.getMessage();
            throw new Errno(e.errno());
        } finally {
            if (!done) {
                memory.close();
            }
        }
    }

    private byte[] random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        if (seed != null) {
            new SplittableRandom(seed).nextBytes(bytes);
            return bytes;
        }
        long memory = RawMemory.allocate(RANDOM_BYTES);
        try {
            Syscall.call(SyscallNumber.GETRANDOM, memory, RANDOM_BYTES, 0);
            RawMemory.copyOut(memory, bytes, 0, RANDOM_BYTES);
        } finally {
            RawMemory.free(memory);
        }
        return bytes;
    }

    private static String text(byte[] path) {
        return new String(path, StandardCharsets.ISO_8859_1);
    }

    /** The interpreters a load has opened; what they map stays mapped when they are closed. */
    private final class Interpreters implements AutoCloseable {
        private int hostFd = -1;

        ImageFile open(String path) {
            long opened = sysroot == null || !path.startsWith("/") ? -Errno.ENOENT : HostFile.open(sysroot + path);
            if (opened == -Errno.ENOENT) {
                opened = HostFile.open(path);
            }
            hostFd = (int) Errno.check(opened);
            return new HostFile(path, hostFd);
        }

        @Override
        public void close() {
            if (hostFd >= 0) {
                Syscall.call(SyscallNumber.CLOSE, hostFd);
            }
        }
    }
}
