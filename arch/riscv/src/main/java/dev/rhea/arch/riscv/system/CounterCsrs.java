package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;

/** Counters and who may read them: sections "Hardware Performance Monitor", "Machine Counter-Enable Register" and "Zicntr". */
final class CounterCsrs {
    private static final int FIRST_EVENT = 3;
    private static final int COUNTERS = 32;
    private static final int INHIBIT = 0x320;

    private static final int CYCLE = 0;
    private static final int TIME = 1;
    private static final int INSTRET = 2;

    private final Extensions extensions;
    private final SystemOptions options;

    CounterCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    /** Whether the value of the register with that number follows from the instructions that were executed. */
    static boolean counts(int number) {
        int counter = number & 0x7f;
        return number == INHIBIT
                || (counter == CYCLE || counter == INSTRET) && ((number & ~0xff) == 0xb00 || (number & ~0xff) == 0xc00);
    }

    void addTo(CsrTable table) {
        table.add(0x306, "mcounteren", cpu -> cpu.mcounteren, (cpu, v) -> cpu.mcounteren = v & 0xffffffffL);
        if (options.supervisor()) {
            table.add(0x106, "scounteren", cpu -> cpu.scounteren, (cpu, v) -> cpu.scounteren = v & 0xffffffffL);
        }
        table.add(INHIBIT, "mcountinhibit", cpu -> cpu.mcountinhibit, CounterCsrs::setInhibit);
        table.addWide(
                0xb00,
                0xb80,
                "mcycle",
                cpu -> cpu.outside.counter(cycle(cpu)),
                (cpu, v) -> setCycle(cpu, v, 1),
                Csr.Guard.NONE);
        table.addWide(
                0xb02,
                0xb82,
                "minstret",
                cpu -> cpu.outside.counter(instret(cpu)),
                (cpu, v) -> setInstret(cpu, v, 1),
                Csr.Guard.NONE);
        for (int i = FIRST_EVENT; i < COUNTERS; i++) {
            table.addWide(0xb00 + i, 0xb80 + i, "mhpmcounter" + i, Csr.Read.ZERO, Csr.Write.IGNORE, Csr.Guard.NONE);
            table.add(0x320 + i, "mhpmevent" + i, Csr.Read.ZERO, Csr.Write.IGNORE);
        }
        if (extensions.has(Extension.ZICNTR)) {
            addViews(table);
        }
    }

    /** What the levels below may see, if those above let them. */
    private void addViews(CsrTable table) {
        addView(table, CYCLE, "cycle", cpu -> cpu.outside.counter(cycle(cpu)));
        addView(table, TIME, "time", SystemCpu::timeNow);
        addView(table, INSTRET, "instret", cpu -> cpu.outside.counter(instret(cpu)));
        for (int i = FIRST_EVENT; i < COUNTERS; i++) {
            addView(table, i, "hpmcounter" + i, Csr.Read.ZERO);
        }
    }

    private void addView(CsrTable table, int i, String name, Csr.Read read) {
        table.addWide(0xc00 + i, 0xc80 + i, name, read, Csr.Write.IGNORE, enabled(i));
    }

    /** Section "Counter-Enable Registers". */
    private Csr.Guard enabled(int i) {
        return cpu -> cpu.privilege == SystemCpu.MACHINE
                || (cpu.mcounteren >>> i & 1) != 0
                        && (cpu.privilege == SystemCpu.SUPERVISOR
                                || !options.supervisor()
                                || (cpu.scounteren >>> i & 1) != 0);
    }

    /** Stops counters and lets them go on, from where they are. */
    private static void setInhibit(SystemCpu cpu, long value) {
        // The instruction that writes counts by what was there before.
        long cycle = inhibited(cpu, CYCLE) ? cycle(cpu) : cycle(cpu) + 1;
        long instret = inhibited(cpu, INSTRET) ? instret(cpu) : instret(cpu) + 1;
        cpu.mcountinhibit = value & (1 << CYCLE | 1 << INSTRET);
        setCycle(cpu, cycle, 1);
        setInstret(cpu, instret, 1);
    }

    /** {@code mcycle}. */
    static long cycle(SystemCpu cpu) {
        return inhibited(cpu, CYCLE) ? cpu.cycleOffset : cpu.count() + cpu.cycleOffset;
    }

    /**
     * Gives it a value: section "CSR Access Ordering", by which the next instruction reads what one wrote.
     *
     * @param running 1 within an instruction, which will be counted, 0 between two
     */
    static void setCycle(SystemCpu cpu, long value, int running) {
        cpu.cycleOffset = inhibited(cpu, CYCLE) ? value : value - cpu.count() - running;
    }

    /** {@code minstret}. */
    static long instret(SystemCpu cpu) {
        return inhibited(cpu, INSTRET) ? cpu.instretOffset : cpu.count() + cpu.instretOffset;
    }

    /** See {@link #setCycle}. */
    static void setInstret(SystemCpu cpu, long value, int running) {
        cpu.instretOffset = inhibited(cpu, INSTRET) ? value : value - cpu.count() - running;
    }

    private static boolean inhibited(SystemCpu cpu, int counter) {
        return (cpu.mcountinhibit >>> counter & 1) != 0;
    }
}
