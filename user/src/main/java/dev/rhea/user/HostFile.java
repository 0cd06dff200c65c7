package dev.rhea.user;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.elf.ImageFile;
import java.nio.charset.StandardCharsets;

/** A program's file, open on the host. */
final class HostFile implements ImageFile {
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_SET = 0;
    private static final int SEEK_END = 2;

    /** Most that one read asks for. */
    private static final int CHUNK = 1 << 16;

    private final String name;
    private final int hostFd;

    HostFile(String name, int hostFd) {
        this.name = name;
        this.hostFd = hostFd;
    }

    /** Opens for reading. @return a descriptor or a negated errno */
    static long open(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        long memory = RawMemory.allocate(bytes.length + 1L);
        try {
            RawMemory.copyIn(bytes, 0, memory, bytes.length);
            RawMemory.putByte(memory + bytes.length, (byte) 0);
            return Syscall.call(SyscallNumber.OPENAT, AT_FDCWD, memory, O_CLOEXEC, 0);
        } finally {
            RawMemory.free(memory);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        long size = Errno.check(Syscall.call(SyscallNumber.LSEEK, hostFd, 0, SEEK_END));
        Syscall.call(SyscallNumber.LSEEK, hostFd, 0, SEEK_SET);
        return size;
    }

    @Override
    public int hostFd() {
        return hostFd;
    }

    @Override
    public int read(long offset, byte[] to, int at, int length) {
        long memory = RawMemory.allocate(Math.min(CHUNK, Math.max(1, length)));
        try {
            int done = 0;
            while (done < length) {
                int wanted = Math.min(CHUNK, length - done);
                int got = (int) Errno.check(Syscall.call(SyscallNumber.PREAD64, hostFd, memory, wanted, offset + done));
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
