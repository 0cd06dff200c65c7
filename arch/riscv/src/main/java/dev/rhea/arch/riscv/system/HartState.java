package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.system.trigger.TriggerModule;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Globals;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Version;
import java.util.Arrays;

/**
 * All of a hart that its guest can see.
 *
 * @param registers x0 to x31, then f0 to f31
 * @param fcsr as the register of that name
 * @param privilege 0, 1 or 3
 * @param csrs values in the order of {@link #CSRS}
 * @param lines pending bits that wires hold
 * @param soft pending bits that were written
 * @param counters as {@link EventCounters#state} gives it
 * @param pmpConfig {@code pmp<i>cfg}
 * @param pmpAddress {@code pmpaddr<i>}
 * @param vectorCsrs vstart, vl, vtype and vcsr; empty without V
 * @param vectorRegisters v0 to v31; empty without V
 * @param triggers as {@link dev.rhea.arch.riscv.system.trigger.TriggerModule#state} gives it
 */
@Version(2)
public record HartState(
        long pc,
        long[] registers,
        int fcsr,
        int privilege,
        long[] csrs,
        int lines,
        int soft,
        long[] counters,
        int[] pmpConfig,
        long[] pmpAddress,
        long[] vectorCsrs,
        byte[] vectorRegisters,
        long[] triggers) {
    private static final int VSTART = 0x008;
    private static final int VCSR = 0x00f;
    private static final int VL = 0xc20;
    private static final int VTYPE = 0xc21;

    /** A CSR as a field of the processor. */
    private record Field(String name, Csr.Read get, Csr.Write set) {
        Field(Global slot) {
            this(slot.name(), c -> c.r[slot.slot()], (c, v) -> c.r[slot.slot()] = v);
        }
    }

    private static final Field[] CSRS = {
        new Field(PrivilegedSlots.MSTATUS),
        new Field("medeleg", c -> c.medeleg, (c, v) -> c.medeleg = v),
        new Field("mideleg", c -> c.mideleg, (c, v) -> c.mideleg = v),
        new Field(PrivilegedSlots.MIE),
        new Field("mtvec", c -> c.mtvec, (c, v) -> c.mtvec = v),
        new Field("mcounteren", c -> c.mcounteren, (c, v) -> c.mcounteren = v),
        new Field("mscratch", c -> c.mscratch, (c, v) -> c.mscratch = v),
        new Field("mepc", c -> c.mepc, (c, v) -> c.mepc = v),
        new Field("mcause", c -> c.mcause, (c, v) -> c.mcause = v),
        new Field("mtval", c -> c.mtval, (c, v) -> c.mtval = v),
        new Field("menvcfg", c -> c.menvcfg, (c, v) -> c.menvcfg = v),
        new Field("jvt", c -> c.jvt, (c, v) -> c.jvt = v),
        new Field("sstateen0", c -> c.sstateen0, (c, v) -> c.sstateen0 = v),
        new Field("mseccfg", c -> c.mseccfg, (c, v) -> c.mseccfg = v),
        new Field("mstateen0", c -> c.mstateen[0], (c, v) -> c.mstateen[0] = v),
        new Field("mstateen1", c -> c.mstateen[1], (c, v) -> c.mstateen[1] = v),
        new Field("mstateen2", c -> c.mstateen[2], (c, v) -> c.mstateen[2] = v),
        new Field("mstateen3", c -> c.mstateen[3], (c, v) -> c.mstateen[3] = v),
        new Field("stvec", c -> c.stvec, (c, v) -> c.stvec = v),
        new Field("scounteren", c -> c.scounteren, (c, v) -> c.scounteren = v),
        new Field(PrivilegedSlots.SSCRATCH),
        new Field(PrivilegedSlots.SEPC),
        new Field(PrivilegedSlots.SCAUSE),
        new Field(PrivilegedSlots.STVAL),
        new Field(PrivilegedSlots.SENVCFG),
        new Field("satp", c -> c.satp, (c, v) -> c.satp = v),
        new Field("stimecmp", c -> c.stimecmp, (c, v) -> c.stimecmp = v),
    };

    /** What the hart is now. */
    static HartState of(SystemCpu cpu) {
        long[] csrs = new long[CSRS.length];
        for (int i = 0; i < csrs.length; i++) {
            csrs[i] = CSRS[i].get.get(cpu);
        }
        int entries = cpu.pmp.entries();
        int[] config = new int[entries];
        long[] address = new long[entries];
        for (int i = 0; i < entries; i++) {
            config[i] = cpu.pmp.config(i);
            address[i] = cpu.pmp.address(i);
        }
        long[] vectorCsrs = {};
        byte[] vectorRegisters = {};
        if (cpu.hasVector()) {
            vectorCsrs = new long[] {
                cpu.vector().csr(VSTART, 64),
                cpu.vector().csr(VL, 64),
                cpu.vector().csr(VTYPE, 64),
                cpu.vector().csr(VCSR, 64)
            };
            vectorRegisters = cpu.vector().registers();
        }
        return new HartState(
                cpu.pc,
                Arrays.copyOf(cpu.r, Math.min(64, Globals.SLOTS)),
                cpu.fcsr(),
                cpu.privilege,
                csrs,
                cpu.interrupts.lines(),
                cpu.interrupts.written(),
                cpu.counters.state(),
                config,
                address,
                vectorCsrs,
                vectorRegisters,
                cpu.triggers.state());
    }

    /** Makes the hart be this. */
    void restore(SystemCpu cpu) throws BadStateException {
        boolean vector = cpu.hasVector();
        if (registers.length != 64
                || csrs.length != CSRS.length
                || pmpConfig.length != cpu.pmp.entries()
                || pmpAddress.length != cpu.pmp.entries()
                || vectorCsrs.length != (vector ? 4 : 0)
                || !TriggerModule.isState(triggers)
                || !EventCounters.isState(counters)
                || vectorRegisters.length != (vector ? 32 * cpu.vector().vlenb : 0)) {
            throw new BadStateException("the state is one of a hart with other registers");
        }
        if (privilege != SystemCpu.USER && privilege != SystemCpu.SUPERVISOR && privilege != SystemCpu.MACHINE) {
            throw new BadStateException("a hart has no privilege " + privilege);
        }
        cpu.resetSystem();
        cpu.pc = pc & cpu.addressMask;
        System.arraycopy(registers, 0, cpu.r, 0, registers.length);
        cpu.r[0] = 0;
        cpu.fcsr(fcsr);
        cpu.privilege = privilege;
        for (int i = 0; i < csrs.length; i++) {
            CSRS[i].set.set(cpu, csrs[i]);
        }
        cpu.interrupts.restore(lines, soft);
        cpu.counters.restore(counters);
        for (int i = pmpConfig.length - 1; i >= 0; i--) { // from the top, so that no lock stands in the way
            cpu.pmp.address(i, pmpAddress[i]);
        }
        for (int i = 0; i < pmpConfig.length; i++) {
            cpu.pmp.config(i, pmpConfig[i]);
        }
        if (vector) {
            cpu.vector().restore(vectorCsrs[0], vectorCsrs[1], vectorCsrs[2], vectorCsrs[3], vectorRegisters);
        }
        cpu.triggers.restore(triggers);
        cpu.changed();
    }
}
