package dev.rhea.user.memory;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Reservation;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the address spaces of one kernel's processes have in common: the host memory, and the files they map. */
public final class GuestRam implements AutoCloseable {
    /** Host addresses for guests' pages and for windows onto files. */
    private static final long WANTED = 1L << 40;

    final FramePool pool;
    final FileCache files;
    private final DecodedCode code;

    /** Bytes of memory that the host has; a private mapping of more is refused. */
    final long totalBytes;

    /** Those that are not closed. */
    final Set<AddressSpace> spaces = ConcurrentHashMap.newKeySet();

    private @Nullable SharedAnonymous trampoline;

    /** With as much memory as the host has, but for an eighth that JVM and host need. */
    public GuestRam(Engine engine) {
        this(engine, hostMemory() / 8 * 7);
    }

    /** With {@code bytes} of memory for all processes together. */
    public GuestRam(Engine engine, long bytes) {
        this(
                new DecodedCode() {
                    @Override
                    public boolean isIn(long page) {
                        return engine.hasCode(page);
                    }

                    @Override
                    public void drop(long page) {
                        engine.dropCode(page, Mmu.PAGE_SIZE);
                    }
                },
                bytes);
    }

    /** What was made of the code in host pages. */
    interface DecodedCode {
        boolean isIn(long page);

        void drop(long page);
    }

    GuestRam(DecodedCode code, long bytes) {
        this.code = code;
        this.totalBytes = bytes;
        this.pool = new FramePool(Reservation.upTo(WANTED), bytes, this::recycled);
        this.files = new FileCache(pool);
    }

    /** {@code totalram} of sysinfo(2). */
    private static long hostMemory() {
        long info = RawMemory.allocate(128);
        try {
            Syscall.call(SyscallNumber.SYSINFO, info);
            long total = RawMemory.getLong(info + 32) * Integer.toUnsignedLong(RawMemory.getInt(info + 104));
            return total > 0 ? total : 1L << 32;
        } finally {
            RawMemory.free(info);
        }
    }

    /** The page that signal handlers return to, shared by all processes; kept until the end. */
    synchronized Backing trampoline(byte[] code) {
        if (trampoline == null) {
            trampoline = new SharedAnonymous(pool);
            long page = trampoline.page(0);
            if (page == Backing.NO_MEMORY) {
                throw new OutOfMemoryError("no guest memory is left");
            }
            RawMemory.copyIn(code, 0, page, code.length);
        }
        return trampoline;
    }

    /**
     * A file is about to be cut, or was: what guests have mapped beyond its new end raises SIGBUS from now on. To be called
     * before the host's call, so that no processor touches what the host has taken away, and after it.
     */
    void cut(int hostFd, long size) {
        if (!files.hasShared()) {
            return;
        }
        FileIdentity identity = FileIdentity.of(hostFd);
        if (identity == null) {
            return;
        }
        cut(files.shared(identity.device(), identity.inode(), true), size);
        cut(files.shared(identity.device(), identity.inode(), false), size);
    }

    /** A system call wrote to a file: code that guests run from a shared mapping of it is read anew. */
    void written(int hostFd) {
        if (!files.hasExecutable()) {
            return;
        }
        FileIdentity identity = FileIdentity.of(hostFd);
        if (identity == null) {
            return;
        }
        written(files.shared(identity.device(), identity.inode(), true));
        written(files.shared(identity.device(), identity.inode(), false));
    }

    private void written(@Nullable SharedFile file) {
        if (file != null) {
            file.written(this);
        }
    }

    private void cut(@Nullable SharedFile file, long size) {
        if (file == null) {
            return;
        }
        file.cut(size);
        for (AddressSpace space : spaces) {
            space.cut(file, size);
        }
    }

    /** Memory is short: gives up what is kept for later. Tells whether there was any. */
    boolean reclaim() {
        long before = pool.usedPages();
        files.close();
        return pool.usedPages() < before;
    }

    private void recycled(long frame, long bytes) {
        for (long page = frame; page < frame + bytes; page += Mmu.PAGE_SIZE) {
            changed(page);
        }
    }

    /** The content of a host page changed behind the guest's back. */
    void changed(long page) {
        if (code.isIn(page)) {
            code.drop(page);
        }
    }

    /** Pages in use by all processes, and by files kept for reuse. */
    public long usedPages() {
        return pool.usedPages();
    }

    /** Gives all memory back to the host. No processor runs any more. */
    @Override
    public void close() {
        files.close();
        pool.close();
    }
}
