package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.View;
import java.util.ArrayList;
import java.util.List;

/**
 * A hart's views: one for each combination of rights in each of the address spaces that it used last. Nothing is forgotten when a
 * guest goes from one address space to another and back, as the manual allows until SFENCE.VMA.
 */
final class Views {
    /** Address spaces whose translations are kept. */
    private static final int SPACES = 6;

    private static final long ASID = 0xffff;

    private static final class Space {
        long satp = -1;
        long used;
        final List<Integer> keys = new ArrayList<>();
        final List<View> views = new ArrayList<>();
    }

    private final Cpu cpu;
    private final List<Space> spaces = new ArrayList<>();
    private long clock;

    Views(Cpu cpu) {
        this.cpu = cpu;
    }

    /** Looks through the view of an address space ({@code satp}'s value) and of rights that a number stands for. */
    void see(long satp, int key) {
        Space space = space(satp);
        for (int i = 0; i < space.keys.size(); i++) {
            if (space.keys.get(i) == key) {
                cpu.see(space.views.get(i));
                return;
            }
        }
        View made = cpu.newView();
        space.keys.add(key);
        space.views.add(made);
        cpu.see(made);
    }

    private Space space(long satp) {
        clock++;
        Space oldest = null;
        for (Space space : spaces) {
            if (space.satp == satp) {
                space.used = clock;
                return space;
            }
            if (oldest == null || space.used < oldest.used) {
                oldest = space;
            }
        }
        if (oldest == null || spaces.size() < SPACES) {
            oldest = new Space();
            spaces.add(oldest);
        }
        oldest.views.forEach(View::flush);
        oldest.satp = satp;
        oldest.used = clock;
        return oldest;
    }

    private static boolean isMeant(Space space, long asid) {
        return asid < 0 || (space.satp >>> 44 & ASID) == asid;
    }

    /** Forgets an address space's translations, or all if {@code asid} is below 0. */
    void flush(long asid) {
        for (Space space : spaces) {
            if (isMeant(space, asid)) {
                space.views.forEach(View::flush);
            }
        }
    }

    void flushPage(long address, long asid) {
        for (Space space : spaces) {
            if (isMeant(space, asid)) {
                for (View view : space.views) {
                    view.flushPage(address);
                }
            }
        }
    }

    void flushAll() {
        cpu.flushTranslations();
    }
}
