package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.cpu.View;
import dev.rhea.engine.mmu.Mmu;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A hart's views: one for each address space, with each set of rights that was used in it. The least recently used one is
 * emptied for the next address space where there are too many, so that nothing but {@code sfence.vma} forgets what is
 * still good.
 *
 * <p>All address spaces share what supervisor mode sees without the right to user pages: that is the kernel, which is the
 * same in all of them as far as its page table entries are marked global (section "Addressing and Memory Protection"). The
 * few pages that are not are forgotten with each change of {@code satp}. Without that, 31,000 of the 35,000 changes of
 * address space in a Debian's start found no view of their own left.
 *
 * <p>Decoding depends on whether the floating-point and vector units are on, and on whether this is user mode; that is part of
 * the key too, since translated code of a view is found by its address alone.
 */
final class Translations {
    /** Views of a hart; one takes some 550 KiB. A process needs two: user, and kernel with SUM. */
    private static final int LIMIT = 32;

    /** How many pages that are not global a shared view remembers one by one. */
    private static final int MOST_LOCAL = 64;

    private static final int SUM = 1 << 4;
    private static final int MXR = 1 << 5;
    private static final int UNITS = 8;

    /** What a view is for. */
    private static final class Known {
        final View view;

        /** Of a shared one: its mode. */
        long satp;

        int rights;
        boolean shared;
        long used;
        /** Anything may have been entered since it was emptied. */
        boolean filled;

        /** Its translated code is to be compared with the page tables before it runs again. */
        boolean unchecked;

        /** Superpages that something was entered from: their first address with the level in the low bits. */
        final Set<Long> superpages = new HashSet<>();

        long lastSuperpage;

        /** Of a shared one: what the pages in {@link #local} belong to. */
        long localSatp;

        /** Of a shared one: pages that are not global. */
        final Set<Long> local = new HashSet<>();

        Known(View view) {
            this.view = view;
        }

        void forget() {
            if (filled) {
                view.flushTlb();
                clear();
                filled = false;
                unchecked = true;
            }
        }

        private void clear() {
            superpages.clear();
            lastSuperpage = 0;
            local.clear();
        }

        void forgetLocal() {
            if (local.size() > MOST_LOCAL) {
                forget();
            } else {
                local.forEach(view::flushPage);
                local.clear();
            }
        }

        /** From now on it is for something else. */
        void begin(long space, int withRights) {
            view.flush();
            clear();
            unchecked = false;
            satp = space;
            rights = withRights;
            shared = isShared(withRights);
        }
    }

    private final SystemCpu cpu;
    private final List<Known> all = new ArrayList<>();
    private Known current;
    private long uses;

    Translations(SystemCpu cpu) {
        this.cpu = cpu;
        current = new Known(cpu.view());
        current.rights = -1;
        all.add(current);
    }

    private static boolean isShared(int rights) {
        int supervisor = SystemCpu.SUPERVISOR | SystemCpu.SUPERVISOR << 2;
        return (rights & (SUM - 1 | SUM)) == supervisor;
    }

    /** What a view's rights are as privilege and status are now. */
    private int rights() {
        int data = cpu.dataPrivilege();
        int rights = cpu.privilege | data << 2;
        if (data != SystemCpu.MACHINE) {
            rights |= (cpu.mstatus() & Status.SUM) != 0 && data == SystemCpu.SUPERVISOR ? SUM : 0;
            rights |= (cpu.mstatus() & Status.MXR) != 0 ? MXR : 0;
        }
        return rights | mode() << UNITS;
    }

    private int mode() {
        int mode = (cpu.mstatus() & Status.FS) == 0 ? RiscvCpu.FLOAT_OFF : 0;
        mode |= (cpu.mstatus() & Status.VS) == 0 ? RiscvCpu.VECTOR_OFF : 0;
        return mode | (cpu.privilege == SystemCpu.USER ? 0 : RiscvCpu.PRIVILEGED);
    }

    /** What a view with those rights is for as {@code satp} is now. */
    private long space(int rights) {
        if ((rights >> 2 & 3) == SystemCpu.MACHINE) {
            return 0;
        }
        return isShared(rights) ? PageTable.mode(cpu, cpu.satp) : cpu.satp;
    }

    /** Looks through the view that privilege, status and {@code satp} ask for. */
    void select() {
        int rights = rights();
        long space = space(rights);
        if (current.satp != space || current.rights != rights) {
            current = find(space, rights);
            current.used = ++uses;
            cpu.see(current.view);
            cpu.decodeFor(mode());
        }
        if (current.shared && current.localSatp != cpu.satp) {
            current.forgetLocal();
            current.localSatp = cpu.satp;
        }
        current.filled = true;
        recheck();
    }

    private void recheck() {
        if (current.unchecked) {
            current.unchecked = false;
            current.view.units().recheck(cpu);
        }
    }

    private Known find(long space, int rights) {
        Known oldest = all.getFirst();
        for (Known known : all) {
            if (known.satp == space && known.rights == rights) {
                return known;
            }
            if (known.used < oldest.used) {
                oldest = known;
            }
        }
        if (all.size() < LIMIT) {
            oldest = new Known(cpu.newView());
            all.add(oldest);
        }
        oldest.begin(space, rights);
        return oldest;
    }

    /** Something is about to be entered that a superpage of level 1 or more maps. */
    void usesSuperpage(long address, int level, int shift) {
        long page = address >>> shift << shift | level;
        if (page != current.lastSuperpage) {
            current.superpages.add(page);
            current.lastSuperpage = page;
        }
    }

    /** A page is about to be entered that other address spaces need not have. */
    void usesLocal(long address) {
        if (current.shared && current.local.size() <= MOST_LOCAL) {
            current.local.add(address & Mmu.PAGE_MASK);
        }
    }

    /** Everything. */
    void forgetAll() {
        all.forEach(Known::forget);
        goOn();
    }

    /**
     * Everything of the address space with that number, or of all.
     *
     * @param asid -1 for all, and what is global
     */
    void forgetSpace(long asid) {
        for (Known known : all) {
            if (known.satp == 0) {
                continue;
            }
            if (asid >= 0 && known.shared) {
                known.forgetLocal();
            } else if (asid < 0 || PageTable.asid(cpu, known.satp) == asid) {
                known.forget();
            }
        }
        goOn();
    }

    /** One page, and if a superpage was used at the address, all with it. */
    void forgetPage(long address, long asid) {
        for (Known known : all) {
            if (known.satp == 0 || !known.filled) {
                continue;
            }
            if (asid >= 0 && known.shared) {
                known.forgetLocal();
            } else if (asid < 0 || PageTable.asid(cpu, known.satp) == asid) {
                if (isInSuperpage(known, address)) {
                    known.forget();
                } else {
                    known.view.flushPage(address & Mmu.PAGE_MASK);
                }
            }
        }
        goOn();
    }

    /**
     * After the current view forgot something. Where the hart is on its way to another view, {@link #select} does the rest when
     * it comes back.
     */
    private void goOn() {
        current.filled = true;
        int rights = rights();
        if (current.rights == rights && current.satp == space(rights)) {
            recheck();
        }
    }

    private boolean isInSuperpage(Known known, long address) {
        if (known.superpages.isEmpty()) {
            return false;
        }
        int levels = PageTable.levels(cpu, known.satp);
        int bits = cpu.xlen == 64 ? 9 : 10;
        for (int level = 1; level < levels; level++) {
            int shift = 12 + bits * level;
            if (known.superpages.contains(address >>> shift << shift | level)) {
                return true;
            }
        }
        int napot = PageTable.NAPOT_SHIFT;
        return known.superpages.contains(address >>> napot << napot | PageTable.NAPOT_LEVEL);
    }
}
