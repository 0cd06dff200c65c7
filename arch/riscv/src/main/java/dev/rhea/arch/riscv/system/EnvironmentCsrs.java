package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.PrivilegedVersion;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;

/** What a level lets the levels below it have: sections "Machine Environment Configuration" and "Supervisor Environment Configuration". */
final class EnvironmentCsrs {
    private static final long RESERVED_CBIE = 2 << 4;

    private final Extensions extensions;
    private final SystemOptions options;

    EnvironmentCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    void addTo(CsrTable table) {
        if (!options.version().includes(PrivilegedVersion.V1_12_0)) {
            return;
        }
        table.addWide(0x30a, 0x31a, "menvcfg", cpu -> cpu.menvcfg, this::setMachine, Csr.Guard.NONE);
        if (options.supervisor()) {
            long bits = EnvironmentBits.FIOM | ofUser();
            Csr.Write write = (cpu, v) -> cpu.senvcfg(cacheBits(cpu.senvcfg(), v & bits));
            var csr = new Csr("senvcfg", cpu -> cpu.senvcfg(), write, this::mayKnow, false);
            table.add(0x10a, options.smstateen() ? csr : csr.with(new Inline(bits)));
        }
    }

    /** Whether S mode may know of its register: section "State Enable 0 Registers". */
    private boolean mayKnow(SystemCpu cpu) {
        return !options.smstateen()
                || cpu.privilege == SystemCpu.MACHINE
                || (cpu.mstateen[0] & StateEnableCsrs.ENVCFG) != 0;
    }

    /** {@code senvcfg} as operations, for models on which S mode always knows of it. */
    private record Inline(long bits) implements Csr.Inline {
        @Override
        public Node read(RiscvBuilder t) {
            return t.get(PrivilegedSlots.SENVCFG);
        }

        @Override
        public void write(RiscvBuilder t, Csr.Change change, Node operand) {
            Node value = change.of(t, read(t), operand);
            Node invalidation = t.and(value, t.i64(EnvironmentBits.CBIE));
            t.giveUpIf(t.compare(Op.EQ, invalidation, t.i64(RESERVED_CBIE)));
            t.set(PrivilegedSlots.SENVCFG, t.and(value, t.i64(bits)));
        }
    }

    private long ofUser() {
        long bits = extensions.has(Extension.ZICBOM) ? EnvironmentBits.CBIE | EnvironmentBits.CBCFE : 0;
        return bits | (extensions.has(Extension.ZICBOZ) ? EnvironmentBits.CBZE : 0);
    }

    /** CBIE of 2 is reserved, and not taken. */
    private static long cacheBits(long old, long value) {
        return (value & EnvironmentBits.CBIE) == RESERVED_CBIE
                ? value & ~EnvironmentBits.CBIE | old & EnvironmentBits.CBIE
                : value;
    }

    private void setMachine(SystemCpu cpu, long value) {
        long bits = EnvironmentBits.FIOM | ofUser();
        bits |= options.svadu() ? EnvironmentBits.ADUE : 0;
        bits |= options.svpbmt() ? EnvironmentBits.PBMTE : 0;
        bits |= options.sstc() ? EnvironmentBits.STCE : 0;
        long old = cpu.menvcfg;
        cpu.menvcfg = cacheBits(old, value & bits);
        if (((old ^ cpu.menvcfg) & (EnvironmentBits.ADUE | EnvironmentBits.PBMTE)) != 0) {
            cpu.translations.forgetAll();
        }
        cpu.surroundings.compareChanged();
    }
}
