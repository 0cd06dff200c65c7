package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The CSRs whose access asks for the privilege, and that access: chapter "Control and Status Registers". The number tells the
 * lowest privilege and whether the register can be written; what else a register demands is its {@link Csr.Guard}. A register
 * that is not there or not allowed is an illegal instruction.
 */
public final class SystemCsrs {
    private static final int OPERATION_SHIFT = 12;
    private static final int SOURCE_SHIFT = 15;
    private static final int RD_SHIFT = 7;
    private static final Csr.Change[] CHANGES = Csr.Change.values();

    private static final Helper READ = Helper.of("csr", Type.I64, SystemCsrs::access, Effect.MAY_FAULT, Effect.IMPURE);
    private static final Helper CHANGE =
            Helper.of("csr=", Type.I64, SystemCsrs::access, Effect.MAY_FAULT, Effect.IMPURE, Effect.ENDS_BLOCK);

    private static final Helper READ_COUNTER =
            Helper.of("counter", Type.I64, SystemCsrs::access, Effect.MAY_FAULT, Effect.IMPURE, Effect.COUNTS);
    private static final Helper CHANGE_COUNTER = Helper.of(
            "counter=",
            Type.I64,
            SystemCsrs::access,
            Effect.MAY_FAULT,
            Effect.IMPURE,
            Effect.ENDS_BLOCK,
            Effect.COUNTS);

    private final CsrTable table;

    /** The registers of a CPU model. */
    public SystemCsrs(int xlen, Extensions extensions, SystemOptions options) {
        table = new CsrTable(xlen);
        new MachineCsrs(extensions, options).addTo(table);
        new StatusCsrs(extensions, options).addTo(table);
        new InterruptCsrs(options).addTo(table);
        new EnvironmentCsrs(extensions, options).addTo(table);
        new CounterCsrs(extensions, options).addTo(table);
        if (options.smstateen()) {
            StateEnableCsrs.addTo(table, options);
        }
        if (options.zkr()) {
            EntropyCsrs.addTo(table, options.supervisor());
        }
        if (options.zcmt()) {
            Csr.Write write = (cpu, v) -> cpu.jvt = v;
            table.add(0x017, new Csr("jvt", cpu -> cpu.jvt, write, StateEnableCsrs::showsJumpTable, false));
        }
        if (options.debug()) {
            TriggerCsrs.addTo(table);
        }
        if (options.pmpEntries() != 0) {
            PmpCsrs.addTo(table);
        }
        if (options.supervisor()) {
            new SupervisorCsrs(extensions, options).addTo(table);
        }
    }

    /** The name of a register, or null. */
    public @Nullable String name(int number) {
        Csr csr = table.find(number);
        return csr == null ? null : csr.name();
    }

    /** The number of a register, or -1. */
    public int number(String name) {
        return table.number(name);
    }

    /** The value that {@code info registers} shows. */
    long show(SystemCpu cpu, String name) {
        Csr csr = table.find(number(name));
        return csr == null ? 0 : csr.read().get(cpu);
    }

    /** Emits one of the six CSR instructions. @param operand the value of rs1, or the immediate */
    public void emit(RiscvBuilder t, Insn i, Node operand) {
        long bits = i.bits();
        int number = (int) (bits >>> 20);
        int operation = (int) (bits >>> OPERATION_SHIFT) & 3;
        boolean writes = operation == 1 || (bits >>> SOURCE_SHIFT & 31) != 0;
        Node source = t.zextTo(Type.I64, operand);
        Csr csr = table.find(number);
        Csr.Inline inline = csr == null || !t.canGiveUp() || !t.isIn(RiscvCpu.PRIVILEGED) ? null : csr.inline();
        Node value;
        if (inline != null) {
            value = inline.read(t);
            if (writes) {
                inline.write(t, CHANGES[operation - 1], source);
            }
        } else {
            value = t.value(helper(number, writes), source, t.i64(bits));
        }
        t.x(i.rd(), t.xlen == Type.I32 ? t.trunc(value) : value);
    }

    private static Helper helper(int number, boolean writes) {
        if (CounterCsrs.counts(number)) {
            return writes ? CHANGE_COUNTER : READ_COUNTER;
        }
        return writes && !isScratch(number) ? CHANGE : READ;
    }

    /** Registers that are nothing but memory: sscratch to stval and mscratch to mtval. Writing them changes nothing else. */
    private static boolean isScratch(int number) {
        return (number & ~0x207) == 0x140 && (number & 7) <= 3;
    }

    private static long access(Cpu engineCpu, long operand, long bits, long c) {
        var cpu = (SystemCpu) engineCpu;
        return cpu.csrs.access(cpu, operand, bits);
    }

    private long access(SystemCpu cpu, long operand, long bits) {
        int number = (int) (bits >>> 20) & 0xfff;
        int operation = (int) (bits >>> OPERATION_SHIFT) & 3;
        boolean writes = operation == 1 || (bits >>> SOURCE_SHIFT & 31) != 0;
        Csr csr = table.find(number);
        if (csr == null
                || cpu.privilege < (number >>> 8 & 3)
                || writes && number >>> 10 == 3
                || !csr.guard().allows(cpu)) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, bits);
        }
        boolean reads = operation != 1 || (bits >>> RD_SHIFT & 31) != 0;
        long old = reads ? csr.read().get(cpu) & table.mask : 0;
        if (writes) {
            long value = switch (operation) {
                case 1 -> operand;
                case 2 -> InterruptCsrs.writeBack(cpu, number, old) | operand;
                default -> InterruptCsrs.writeBack(cpu, number, old) & ~operand;
            };
            csr.write().set(cpu, value & table.mask);
            if (csr.changesCourse()) {
                cpu.changed();
            }
        }
        return old;
    }

    /** The registers of that model. */
    static SystemCsrs of(Riscv isa) {
        return Objects.requireNonNull(isa.systemCsrs());
    }
}
