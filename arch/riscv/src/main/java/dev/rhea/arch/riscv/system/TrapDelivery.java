package dev.rhea.arch.riscv.system;

import dev.rhea.engine.log.LogItem;

/** How a hart changes its privilege: traps, interrupts, {@code mret} and {@code sret}. */
final class TrapDelivery {
    private final SystemCpu cpu;

    TrapDelivery(SystemCpu cpu) {
        this.cpu = cpu;
    }

    /** Those of pending interrupts that would be taken now for M mode. */
    private long forMachine(long pending) {
        boolean enabled = cpu.privilege < SystemCpu.MACHINE || (cpu.mstatus() & Status.MIE) != 0;
        return enabled ? pending & cpu.mie() & ~cpu.mideleg : 0;
    }

    /** Those for S mode. */
    private long forSupervisor(long pending) {
        boolean enabled = cpu.privilege < SystemCpu.SUPERVISOR
                || cpu.privilege == SystemCpu.SUPERVISOR && (cpu.mstatus() & Status.SIE) != 0;
        return enabled ? pending & cpu.mie() & cpu.mideleg : 0;
    }

    /** Whether an interrupt is to be taken before the next instruction. */
    boolean isInterrupted() {
        return isInterrupted(cpu.pending());
    }

    /** Whether one of these pending interrupts is to be taken before the next instruction. */
    boolean isInterrupted(long pending) {
        return (forMachine(pending) | forSupervisor(pending)) != 0;
    }

    /** Takes the most important of these pending interrupts, if one may be taken. They are looked at once: wires change any time. */
    boolean interrupt(long pending) {
        long machine = forMachine(pending);
        long taken = machine != 0 ? machine : forSupervisor(pending);
        if (taken == 0) {
            return false;
        }
        enter(Interrupt.first(taken), 0, true, machine == 0);
        return true;
    }

    /** Whether {@code wfi} may go on: section "Wait for Interrupt"; delegation and global enables do not count. */
    boolean mayWake() {
        return (cpu.pending() & cpu.mie()) != 0;
    }

    /** An exception of the instruction at {@code pc}. */
    void exception(int code, long value) {
        boolean delegated = cpu.privilege != SystemCpu.MACHINE && (cpu.medeleg >>> code & 1) != 0;
        enter(code, value, false, delegated);
    }

    private void enter(int code, long value, boolean interrupt, boolean toSupervisor) {
        long cause = interrupt ? 1L << cpu.xlen - 1 | code : code;
        if (cpu.log.has(LogItem.INT)) {
            cpu.log.write(TrapText.of(cpu, code, value, interrupt));
        }
        long old = cpu.mstatus();
        long tvec;
        if (toSupervisor) {
            cpu.scause(cause);
            cpu.sepc(cpu.pc & cpu.registerMask());
            cpu.stval(value & cpu.registerMask());
            long status = old & ~(Status.SPIE | Status.SIE | Status.SPP);
            status |= (old & Status.SIE) != 0 ? Status.SPIE : 0;
            cpu.mstatus(status | (cpu.privilege == SystemCpu.SUPERVISOR ? Status.SPP : 0));
            cpu.privilege = SystemCpu.SUPERVISOR;
            tvec = cpu.stvec;
        } else {
            cpu.mcause = cause;
            cpu.mepc = cpu.pc & cpu.registerMask();
            cpu.mtval = value & cpu.registerMask();
            long status = old & ~(Status.MPIE | Status.MIE | Status.MPP);
            status |= (old & Status.MIE) != 0 ? Status.MPIE : 0;
            cpu.mstatus(status | (long) cpu.privilege << Status.MPP_SHIFT);
            cpu.privilege = SystemCpu.MACHINE;
            tvec = cpu.mtvec;
        }
        long base = tvec & ~3L;
        cpu.pc = ((tvec & 1) != 0 && interrupt ? base + 4L * code : base) & cpu.addressMask;
        cpu.translations.select();
    }

    /** {@code mret}; tells whether it was allowed. */
    boolean returnFromMachine() {
        if (cpu.privilege != SystemCpu.MACHINE) {
            return false;
        }
        int to = (int) (cpu.mstatus() >>> Status.MPP_SHIFT) & 3;
        long status = cpu.mstatus() & ~(Status.MIE | Status.MPP);
        status |= (status & Status.MPIE) != 0 ? Status.MIE : 0;
        status |= Status.MPIE;
        if (to != SystemCpu.MACHINE) {
            status &= ~Status.MPRV;
        }
        cpu.mstatus(status);
        cpu.privilege = to;
        cpu.pc = cpu.mepc;
        cpu.translations.select();
        return true;
    }

    /** {@code sret}; tells whether it was allowed. */
    boolean returnFromSupervisor() {
        if (!cpu.options.supervisor()
                || cpu.privilege == SystemCpu.USER
                || cpu.privilege == SystemCpu.SUPERVISOR && (cpu.mstatus() & Status.TSR) != 0) {
            return false;
        }
        int to = (cpu.mstatus() & Status.SPP) != 0 ? SystemCpu.SUPERVISOR : SystemCpu.USER;
        long status = cpu.mstatus() & ~(Status.SIE | Status.SPP | Status.MPRV);
        status |= (status & Status.SPIE) != 0 ? Status.SIE : 0;
        cpu.mstatus(status | Status.SPIE);
        cpu.privilege = to;
        cpu.pc = cpu.sepc();
        cpu.translations.select();
        return true;
    }

    /** Whether {@code wfi} is allowed here: {@code TW} takes it from the lower levels. */
    boolean mayWait() {
        return cpu.privilege == SystemCpu.MACHINE
                || (cpu.mstatus() & Status.TW) == 0
                        && (cpu.privilege == SystemCpu.SUPERVISOR || !cpu.options.supervisor());
    }
}
