package dev.rhea.user.memory;

/**
 * Where things go in an address space.
 *
 * @param lowest the lowest address anything may be mapped at (mmap_min_addr)
 * @param highest one past the last
 * @param stackTop where the first stack ends
 * @param trampoline the page with the code that calls rt_sigreturn
 * @param programBase where position-independent programs go
 */
record Layout(long lowest, long highest, long stackTop, long trampoline, long programBase) {
    /** 47 bits, as the reference's user mode gives to 64-bit programs. */
    static final Layout WIDE = new Layout(0x10000, 0x7ffffffff000L, 0x7fffffffd000L, 0x7fffffffe000L, 0x555555550000L);

    /** 3 GiB, as most 32-bit kernels do. */
    static final Layout NARROW = new Layout(0x10000, 0xc0000000L, 0xbfffd000L, 0xbfffe000L, 0x55550000L);

    /**
     * For programs of 64 or 32 bits.
     *
     * @param reserved one past the highest address, as for {@link #below}; 0 for the usual
     */
    static Layout of(boolean wide, long reserved) {
        Layout usual = wide ? WIDE : NARROW;
        return reserved == 0 ? usual : usual.below(reserved);
    }

    /**
     * The same order of things below a lower top, for {@code -R}.
     *
     * @param top one past the highest address, a multiple of the page size; at least what a stack and a program need
     */
    Layout below(long top) {
        if (top >= highest) {
            return this;
        }
        return new Layout(lowest, top, top - 0x3000, top - 0x2000, Math.max(lowest, top / 3 * 2 & -0x10000L));
    }

    /** Linux's mmap_base: mappings go downwards from here, below the room a stack may grow into. */
    long mappingTop(long stackLimit) {
        long sixth = (stackTop - lowest) / 6 * 5;
        long gap = Math.min(Math.max(128L << 20, Math.min(stackLimit, sixth)) + PageMap.STACK_GUARD, stackTop / 2);
        return stackTop - gap & -4096L;
    }
}
