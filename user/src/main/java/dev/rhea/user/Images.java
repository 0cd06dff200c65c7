package dev.rhea.user;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.elf.ElfException;
import dev.rhea.user.elf.ImageFile;
import dev.rhea.user.elf.InitialStack;
import dev.rhea.user.memory.AddressSpace;
import dev.rhea.user.memory.GuestRam;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.ProgramLoader;
import java.nio.charset.StandardCharsets;

/** Loads ELF programs into fresh address spaces. */
final class Images implements ProgramLoader {
    /** Where the reference stops as well: RLIMIT_STACK may be unlimited. */
    private static final long MAX_STACK = 1L << 30;

    private static final long MIN_STACK = 128 << 10;
    private static final long USUAL_STACK = 8 << 20;
    private static final System.Logger LOG = System.getLogger(Images.class.getName());

    private final GuestRam ram;

    Images(GuestRam ram) {
        this.ram = ram;
    }

    @Override
    public Image load(Kernel kernel, int hostFd, Request request) {
        AddressSpace memory = new AddressSpace(ram, kernel.abi());
        boolean done = false;
        String name = new String(request.path(), StandardCharsets.ISO_8859_1);
        try (Interpreters interpreters = new Interpreters(kernel)) {
            var loader = new dev.rhea.user.elf.ProgramLoader(memory, kernel.abi(), interpreters::open);
            var loaded = loader.load(new OpenFile(name, hostFd));
            long stackBytes = request.stackBytes();
            if (stackBytes < 0 || stackBytes > MAX_STACK) {
                stackBytes = USUAL_STACK;
            }
            stackBytes = Math.max(stackBytes, MIN_STACK) + 4095 & -4096;
            long top = memory.mapStack(stackBytes, loaded.executableStack());
            var who = kernel.credentials();
            var built = new InitialStack(memory, kernel.abi(), top)
                    .build(
                            stackBytes,
                            loaded,
                            request.path(),
                            request.arguments(),
                            request.environment(),
                            new InitialStack.Identity(who.uid(), who.euid(), who.gid(), who.egid()),
                            random());
            done = true;
            return new Image(memory, loaded.start(), built.pointer());
        } catch (ElfException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", name, e.getMessage());
            throw new Errno(e.errno());
        } finally {
            if (!done) {
                memory.close();
            }
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[16];
        long memory = RawMemory.allocate(bytes.length);
        try {
            Errno.check(Syscall.call(SyscallNumber.GETRANDOM, memory, bytes.length, 0));
            RawMemory.copyOut(memory, bytes, 0, bytes.length);
            return bytes;
        } finally {
            RawMemory.free(memory);
        }
    }

    /** Opens interpreters, and closes them when the program is loaded. */
    private static final class Interpreters implements AutoCloseable {
        private final Kernel kernel;
        private int fd = -1;

        Interpreters(Kernel kernel) {
            this.kernel = kernel;
        }

        ImageFile open(String path) {
            close();
            fd = kernel.openProgram(path.getBytes(StandardCharsets.ISO_8859_1));
            return new OpenFile(path, fd);
        }

        @Override
        public void close() {
            if (fd >= 0) {
                Syscall.call(SyscallNumber.CLOSE, fd);
                fd = -1;
            }
        }
    }

    /** A file of the host's. */
    private record OpenFile(String name, int hostFd) implements ImageFile {
        private static final int CHUNK = 64 << 10;
        private static final int SEEK_END = 2;

        @Override
        public long size() {
            return Errno.check(Syscall.call(SyscallNumber.LSEEK, hostFd, 0, SEEK_END));
        }

        @Override
        public int read(long offset, byte[] to, int at, int length) {
            long memory = RawMemory.allocate(Math.min(length, CHUNK));
            try {
                int done = 0;
                while (done < length) {
                    int chunk = Math.min(length - done, CHUNK);
                    int got = (int)
                            Errno.check(Syscall.call(SyscallNumber.PREAD64, hostFd, memory, chunk, offset + done));
                    if (got == 0) {
                        break;
                    }
                    RawMemory.copyOut(memory, to, at + done, got);
                    done += got;
                }
                return done;
            } finally {
                RawMemory.free(memory);
            }
        }
    }
}
