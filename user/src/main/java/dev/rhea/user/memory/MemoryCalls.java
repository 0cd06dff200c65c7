package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Description;
import dev.rhea.user.process.Limits;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** The calls of the mmap family. */
public final class MemoryCalls {
    private MemoryCalls() {}

    private static final int F_GETFL = 3;
    private static final int O_ACCMODE = 3;
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;

    private static final int MS_ASYNC = 1;
    private static final int MS_INVALIDATE = 2;
    private static final int MS_SYNC = 4;

    private static final int MADV_DONTNEED = 4;
    private static final int MADV_FREE = 8;
    private static final int MADV_REMOVE = 9;
    private static final int MADV_DONTFORK = 10;
    private static final int MADV_DOFORK = 11;
    private static final int MADV_WIPEONFORK = 18;
    private static final int MADV_KEEPONFORK = 19;
    private static final int MADV_LAST = 25;

    /** The call with Linux's name, or null. */
    public static @Nullable Call find(String name) {
        return switch (name) {
            case "mmap" -> (t, a) -> mmap(t, a, a[5]);
            case "mmap2" -> (t, a) -> mmap(t, a, (a[5] & 0xffffffffL) << 12);
            case "munmap" -> (t, a) -> mapper(t).unmap(t.address(a[0]), t.address(a[1]));
            case "mprotect" -> (t, a) -> mapper(t).protect(t.address(a[0]), t.address(a[1]), (int) a[2]);
            case "mremap" -> MemoryCalls::mremap;
            case "brk" -> (t, a) -> t.memory().setBreak(t.address(a[0]), limit(t, Limits.RLIMIT_DATA));
            case "madvise" -> MemoryCalls::madvise;
            case "msync" -> MemoryCalls::msync;
            case "mincore" -> MemoryCalls::mincore;
            case "mlock", "munlock" -> (t, a) -> lock(t, t.address(a[0]), t.address(a[1]));
            case "mlock2" -> (t, a) -> (a[2] & ~1) != 0 ? -Errno.EINVAL : lock(t, t.address(a[0]), t.address(a[1]));
            case "mlockall" -> (t, a) -> a[0] == 0 || (a[0] & ~7) != 0 ? -Errno.EINVAL : 0;
            case "munlockall" -> (t, a) -> 0;
            default -> null;
        };
    }

    private static Mapper mapper(Task task) {
        return new Mapper(task.memory());
    }

    private static long limit(Task task, int resource) {
        return task.process().limits().soft(resource);
    }

    private static long mmap(Task task, long[] a, long offset) {
        long address = task.address(a[0]);
        long wanted = task.address(a[1]);
        int prot = (int) a[2];
        int flags = (int) a[3];
        int type = flags & Mapper.MAP_TYPE;
        if (type == 0 || type > Mapper.MAP_SHARED_VALIDATE || (offset & Mmu.PAGE_SIZE - 1) != 0 || wanted == 0) {
            return -Errno.EINVAL;
        }
        if ((flags & Mapper.MAP_HUGETLB) != 0) {
            return -Errno.ENOMEM; // no huge pages are set aside
        }
        long length = Mapper.pageUp(wanted);
        if (length <= 0) {
            return -Errno.ENOMEM;
        }
        Backing backing = null;
        long from = 0;
        if ((flags & Mapper.MAP_ANONYMOUS) == 0) {
            if (offset < 0 || offset + length < 0) {
                return -Errno.EOVERFLOW;
            }
            backing = open(task, (int) a[4], prot, type != Mapper.MAP_PRIVATE);
            from = offset;
        }
        return mapper(task).map(address, length, prot, flags, backing, from, limit(task, Limits.RLIMIT_AS));
    }

    /** What a descriptor shows; null for /dev/zero. The caller releases it. */
    private static @Nullable Backing open(Task task, int fd, int prot, boolean shared) {
        Description description = task.files().acquireFile(fd);
        try {
            int host = description.hostFd();
            long access = Syscall.call(SyscallNumber.FCNTL, host, F_GETFL) & O_ACCMODE;
            if (access != O_RDONLY && access != O_RDWR
                    || shared && (prot & PageMap.PROT_WRITE) != 0 && access != O_RDWR) {
                throw new Errno(Errno.EACCES);
            }
            FileIdentity identity = FileIdentity.of(host);
            if (identity == null) {
                throw new Errno(Errno.EBADF);
            }
            if (identity.isDevZero()) {
                return null;
            }
            if (!identity.isRegular()) {
                throw new Errno(Errno.ENODEV);
            }
            FileCache files = task.memory().ram.files;
            // A private mapping shows, where it has no copy yet, what is stored through a shared one.
            Backing backing = shared ? files.openShared(host, identity, access == O_RDWR) : files.joinShared(identity);
            if (backing == null && !shared) {
                backing = files.open(host, identity);
            }
            if (backing == null) {
                throw new Errno(Errno.ENFILE);
            }
            return backing;
        } finally {
            description.release();
        }
    }

    private static long mremap(Task task, long[] a) {
        return mapper(task)
                .remap(
                        task.address(a[0]),
                        task.address(a[1]),
                        task.address(a[2]),
                        (int) a[3],
                        task.address(a[4]),
                        limit(task, Limits.RLIMIT_AS));
    }

    private static long madvise(Task task, long[] a) {
        int advice = (int) a[2];
        PageMap map = task.memory().map;
        if (advice < 0 || advice > MADV_LAST || advice > MADV_DONTNEED && advice < MADV_FREE) {
            return -Errno.EINVAL;
        }
        return mapper(task).each(task.address(a[0]), task.address(a[1]), (vma, start, end) -> {
            switch (advice) {
                case MADV_DONTNEED:
                    map.discard(start, end);
                    return 0;
                case MADV_FREE:
                    // Linux may keep the content until memory is short; not to keep it is as right.
                    if (vma.backing != null) {
                        return -Errno.EINVAL;
                    }
                    map.discard(start, end);
                    return 0;
                case MADV_REMOVE:
                    if (!vma.shared || vma.backing == null) {
                        return -Errno.EINVAL;
                    }
                    return vma.backing.punch(vma.pageOf(start), end - start >>> 12) ? 0 : -Errno.EOPNOTSUPP;
                case MADV_DONTFORK, MADV_DOFORK, MADV_WIPEONFORK, MADV_KEEPONFORK:
                    return adviseFork(map, vma, start, end, advice);
                default:
                    return 0; // advice only
            }
        });
    }

    private static int adviseFork(PageMap map, Vma vma, long start, long end, int advice) {
        if (advice == MADV_WIPEONFORK && (vma.shared || vma.backing != null)) {
            return -Errno.EINVAL;
        }
        map.vmas.split(start);
        map.vmas.split(end);
        Vma part = map.vmas.find(start);
        if (part != null) {
            switch (advice) {
                case MADV_DONTFORK -> part.dontFork = true;
                case MADV_DOFORK -> part.dontFork = false;
                case MADV_WIPEONFORK -> part.wipeOnFork = true;
                default -> part.wipeOnFork = false;
            }
        }
        return 0;
    }

    private static long msync(Task task, long[] a) {
        int flags = (int) a[2];
        if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0
                || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC)) {
            return -Errno.EINVAL;
        }
        return mapper(task)
                .each(
                        task.address(a[0]),
                        task.address(a[1]),
                        (vma, start, end) -> (flags & MS_SYNC) != 0 && vma.shared && vma.backing != null
                                ? vma.backing.sync(vma.pageOf(start), end - start >>> 12)
                                : 0);
    }

    private static long mincore(Task task, long[] a) {
        long to = task.address(a[2]);
        long first = task.address(a[0]);
        long pages = Mapper.pageUp(task.address(a[1])) >>> 12;
        if (pages < 0 || pages > task.memory().highest() >>> 12) {
            return -Errno.ENOMEM;
        }
        long result = mapper(task).each(first, pages << 12, (vma, start, end) -> 0);
        for (long i = 0; result == 0 && i < pages; i++) {
            task.memory().write(to + i, task.memory().map.isPresent(first + (i << 12)) ? 1 : 0, 1);
        }
        return result;
    }

    /** mlock(2) as far as it shows: guest memory is the host's to page out. */
    private static long lock(Task task, long address, long length) {
        long start = address & Mmu.PAGE_MASK;
        return mapper(task).each(start, length + (address - start), (vma, from, to) -> 0);
    }
}
