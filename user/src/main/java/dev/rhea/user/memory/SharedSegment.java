package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.user.call.Errno;

/** Memory that any process of a kernel can attach: System V's. It lives as long as its owner keeps it, or somebody maps it. */
public final class SharedSegment {
    private final Segment backing;
    private final long bytes;

    /** @param ram whose memory; @param bytes rounded up to pages; @param key shown in maps */
    public SharedSegment(GuestRam ram, long bytes, int key) {
        this.backing = new Segment(ram.pool, String.format("/SYSV%08x (deleted)", key));
        this.bytes = Mapper.pageUp(bytes);
    }

    private static final class Segment extends SharedAnonymous {
        private final String path;

        Segment(FramePool pool, String path) {
            super(pool);
            this.path = path;
        }

        @Override
        String path() {
            return path;
        }
    }

    /** How many mappings there are. */
    public int attached() {
        return backing.otherUsers();
    }

    /**
     * shmat.
     *
     * @param address page-aligned, or 0 for anywhere
     * @param prot PROT_ bits
     * @param replace what is mapped there goes
     * @param limit RLIMIT_AS, negative for none
     * @return the address
     * @throws Errno EINVAL where something is mapped there, ENOMEM
     */
    public long attach(AddressSpace space, long address, int prot, boolean replace, long limit) {
        int flags = Mapper.MAP_SHARED;
        if (address != 0) {
            flags |= replace ? Mapper.MAP_FIXED : Mapper.MAP_FIXED_NOREPLACE;
        }
        backing.retain();
        try {
            return new Mapper(space).map(address, bytes, prot, flags, backing, 0, limit);
        } catch (Errno e) {
            throw e.number == Errno.EEXIST ? new Errno(Errno.EINVAL) : e;
        }
    }

    /** shmdt: unmaps what of this segment is mapped where it was attached at {@code address}; false where it was not. */
    public boolean detach(AddressSpace space, long address) {
        space.lock.lock();
        try {
            Vma vma = space.map.vmas.find(address);
            if (vma == null || vma.backing != backing || vma.start - (vma.firstPage << 12) != address) {
                return false;
            }
            for (long at = address; at < address + bytes; at += Mmu.PAGE_SIZE) {
                Vma part = space.map.vmas.find(at);
                if (part != null && part.backing == backing && part.start - (part.firstPage << 12) == address) {
                    long end = Math.min(part.end, address + bytes);
                    space.map.unmap(at, end);
                    at = end - Mmu.PAGE_SIZE;
                }
            }
            return true;
        } finally {
            space.lock.unlock();
        }
    }

    /** The owner lets go: the memory goes with its last mapping. */
    public void release() {
        backing.release();
    }
}
