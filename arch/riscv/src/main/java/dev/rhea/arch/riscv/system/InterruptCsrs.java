package dev.rhea.arch.riscv.system;

/** Which interrupts are pending, enabled and delegated: sections "Machine Interrupt Registers" and "Supervisor Interrupt Registers". */
final class InterruptCsrs {
    private static final int MIP = 0x344;
    private static final int SIP = 0x144;

    private final SystemOptions options;

    InterruptCsrs(SystemOptions options) {
        this.options = options;
    }

    void addTo(CsrTable table) {
        long known = options.supervisor() ? Interrupt.ALL : Interrupt.ALL & ~Interrupt.SUPERVISOR;
        table.addCourse(0x304, "mie", cpu -> cpu.mie(), (cpu, v) -> cpu.mie(v & known));
        table.addCourse(MIP, "mip", cpu -> cpu.outside.pending(cpu.pending()), this::setPending);
        if (!options.supervisor()) {
            return;
        }
        table.addCourse(0x303, "mideleg", cpu -> cpu.mideleg, (cpu, v) -> cpu.mideleg = v & Interrupt.SUPERVISOR);
        table.addCourse(
                0x104,
                "sie",
                cpu -> cpu.mie() & cpu.mideleg,
                (cpu, v) -> cpu.mie(cpu.mie() & ~cpu.mideleg | v & cpu.mideleg));
        table.addCourse(
                SIP,
                "sip",
                cpu -> cpu.outside.pending(cpu.pending()) & cpu.mideleg,
                InterruptCsrs::setSupervisorPending);
    }

    /**
     * What setting or clearing bits starts from: in {@code mip} and {@code sip} a wire's level must not become a written bit.
     *
     * @param old what the register reads
     */
    static long writeBack(SystemCpu cpu, int number, long old) {
        return number == MIP || number == SIP ? old & ~cpu.interrupts.lines() | cpu.interrupts.written() & old : old;
    }

    private void setPending(SystemCpu cpu, long value) {
        int bits = options.supervisor() ? Interrupt.SUPERVISOR : 0;
        if (options.sstc() && (cpu.menvcfg & EnvironmentBits.STCE) != 0) {
            bits &= ~Interrupt.STI.bit();
        }
        setSoft(cpu, value, bits);
    }

    private static void setSupervisorPending(SystemCpu cpu, long value) {
        setSoft(cpu, value, Interrupt.SSI.bit() & (int) cpu.mideleg);
    }

    private static void setSoft(SystemCpu cpu, long value, int bits) {
        int set = (int) value & bits;
        cpu.interrupts.clear(bits & ~set);
        cpu.interrupts.set(set);
    }
}
