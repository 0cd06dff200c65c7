package dev.rhea.host;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Memory for machine code, mapped twice: what is written at an offset of the {@linkplain #writable writable} view is executed
 * at the same offset of the {@linkplain #executable executable} one. So no page is ever both, which hardened kernels forbid.
 *
 * <p>x86-64 keeps its instruction caches coherent by physical address: code that was published to another thread (a volatile
 * write, or anything stronger) can be called there at once. Changing code that another thread may be executing is safe only for
 * what lies in one aligned 8 bytes, in one store: that thread sees the old or the new instruction, sooner or later.
 *
 * <p>Memory costs something only once it is touched.
 */
public final class CodeMemory implements AutoCloseable {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 1;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_EXEC = 0x10;
    private static final int EINVAL = 22;

    /** What the host's list of mappings calls it. */
    private static final String NAME = "rhea-code";

    private final long writable;
    private final long executable;
    private final long bytes;

    private CodeMemory(long writable, long executable, long bytes) {
        this.writable = writable;
        this.executable = executable;
        this.bytes = bytes;
    }

    /**
     * Reserves memory, zeroed.
     *
     * @param bytes more than 0, a multiple of the host's page size (4096)
     * @return null where the host refuses: no memory or address space, or a policy against code made at run time
     */
    public static @Nullable CodeMemory reserve(long bytes) {
        if (bytes <= 0 || (bytes & 4095) != 0) {
            throw new IllegalArgumentException("not a multiple of 4096 bytes: " + bytes);
        }
        long fd = create();
        if (Syscall.failed(fd)) {
            return null;
        }
        try {
            if (Syscall.failed(Syscall.call(SyscallNumber.FTRUNCATE, fd, bytes))) {
                return null;
            }
            long writable = map(fd, bytes, PROT_READ | PROT_WRITE);
            if (Syscall.failed(writable)) {
                return null;
            }
            long executable = map(fd, bytes, PROT_READ | PROT_EXEC);
            if (Syscall.failed(executable)) {
                Syscall.call(SyscallNumber.MUNMAP, writable, bytes);
                return null;
            }
            return new CodeMemory(writable, executable, bytes);
        } finally {
            // The mappings keep it.
            Syscall.call(SyscallNumber.CLOSE, fd);
        }
    }

    /** Whether the host lets us have such memory at all. */
    static boolean permitted() {
        try (CodeMemory probe = reserve(4096)) {
            return probe != null;
        }
    }

    private static long create() {
        byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
        long address = RawMemory.allocate(name.length + 1);
        try {
            RawMemory.copyIn(name, 0, address, name.length);
            long fd = Syscall.call(SyscallNumber.MEMFD_CREATE, address, MFD_CLOEXEC | MFD_EXEC);
            // Linux before 6.3 does not know MFD_EXEC; later ones complain in their log, or refuse, without it.
            return fd == -EINVAL ? Syscall.call(SyscallNumber.MEMFD_CREATE, address, MFD_CLOEXEC) : fd;
        } finally {
            RawMemory.free(address);
        }
    }

    private static long map(long fd, long bytes, int protection) {
        return Syscall.call(SyscallNumber.MMAP, 0, bytes, protection, MAP_SHARED | MAP_NORESERVE, fd, 0);
    }

    /** Host address of the view to write code through. */
    public long writable() {
        return writable;
    }

    /** Host address of the view to call code in; the same bytes in the same order. */
    public long executable() {
        return executable;
    }

    public long bytes() {
        return bytes;
    }

    /** Unmaps both views. Nobody may write or call anything in them any more, nor be inside. */
    @Override
    public void close() {
        Syscall.call(SyscallNumber.MUNMAP, executable, bytes);
        Syscall.call(SyscallNumber.MUNMAP, writable, bytes);
    }
}
