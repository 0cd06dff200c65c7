package dev.rhea.user.elf;

import dev.rhea.engine.abi.GuestMemory;

/** What loading a program asks of an address space. All failures are {@link dev.rhea.user.call.Errno}. */
public interface ImageMemory extends GuestMemory {
    /** {@code PROT_READ}, {@code PROT_WRITE}, {@code PROT_EXEC}. */
    int READ = 1;

    int WRITE = 2;
    int EXECUTE = 4;

    /** The lowest address a program may be linked at, and one past the highest there is. Page-aligned. */
    long lowest();

    long highest();

    /** Where position-independent programs go. */
    long programBase();

    /**
     * A free range.
     *
     * @param length bytes, a multiple of the page size
     * @param alignment a power of two, at least the page size
     * @return its address; nothing is mapped yet
     */
    long findFree(long length, long alignment);

    /** Whether anything is mapped in the range. */
    boolean isMapped(long address, long length);

    /** Maps pages of a file privately at exactly this address, in place of what was there. Address and offset are page-aligned. */
    void mapFile(long address, long length, int protection, int hostFd, long offset);

    /** Maps zeroed private pages at exactly this address, in place of what was there. */
    void mapZero(long address, long length, int protection);

    /** Maps the program's stack so that it ends at the returned address; it has {@code size} bytes and a guard below. */
    long mapStack(long size, boolean executable);

    /** Where the heap of {@code brk} begins. */
    void setBreak(long address);
}
