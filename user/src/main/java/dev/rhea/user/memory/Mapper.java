package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.user.call.Errno;
import org.jspecify.annotations.Nullable;

/** What the calls of the mmap family do to an address space, once their arguments are decoded. Results are Linux's. */
final class Mapper {
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_SHARED_VALIDATE = 3;
    static final int MAP_TYPE = 15;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_GROWSDOWN = 0x100;
    static final int MAP_NORESERVE = 0x4000;
    static final int MAP_HUGETLB = 0x40000;
    static final int MAP_FIXED_NOREPLACE = 0x100000;

    private static final int MREMAP_MAYMOVE = 1;
    private static final int MREMAP_FIXED = 2;
    private static final int MREMAP_DONTUNMAP = 4;
    private static final int PROT_GROWSDOWN = 0x1000000;
    private static final int PROT_ALL = 7;
    private static final int PAGE = Mmu.PAGE_SIZE;

    /** Linux's default vm.max_map_count. */
    private static final int MAX_MAPPINGS = 65530;

    private final AddressSpace space;
    private final PageMap map;
    private final Layout layout;

    Mapper(AddressSpace space) {
        this.space = space;
        this.map = space.map;
        this.layout = space.layout;
    }

    static long pageUp(long value) {
        return value + PAGE - 1 & -PAGE;
    }

    /**
     * mmap(2). Takes over the caller's reference to the backing.
     *
     * @param length page-aligned, over 0
     * @param limit RLIMIT_AS, negative for none
     * @return the address
     */
    long map(long address, long length, int prot, int flags, @Nullable Backing backing, long offset, long limit) {
        space.lock.lock();
        try {
            boolean shared = (flags & MAP_TYPE) != MAP_PRIVATE;
            boolean costs = !shared && (prot & PageMap.PROT_WRITE) != 0 && (flags & MAP_NORESERVE) == 0;
            if (length > layout.highest()
                    || limit >= 0 && map.mapped + length > limit
                    || costs && length > space.ram.totalBytes
                    || map.vmas.size() >= MAX_MAPPINGS) {
                throw new Errno(Errno.ENOMEM);
            }
            long at = place(address, length, flags);
            Backing shown = backing;
            if (shared && backing == null) {
                shown = new SharedAnonymous(space.ram.pool);
            }
            boolean growsDown = (flags & MAP_GROWSDOWN) != 0 && !shared && backing == null;
            map.unmap(at, at + length);
            map.add(new Vma(at, at + length, prot & PROT_ALL, shared, growsDown, shown, offset >>> 12, null));
            return at;
        } catch (Errno e) {
            if (backing != null) {
                backing.release();
            }
            throw e;
        } finally {
            space.lock.unlock();
        }
    }

    private long place(long address, long length, int flags) {
        if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
            if ((address & PAGE - 1) != 0) {
                throw new Errno(Errno.EINVAL);
            }
            if (address < 0 || address > layout.highest() - length) {
                throw new Errno(Errno.ENOMEM);
            }
            if (address < layout.lowest()) {
                throw new Errno(Errno.EPERM);
            }
            if ((flags & MAP_FIXED_NOREPLACE) != 0 && map.vmas.overlaps(address, address + length)) {
                throw new Errno(Errno.EEXIST);
            }
            return address;
        }
        long hint = address & -PAGE;
        if (hint >= layout.lowest() && hint <= layout.highest() - length && !map.vmas.overlaps(hint, hint + length)) {
            return hint;
        }
        return hole(length);
    }

    private long hole(long length) {
        long top = layout.mappingTop(map.stackLimit);
        long at = map.vmas.holeBelow(top, layout.lowest(), length);
        if (at < 0) {
            at = map.vmas.holeAbove(top, layout.highest(), length);
        }
        if (at < 0) {
            throw new Errno(Errno.ENOMEM);
        }
        return at;
    }

    /** munmap(2). */
    long unmap(long address, long length) {
        long bytes = pageUp(length);
        if ((address & PAGE - 1) != 0 || bytes <= 0 || address < 0 || address > layout.highest() - bytes) {
            return -Errno.EINVAL;
        }
        space.lock.lock();
        try {
            map.unmap(address, address + bytes);
            return 0;
        } finally {
            space.lock.unlock();
        }
    }

    /** mprotect(2). */
    long protect(long address, long length, int prot) {
        long bytes = pageUp(length);
        if ((address & PAGE - 1) != 0 || (prot & ~(PROT_ALL | PROT_GROWSDOWN | 8)) != 0) {
            return -Errno.EINVAL;
        }
        if (bytes == 0) {
            return 0;
        }
        if (bytes < 0 || address < 0 || address > layout.highest() - bytes) {
            return -Errno.ENOMEM;
        }
        space.lock.lock();
        try {
            long end = address + bytes;
            long start = address;
            int i = map.vmas.firstEndingAbove(address);
            if ((prot & PROT_GROWSDOWN) != 0) {
                if (i == map.vmas.size() || !map.vmas.get(i).growsDown || map.vmas.get(i).start >= end) {
                    return -Errno.EINVAL;
                }
                start = map.vmas.get(i).start;
            }
            // What comes before a hole is changed all the same, as in Linux.
            long covered = start;
            for (; i < map.vmas.size() && map.vmas.get(i).start <= covered && covered < end; i++) {
                Vma vma = map.vmas.get(i);
                if ((prot & PageMap.PROT_WRITE) != 0
                        && vma.shared
                        && vma.backing instanceof SharedFile file
                        && !file.isWritable()) {
                    if (covered > start) {
                        map.protect(start, covered, prot & PROT_ALL);
                    }
                    return -Errno.EACCES;
                }
                covered = Math.min(end, vma.end);
            }
            if (covered > start) {
                map.protect(start, covered, prot & PROT_ALL);
            }
            return covered < end ? -Errno.ENOMEM : 0;
        } finally {
            space.lock.unlock();
        }
    }

    /** mremap(2). */
    long remap(long address, long oldLength, long newLength, int flags, long newAddress, long limit) {
        long oldBytes = pageUp(oldLength);
        long newBytes = pageUp(newLength);
        if ((address & PAGE - 1) != 0
                || (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0
                || (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0 && (flags & MREMAP_MAYMOVE) == 0
                || (flags & MREMAP_DONTUNMAP) != 0 && oldBytes != newBytes
                || newBytes <= 0
                || oldBytes < 0
                || address < 0
                || address > layout.highest() - oldBytes) {
            return -Errno.EINVAL;
        }
        space.lock.lock();
        try {
            Vma vma = map.vmas.find(address);
            if (vma == null) {
                return -Errno.EFAULT;
            }
            if (oldBytes == 0) {
                if (!vma.shared) {
                    return -Errno.EINVAL;
                }
            } else if (vma.end < address + oldBytes) {
                return -Errno.EFAULT;
            }
            if (newBytes > layout.highest()
                    || newBytes > oldBytes && limit >= 0 && map.mapped + newBytes - oldBytes > limit) {
                return -Errno.ENOMEM;
            }
            if ((flags & MREMAP_FIXED) != 0) {
                if ((newAddress & PAGE - 1) != 0
                        || newAddress < layout.lowest()
                        || newAddress > layout.highest() - newBytes
                        || newAddress < address + oldBytes && address < newAddress + newBytes) {
                    return -Errno.EINVAL;
                }
                map.unmap(newAddress, newAddress + newBytes);
                return move(address, oldBytes, newAddress, newBytes, flags);
            }
            if (oldBytes > 0 && (flags & MREMAP_DONTUNMAP) == 0) {
                if (newBytes <= oldBytes) {
                    map.unmap(address + newBytes, address + oldBytes);
                    return address;
                }
                long end = address + oldBytes;
                long newEnd = address + newBytes;
                if (vma.end == end && newEnd <= layout.highest() && !map.vmas.overlaps(end, newEnd)) {
                    Vma more = vma.part(end, newEnd);
                    if (more.backing != null) {
                        more.backing.retain();
                    }
                    map.add(more);
                    return address;
                }
            }
            if ((flags & MREMAP_MAYMOVE) == 0) {
                return -Errno.ENOMEM;
            }
            return move(address, oldBytes, hole(newBytes), newBytes, flags);
        } finally {
            space.lock.unlock();
        }
    }

    private long move(long address, long oldBytes, long to, long newBytes, int flags) {
        Vma vma = java.util.Objects.requireNonNull(map.vmas.find(address));
        Vma moved = new Vma(
                to, to + newBytes, vma.prot, vma.shared, vma.growsDown, vma.backing, vma.pageOf(address), vma.name);
        moved.wipeOnFork = vma.wipeOnFork;
        moved.dontFork = vma.dontFork;
        if (moved.backing != null) {
            moved.backing.retain();
        }
        long kept = Math.min(oldBytes, newBytes);
        map.movePages(address, to, kept);
        map.add(moved);
        if ((flags & MREMAP_DONTUNMAP) == 0) {
            map.unmap(address, address + oldBytes);
        }
        return to;
    }

    /** What a call does to each mapping in a range. */
    interface Piece {
        /** 0 or a negated errno, which ends the call. */
        int apply(Vma vma, long start, long end);
    }

    /** Visits the mappings of a range in order; -ENOMEM at the end where there were holes. */
    long each(long address, long length, Piece piece) {
        long end = address + pageUp(length);
        if ((address & PAGE - 1) != 0 || end < address) {
            return -Errno.EINVAL;
        }
        space.lock.lock();
        try {
            boolean hole = false;
            long at = address;
            while (at < end) {
                int i = map.vmas.firstEndingAbove(at);
                if (i == map.vmas.size() || map.vmas.get(i).start >= end) {
                    hole = true;
                    break;
                }
                Vma vma = map.vmas.get(i);
                hole |= vma.start > at;
                long stop = Math.min(end, vma.end);
                int result = piece.apply(vma, Math.max(at, vma.start), stop);
                if (result != 0) {
                    return result;
                }
                at = stop;
            }
            return hole ? -Errno.ENOMEM : 0;
        } finally {
            space.lock.unlock();
        }
    }
}
