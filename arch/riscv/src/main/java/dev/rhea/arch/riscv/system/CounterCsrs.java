package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.EventCounters.CYCLE;
import static dev.rhea.arch.riscv.system.EventCounters.FIRST_EVENT;
import static dev.rhea.arch.riscv.system.EventCounters.INSTRET;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.PrivilegedVersion;

/** Counters and who may read them: sections "Hardware Performance Monitor", "Machine Counter-Enable Register" and "Zicntr". */
final class CounterCsrs {
    private static final int INHIBIT = 0x320;
    private static final int TIME = 1;

    /** Bits of {@code mhpmevent} that nothing gives a meaning to: counting in modes of a hypervisor. */
    private static final long NO_EVENT_BITS = 3L << 58;

    private final Extensions extensions;
    private final SystemOptions options;

    CounterCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    /** Whether the value of the register with that number follows from the instructions that were executed. */
    static boolean counts(int number) {
        int group = number & ~0xff;
        return number >= INHIBIT && number < INHIBIT + EventCounters.COUNTERS
                || (number & 0x7f) != TIME && (number & 0x60) == 0 && (group == 0xb00 || group == 0xc00);
    }

    void addTo(CsrTable table) {
        long all = options.counters() | 1 << CYCLE | 1 << TIME | 1 << INSTRET;
        all &= 0xffffffffL;
        long shown = all;
        table.add(0x306, "mcounteren", cpu -> cpu.mcounteren, (cpu, v) -> cpu.mcounteren = v & shown);
        if (options.supervisor()) {
            table.add(0x106, "scounteren", cpu -> cpu.scounteren, (cpu, v) -> cpu.scounteren = v & shown);
        }
        if (options.version().includes(PrivilegedVersion.V1_11_0)) {
            long stopped = all & ~(1L << TIME);
            table.add(
                    INHIBIT,
                    "mcountinhibit",
                    cpu -> cpu.counters.inhibit(),
                    (cpu, v) -> cpu.counters.setInhibit(v & stopped, 1));
        }
        addCounter(table, CYCLE, "mcycle");
        addCounter(table, INSTRET, "minstret");
        for (int i = FIRST_EVENT; i < EventCounters.COUNTERS; i++) {
            int counter = i;
            if (isThere(i)) {
                addCounter(table, i, "mhpmcounter" + i);
            }
            table.add(
                    INHIBIT + i,
                    "mhpmevent" + i,
                    cpu -> cpu.counters.event(counter),
                    (cpu, v) -> cpu.counters.setEvent(counter, v & ~NO_EVENT_BITS, 1));
        }
        if (extensions.has(Extension.ZICNTR)) {
            addView(table, CYCLE, "cycle", CounterCsrs.read(CYCLE));
            addView(table, TIME, "time", SystemCpu::timeNow);
            addView(table, INSTRET, "instret", CounterCsrs.read(INSTRET));
        }
        if (extensions.has(Extension.ZIHPM)) {
            for (int i = FIRST_EVENT; i < EventCounters.COUNTERS; i++) {
                if (isThere(i)) {
                    addView(table, i, "hpmcounter" + i, CounterCsrs.read(i));
                }
            }
        }
    }

    private boolean isThere(int counter) {
        return (options.counters() >>> counter & 1) != 0;
    }

    private static void addCounter(CsrTable table, int i, String name) {
        Csr.Write write = (cpu, v) -> cpu.counters.setValue(i, v, 1);
        table.addWide(0xb00 + i, 0xb80 + i, name, read(i), write, Csr.Guard.NONE);
    }

    private static Csr.Read read(int i) {
        return cpu -> cpu.outside.counter(cpu.counters.value(i));
    }

    /** What the levels below may see, if those above let them. */
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
}
