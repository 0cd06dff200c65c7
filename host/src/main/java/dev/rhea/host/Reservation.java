package dev.rhea.host;

/**
 * A stretch of host address space that stays mapped until {@link #close}, so that whoever holds an old address into it
 * reads stale bytes at worst and never crashes the JVM. Memory costs something only once it is touched.
 */
public final class Reservation implements AutoCloseable {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MADV_DONTNEED = 4;

    /** Below this we give up. */
    private static final long SMALLEST = 64L << 20;

    private final long base;
    private final long bytes;

    private Reservation(long base, long bytes) {
        this.base = base;
        this.bytes = bytes;
    }

    /**
     * Reserves {@code wanted} bytes, or half, a quarter and so on where the host refuses (no overcommitting, RLIMIT_AS).
     *
     * @throws OutOfMemoryError where not even 64 MiB can be had
     */
    public static Reservation upTo(long wanted) {
        long result = 0;
        for (long size = wanted; size >= SMALLEST; size >>= 1) {
            result = Syscall.call(
                    SyscallNumber.MMAP,
                    0,
                    size,
                    PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1,
                    0);
            if (!Syscall.failed(result)) {
                return new Reservation(result, size);
            }
        }
        throw new OutOfMemoryError("the host refuses " + SMALLEST + " bytes of memory for guests (errno " + -result
                + "): raise its limit on address space (ulimit -v)");
    }

    /**
     * Reserves {@code wanted} bytes, no less.
     *
     * @param wanted a multiple of the host's page size
     * @throws OutOfMemoryError where the host refuses
     */
    public static Reservation of(long wanted) {
        long result = Syscall.call(
                SyscallNumber.MMAP,
                0,
                wanted,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1,
                0);
        if (Syscall.failed(result)) {
            throw new OutOfMemoryError("the host refuses " + wanted + " bytes of memory (errno " + -result + ")");
        }
        return new Reservation(result, wanted);
    }

    /** Host address of the first byte, aligned to the host's page size. */
    public long base() {
        return base;
    }

    public long bytes() {
        return bytes;
    }

    /** Gives the memory behind a range back to the host; the range then reads as zeros. */
    public void discard(long address, long length) {
        check(address, length);
        long result = Syscall.call(SyscallNumber.MADVISE, address, length, MADV_DONTNEED);
        if (Syscall.failed(result)) {
            // Locked pages cannot be discarded: the promise is zeros.
            RawMemory.fill(address, length, (byte) 0);
        }
    }

    /**
     * Puts a file's content in place of a range, shared with whoever else has the file mapped.
     *
     * @return 0 or a negated errno
     */
    public int mapFile(long address, long length, int fd, long offset, boolean writable) {
        check(address, length);
        long result = Syscall.call(
                SyscallNumber.MMAP,
                address,
                length,
                writable ? PROT_READ | PROT_WRITE : PROT_READ,
                MAP_SHARED | MAP_FIXED,
                fd,
                offset);
        return Syscall.failed(result) ? (int) result : 0;
    }

    /**
     * Puts a file's content in place of a range; what is written there stays here.
     *
     * @return 0 or a negated errno
     */
    public int mapCopy(long address, long length, int fd, long offset) {
        check(address, length);
        long result = Syscall.call(
                SyscallNumber.MMAP, address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, offset);
        return Syscall.failed(result) ? (int) result : 0;
    }

    /** Puts fresh zeroed memory in place of a range, whatever was there. */
    public void mapFresh(long address, long length) {
        check(address, length);
        long result = Syscall.call(
                SyscallNumber.MMAP,
                address,
                length,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
                -1,
                0);
        if (Syscall.failed(result)) {
            throw new OutOfMemoryError("the host refuses to map " + length + " bytes (errno " + -result + ")");
        }
    }

    private void check(long address, long length) {
        if (address < base || length < 0 || address - base > bytes - length) {
            throw new IllegalArgumentException("not in the reservation: " + Long.toHexString(address) + "+" + length);
        }
    }

    /** Unmaps everything. Nobody may touch it any more. */
    @Override
    public void close() {
        Syscall.call(SyscallNumber.MUNMAP, base, bytes);
    }
}
