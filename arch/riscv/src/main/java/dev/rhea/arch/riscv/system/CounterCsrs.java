package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;

/** Counters and who may read them: sections "Hardware Performance Monitor", "Machine Counter-Enable Register" and "Zicntr". */
final class CounterCsrs {
    private static final int FIRST_EVENT = 3;
    private static final int COUNTERS = 32;

    private static final int CYCLE = 0;
    private static final int TIME = 1;
    private static final int INSTRET = 2;

    private final Extensions extensions;
    private final SystemOptions options;

    CounterCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    void addTo(CsrTable table) {
        table.add(0x306, "mcounteren", cpu -> cpu.mcounteren, (cpu, v) -> cpu.mcounteren = v & 0xffffffffL);
        if (options.supervisor()) {
            table.add(0x106, "scounteren", cpu -> cpu.scounteren, (cpu, v) -> cpu.scounteren = v & 0xffffffffL);
        }
        table.add(0x320, "mcountinhibit", cpu -> cpu.mcountinhibit, CounterCsrs::setInhibit);
        table.addWide(
                0xb00, 0xb80, "mcycle", cpu -> cpu.outside.counter(cycle(cpu)), CounterCsrs::setCycle, Csr.Guard.NONE);
        table.addWide(
                0xb02,
                0xb82,
                "minstret",
                cpu -> cpu.outside.counter(instret(cpu)),
                CounterCsrs::setInstret,
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
        long cycle = cycle(cpu);
        long instret = instret(cpu);
        cpu.mcountinhibit = value & (1 << CYCLE | 1 << INSTRET);
        setCycle(cpu, cycle);
        setInstret(cpu, instret);
    }

    /** {@code mcycle}. */
    static long cycle(SystemCpu cpu) {
        return inhibited(cpu, CYCLE) ? cpu.cycleOffset : cpu.executed + cpu.cycleOffset;
    }

    static void setCycle(SystemCpu cpu, long value) {
        cpu.cycleOffset = inhibited(cpu, CYCLE) ? value : value - cpu.executed;
    }

    /** {@code minstret}. */
    static long instret(SystemCpu cpu) {
        return inhibited(cpu, INSTRET) ? cpu.instretOffset : cpu.executed + cpu.instretOffset;
    }

    static void setInstret(SystemCpu cpu, long value) {
        cpu.instretOffset = inhibited(cpu, INSTRET) ? value : value - cpu.executed;
    }

    private static boolean inhibited(SystemCpu cpu, int counter) {
        return (cpu.mcountinhibit >>> counter & 1) != 0;
    }
}
