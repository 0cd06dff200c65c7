package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.system.Hart;
import dev.rhea.arch.riscv.system.Sbi;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.chardev.Chardev;
import org.jspecify.annotations.Nullable;

/**
 * How the harts of a board begin: with Rhea as their firmware in S mode at once, or with a few instructions in ROM that lead to
 * what was loaded.
 *
 * @param rom where the first instructions are
 * @param serial where the built-in firmware prints
 * @param reads whether it has the input too
 */
record FirmwareStart(
        Workbench bench,
        Harts harts,
        int xlen,
        long rom,
        @Nullable Chardev serial,
        boolean reads) {
    /**
     * Prepares them.
     *
     * @param next what firmware leads to; 0 for nothing: then firmware itself decides
     * @param bare where harts begin if there is no firmware
     */
    void prepare(BootPlan plan, long next, long bare) throws BootException {
        if (plan.isBuiltIn()) {
            var console = new FirmwareConsole(serial);
            if (reads) {
                console.takeInput();
            }
            int boot = firstWithSupervisor();
            Sbi sbi = new Sbi(bench.chassis(), harts.all(), next == 0 ? -1 : boot, console::put, console::get);
            bench.chassis().add("/machine/sbi", sbi);
            for (Hart hart : harts.all()) {
                hart.setSbi(sbi);
                hart.setStart(new Hart.Start(next, hart.index(), plan.tree(), true));
            }
            return;
        }
        long first = plan.isBare() ? bare : plan.firmware();
        bench.boot().add("reset code", rom, ResetCode.of(rom, xlen, first, plan.tree(), plan.isBare() ? 0 : next));
        for (Hart hart : harts.all()) {
            hart.setStart(new Hart.Start(rom, 0, 0, false));
        }
    }

    /** Harts without S mode are no business of a built-in firmware's guest: they stay stopped. */
    private int firstWithSupervisor() {
        for (int i = 0; i < harts.count(); i++) {
            if (harts.hasSupervisor(i)) {
                return i;
            }
        }
        return -1;
    }
}
