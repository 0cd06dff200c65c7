package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.cpu.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A hart's views: one for each address space, with each set of rights that was used in it. The least recently used one is
 * emptied for the next address space where there are too many, so that nothing but {@code sfence.vma} forgets what is
 * still good.
 *
 * <p>Decoding depends on whether the floating-point and vector units are on; that is part of the key too, since translated
 * code of a view is found by its address alone.
 */
final class Translations {
    /** Views of a hart; one takes some 300 KiB. A process needs about four: user, kernel, kernel with SUM, kernel's entry. */
    private static final int LIMIT = 32;

    private static final int SUM = 1 << 4;
    private static final int MXR = 1 << 5;
    private static final int UNITS = 8;

    /** What a view is for. */
    private static final class Known {
        final View view;
        long satp;
        int rights;
        long used;
        /** Anything may have been entered since it was emptied. */
        boolean filled;

        /** Superpages that something was entered from: their first address with the level in the low bits. */
        final Set<Long> superpages = new HashSet<>();

        long lastSuperpage;

        Known(View view) {
            this.view = view;
        }

        void forget() {
            if (filled) {
                view.flush();
                superpages.clear();
                lastSuperpage = 0;
                filled = false;
            }
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

    /** Looks through the view that privilege, status and {@code satp} ask for. */
    void select() {
        int data = cpu.dataPrivilege();
        int rights = cpu.privilege | data << 2;
        long satp = 0;
        if (data != SystemCpu.MACHINE) {
            satp = cpu.satp;
            rights |= (cpu.mstatus & Status.SUM) != 0 && data == SystemCpu.SUPERVISOR ? SUM : 0;
            rights |= (cpu.mstatus & Status.MXR) != 0 ? MXR : 0;
        }
        int mode = (cpu.mstatus & Status.FS) == 0 ? RiscvCpu.FLOAT_OFF : 0;
        mode |= (cpu.mstatus & Status.VS) == 0 ? RiscvCpu.VECTOR_OFF : 0;
        rights |= mode << UNITS;
        if (current.satp == satp && current.rights == rights) {
            current.filled = true;
            return;
        }
        Known next = find(satp, rights);
        current = next;
        next.used = ++uses;
        next.filled = true;
        cpu.see(next.view);
        cpu.decodeFor(mode);
    }

    private Known find(long satp, int rights) {
        Known oldest = all.getFirst();
        for (Known known : all) {
            if (known.satp == satp && known.rights == rights) {
                return known;
            }
            if (known.used < oldest.used) {
                oldest = known;
            }
        }
        if (all.size() < LIMIT) {
            oldest = new Known(cpu.newView());
            all.add(oldest);
        } else {
            oldest.forget();
        }
        oldest.satp = satp;
        oldest.rights = rights;
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

    /** Everything. */
    void forgetAll() {
        all.forEach(Known::forget);
        current.filled = true;
    }

    /**
     * Everything of the address space with that number, or of all.
     *
     * @param asid -1 for all
     */
    void forgetSpace(long asid) {
        for (Known known : all) {
            if (known.satp != 0 && (asid < 0 || PageTable.asid(cpu, known.satp) == asid)) {
                known.forget();
            }
        }
        current.filled = true;
    }

    /** One page, and if a superpage was used at the address, all with it. */
    void forgetPage(long address, long asid) {
        for (Known known : all) {
            if (known.satp == 0 || !known.filled || asid >= 0 && PageTable.asid(cpu, known.satp) != asid) {
                continue;
            }
            if (isInSuperpage(known, address)) {
                known.forget();
            } else {
                known.view.flushPage(address);
            }
        }
        current.filled = true;
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
