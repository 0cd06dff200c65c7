package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import org.jspecify.annotations.Nullable;

/**
 * Mappings and the pages that are there for them: first touch, copy on write, unmapping, change of rights. Knows nothing of
 * where things should go. Everything but {@link #present} is guarded by the address space's lock.
 */
final class PageMap {
    /** Results of {@link #pageIn} besides addresses. */
    static final int NOT_MAPPED = 1;

    static final int NOT_ALLOWED = 2;
    static final int BEYOND_FILE = 3;
    static final int NO_MEMORY = 4;

    /** Not yet: a fork is not settled. */
    static final int RETRY = 5;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;

    /** Linux's stack_guard_gap: nothing may be mapped so close below a stack that grows. */
    static final long STACK_GUARD = 256L * Mmu.PAGE_SIZE;

    private final GuestRam ram;
    private final FramePool pool;
    private PageTable table = new PageTable();
    final VmaList vmas = new VmaList();
    final Processors processors;

    /** RLIMIT_STACK: how far the stack may grow. */
    long stackLimit = 8L << 20;

    /** Bytes in mappings, those of private writable ones, and the most there ever were. */
    long mapped;

    PageMap(GuestRam ram) {
        this.ram = ram;
        this.pool = ram.pool;
        this.processors = new Processors(pool);
    }

    /** The host address of a byte, if its page is there with that right ({@link PageTable#READ} and so on); 0. Any thread. */
    long present(long address, int right) {
        long entry = table.get(address);
        return (entry & right) != 0 ? entry & PageTable.FRAME | address & ~PageTable.FRAME : 0;
    }

    /** Whether the page is in memory: mincore(2). */
    boolean isPresent(long address) {
        return table.get(address) != 0;
    }

    // ---- faults

    /** Brings a page into being for an access; the byte's host address, or why there is none. */
    long pageIn(long address, int right) {
        Vma vma = vmas.find(address);
        if (vma == null) {
            vma = growStack(address);
            if (vma == null) {
                return NOT_MAPPED;
            }
        }
        if ((rights(vma.prot) & right) == 0) {
            return NOT_ALLOWED;
        }
        long page = address & Mmu.PAGE_MASK;
        long offset = address - page;
        long entry = table.get(page);
        if ((entry & right) != 0) {
            return (entry & PageTable.FRAME) + offset;
        }
        long frame;
        if (entry != 0) {
            frame = grant(vma, page, entry, right);
        } else if (vma.backing == null) {
            frame = touchAnonymous(vma, page);
        } else {
            frame = touchBacked(vma, page, right);
        }
        return frame < Mmu.PAGE_SIZE ? frame : frame + offset;
    }

    /** What a mapping's protection lets a program do; a page that can be written can be read. */
    static int rights(int prot) {
        return ((prot & (PROT_READ | PROT_WRITE)) != 0 ? PageTable.READ : 0)
                | ((prot & PROT_WRITE) != 0 ? PageTable.WRITE : 0)
                | ((prot & PROT_EXEC) != 0 ? PageTable.EXEC : 0);
    }

    private @Nullable Vma growStack(long address) {
        int i = vmas.firstEndingAbove(address);
        if (i == vmas.size()) {
            return null;
        }
        Vma vma = vmas.get(i);
        long page = address & Mmu.PAGE_MASK;
        if (!vma.growsDown || vma.end - page > stackLimit || page < STACK_GUARD) {
            return null;
        }
        if (i > 0 && vmas.get(i - 1).end > page - STACK_GUARD && vmas.get(i - 1).prot != 0) {
            return null;
        }
        if (i > 0 && vmas.get(i - 1).end > page) {
            return null;
        }
        mapped += vma.start - page;
        vma.start = page;
        return vma;
    }

    /** A right that the mapping gives and the page had not: after a change of protection, or a copy that was put off. */
    private long grant(Vma vma, long page, long entry, int right) {
        long frame = entry & PageTable.FRAME;
        int rights = rights(vma.prot);
        if (vma.shared) {
            table.put(page, frame | rights);
            return frame;
        }
        if (right != PageTable.WRITE) {
            table.put(page, entry | rights & ~PageTable.WRITE);
            return frame;
        }
        if ((entry & PageTable.OWNED) != 0 && pool.exclusive(frame)) {
            table.put(page, frame | PageTable.OWNED | rights);
            return frame;
        }
        if (!processors.isSettled()) {
            return RETRY;
        }
        long copy = pool.allocateFrame(false);
        if (copy == 0) {
            return NO_MEMORY;
        }
        RawMemory.copy(frame, copy, Mmu.PAGE_SIZE);
        table.put(page, copy | PageTable.OWNED | rights);
        processors.flush(page, page + Mmu.PAGE_SIZE, (entry & PageTable.EXEC) != 0);
        if ((entry & PageTable.OWNED) != 0) {
            processors.letGo(frame);
            processors.complete();
        }
        return copy;
    }

    private long touchAnonymous(Vma vma, long page) {
        long rights = PageTable.OWNED | rights(vma.prot);
        long first = page & -FramePool.CLUSTER_BYTES;
        if (first >= vma.start && first + FramePool.CLUSTER_BYTES <= vma.end && isEmpty(first)) {
            long cluster = pool.allocateCluster();
            if (cluster != 0) {
                for (long at = 0; at < FramePool.CLUSTER_BYTES; at += Mmu.PAGE_SIZE) {
                    table.put(first + at, cluster + at | rights);
                }
                return cluster + page - first;
            }
        }
        long frame = pool.allocateFrame(true);
        if (frame == 0) {
            return NO_MEMORY;
        }
        table.put(page, frame | rights);
        return frame;
    }

    private boolean isEmpty(long first) {
        for (long at = first; at < first + FramePool.CLUSTER_BYTES; at += Mmu.PAGE_SIZE) {
            if (table.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private long touchBacked(Vma vma, long page, int right) {
        Backing backing = java.util.Objects.requireNonNull(vma.backing);
        long frame = backing.page(vma.pageOf(page));
        if (frame == 0) {
            return BEYOND_FILE;
        }
        if (frame == Backing.NO_MEMORY) {
            return NO_MEMORY;
        }
        int rights = rights(vma.prot);
        if (vma.shared) {
            table.put(page, frame | rights);
            return frame;
        }
        if (right != PageTable.WRITE) {
            table.put(page, frame | rights & ~PageTable.WRITE);
            return frame;
        }
        long copy = pool.allocateFrame(false);
        if (copy == 0) {
            return NO_MEMORY;
        }
        RawMemory.copy(frame, copy, Mmu.PAGE_SIZE);
        table.put(page, copy | PageTable.OWNED | rights);
        return copy;
    }

    // ---- changes

    /** Adds a mapping where there is none. Takes over the caller's reference to the backing. */
    void add(Vma vma) {
        if (vma.backing != null && (vma.prot & PROT_EXEC) != 0) {
            vma.backing.executable();
        }
        vmas.insert(vma);
        mapped += vma.end - vma.start;
        vmas.join(vma.start, vma.end);
    }

    /** Removes whatever is mapped in a range. */
    void unmap(long start, long end) {
        int i = vmas.firstEndingAbove(start);
        if (i == vmas.size() || vmas.get(i).start >= end) {
            return;
        }
        vmas.split(start);
        vmas.split(end);
        int from = vmas.firstEndingAbove(start);
        int to = from;
        for (; to < vmas.size() && vmas.get(to).start < end; to++) {
            Vma vma = vmas.get(to);
            mapped -= vma.end - vma.start;
            if (vma.backing != null) {
                processors.letGo(vma.backing);
            }
        }
        vmas.removeRange(from, to);
        dropPages(start, end);
        processors.complete();
    }

    /** Forgets the pages of a range: what is touched next is as it was mapped. */
    void dropPages(long start, long end) {
        var drop = new PageTable.Visitor() {
            long all;

            @Override
            public long visit(long address, long entry) {
                all |= entry;
                if ((entry & PageTable.OWNED) != 0) {
                    processors.letGo(entry & PageTable.FRAME);
                }
                return 0;
            }
        };
        table.update(start, end, drop);
        if (drop.all != 0) {
            processors.flush(start, end, (drop.all & PageTable.EXEC) != 0);
        }
    }

    /** madvise(MADV_DONTNEED). */
    void discard(long start, long end) {
        dropPages(start, end);
        processors.complete();
    }

    /** Gives all mappings in a range other rights. */
    void protect(long start, long end, int prot) {
        vmas.split(start);
        vmas.split(end);
        int i = vmas.firstEndingAbove(start);
        for (; i < vmas.size() && vmas.get(i).start < end; i++) {
            Vma vma = vmas.get(i);
            if (vma.prot != prot) {
                vma.prot = prot;
                if (vma.backing != null && (prot & PROT_EXEC) != 0) {
                    vma.backing.executable();
                }
                protectPages(vma);
            }
        }
        vmas.join(start, end);
    }

    private void protectPages(Vma vma) {
        int rights = rights(vma.prot);
        var change = new PageTable.Visitor() {
            long removed;

            @Override
            public long visit(long address, long entry) {
                // The right to write comes back when it is used, since a copy may be due.
                long now = entry & (PageTable.FRAME | PageTable.OWNED)
                        | rights & (vma.shared ? -1 : ~PageTable.WRITE | entry & PageTable.WRITE);
                removed |= entry & ~now;
                return now;
            }
        };
        table.update(vma.start, vma.end, change);
        if (change.removed != 0) {
            processors.flush(vma.start, vma.end, (change.removed & PageTable.EXEC) != 0);
        }
    }

    /** Moves pages to where a mapping of the same kind has just been added; both ranges have the same length. */
    void movePages(long from, long to, long length) {
        var move = new PageTable.Visitor() {
            long all;

            @Override
            public long visit(long address, long entry) {
                all |= entry;
                table.put(to + (address - from), entry);
                return 0;
            }
        };
        table.update(from, from + length, move);
        if (move.all != 0) {
            processors.flush(from, from + length, (move.all & PageTable.EXEC) != 0);
        }
    }

    /** Fills an empty map with a copy of this one: private pages are copied when one of the two writes. */
    void copyTo(PageMap copy) {
        copy.stackLimit = stackLimit;
        boolean revoked = false;
        synchronized (pool) {
            for (int i = 0; i < vmas.size(); i++) {
                Vma vma = vmas.get(i);
                if (vma.dontFork) {
                    continue;
                }
                if (vma.backing != null) {
                    vma.backing.retain();
                }
                copy.vmas.insert(vma.part(vma.start, vma.end));
                copy.mapped += vma.end - vma.start;
                if (vma.wipeOnFork || vma.shared) {
                    // Pages of shared mappings are found again at the first touch.
                    continue;
                }
                var share = new PageTable.Visitor() {
                    boolean revoked;

                    @Override
                    public long visit(long address, long entry) {
                        if ((entry & PageTable.OWNED) != 0) {
                            pool.retain(entry & PageTable.FRAME);
                        }
                        revoked |= (entry & PageTable.WRITE) != 0;
                        long readOnly = entry & ~(long) PageTable.WRITE;
                        copy.table.put(address, readOnly);
                        return readOnly;
                    }
                };
                table.update(vma.start, vma.end, share);
                revoked |= share.revoked;
            }
        }
        if (revoked) {
            processors.flushWrites();
            processors.beginSettling();
        }
    }

    /** Unmaps everything; no processor runs here any more. */
    void clear() {
        unmap(0, PageTable.END);
        table = new PageTable();
    }

    /** The content of a page changed otherwise than by the guest's own stores. */
    void changed(long host) {
        ram.changed(host & Mmu.PAGE_MASK);
    }
}
