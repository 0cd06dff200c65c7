package dev.rhea.user.memory;

import org.jspecify.annotations.Nullable;

/** A mapping: a range of pages with the same rights and the same backing (Linux's {@code vm_area_struct}). */
final class Vma {
    long start;
    long end;

    /** PROT_ bits. */
    int prot;

    /** Writes go to the backing and are seen by all who map it. */
    final boolean shared;

    /** Grows at its start when touched below it. */
    final boolean growsDown;

    /** What it shows; null for private anonymous memory. */
    final @Nullable Backing backing;

    /** The page of the backing that {@link #start} shows. */
    long firstPage;

    /** Name in /proc/self/maps where there is no file: "[heap]". */
    final @Nullable String name;

    /** MADV_WIPEONFORK. */
    boolean wipeOnFork;

    /** MADV_DONTFORK. */
    boolean dontFork;

    Vma(
            long start,
            long end,
            int prot,
            boolean shared,
            boolean growsDown,
            @Nullable Backing backing,
            long firstPage,
            @Nullable String name) {
        this.start = start;
        this.end = end;
        this.prot = prot;
        this.shared = shared;
        this.growsDown = growsDown;
        this.backing = backing;
        this.firstPage = firstPage;
        this.name = name;
    }

    /** A mapping like this one with another range; the caller retains the backing. */
    Vma part(long from, long to) {
        Vma part = new Vma(from, to, prot, shared, growsDown, backing, firstPage + (from - start >> 12), name);
        part.wipeOnFork = wipeOnFork;
        part.dontFork = dontFork;
        return part;
    }

    /** The page of the backing that shows at an address. */
    long pageOf(long address) {
        return firstPage + (address - start >> 12);
    }

    /** Whether the mapping that begins where this one ends can be one with it. */
    boolean joins(Vma next) {
        return end == next.start
                && prot == next.prot
                && shared == next.shared
                && growsDown == next.growsDown
                && backing == next.backing
                && wipeOnFork == next.wipeOnFork
                && dontFork == next.dontFork
                && java.util.Objects.equals(name, next.name)
                && (backing == null || pageOf(end) == next.firstPage);
    }
}
