package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.system.Interrupt;
import dev.rhea.board.Workbench;
import dev.rhea.board.fdt.Node;
import dev.rhea.device.intc.Clint;
import dev.rhea.device.intc.SoftwareInterrupts;

/**
 * A board's software interrupts and machine timers: SiFive's CLINT, or the ACLINT, whose MSWI and MTIMER are the CLINT's
 * halves, with an SSWI beside them.
 *
 * @param base of the CLINT, or of the MSWI
 * @param sswi of the SSWI; 0 for a CLINT
 */
record LocalInterrupts(long base, long sswi) {
    private static final int SUPERVISOR_SOFTWARE = 1;
    private static final int MACHINE_SOFTWARE = 3;
    private static final int MACHINE_TIMER = 7;
    private static final long MTIME = 0xbff8;

    /** Puts them in. @param frequency of {@code mtime} in Hz */
    void build(Workbench bench, Harts harts, long frequency) {
        var chassis = bench.chassis();
        Clint clint = new Clint(chassis.clock(), frequency, harts.pins(Interrupt.MSI), harts.pins(Interrupt.MTI));
        chassis.systemMemory().add(base, clint.region());
        chassis.add("/machine/soc/clint/swi", clint.software());
        chassis.add("/machine/soc/clint/mtimer", clint.timer());
        if (sswi != 0) {
            var supervisor = new SoftwareInterrupts(SoftwareInterrupts.Kind.SSWI, harts.supervisorSoftware());
            chassis.systemMemory().add(sswi, supervisor.region());
            chassis.add("/machine/soc/sswi", supervisor);
        }
    }

    /** Their nodes. */
    void describe(Node soc, CpuTree cpus) {
        if (sswi == 0) {
            soc.child("clint", base)
                    .cells("interrupts-extended", cpus.pins(MACHINE_SOFTWARE, MACHINE_TIMER))
                    .longs("reg", base, Clint.SIZE)
                    .text("compatible", "sifive,clint0", "riscv,clint0");
            return;
        }
        software(soc.child("sswi", sswi), cpus.pins(SUPERVISOR_SOFTWARE), sswi, "riscv,aclint-sswi");
        long timer = base + SoftwareInterrupts.SIZE;
        soc.child("mtimer", timer)
                .cells("interrupts-extended", cpus.pins(MACHINE_TIMER))
                .longs("reg", base + MTIME, base + Clint.SIZE - (base + MTIME), timer, MTIME - SoftwareInterrupts.SIZE)
                .text("compatible", "riscv,aclint-mtimer");
        software(soc.child("mswi", base), cpus.pins(MACHINE_SOFTWARE), base, "riscv,aclint-mswi");
    }

    private static void software(Node node, int[] pins, long at, String compatible) {
        node.cells("#interrupt-cells", 0)
                .flag("interrupt-controller")
                .cells("interrupts-extended", pins)
                .longs("reg", at, SoftwareInterrupts.SIZE)
                .text("compatible", compatible);
    }
}
