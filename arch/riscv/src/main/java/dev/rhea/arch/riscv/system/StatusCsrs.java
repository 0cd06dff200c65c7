package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;

/** {@code mstatus} and its view from S mode: section "Machine Status Registers". */
final class StatusCsrs {
    private final Extensions extensions;
    private final SystemOptions options;

    StatusCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    void addTo(CsrTable table) {
        long fields = fields();
        long dirty = table.xlen == 64 ? 1L << 63 : 1L << 31;
        table.addWide(
                0x300,
                0x310,
                "mstatus",
                cpu -> withDirty(cpu.mstatus(), dirty),
                (cpu, v) -> set(cpu, v, fields),
                Csr.Guard.NONE);
        if (!options.supervisor()) {
            return;
        }
        long own = fields & (Status.SIE | Status.SPIE | Status.SPP | Status.VS | Status.FS | Status.SUM | Status.MXR);
        long visible = own | dirty | (table.xlen == 64 ? Status.UXL_64 : 0);
        Csr.Read read = cpu -> withDirty(cpu.mstatus(), dirty) & visible;
        var csr = new Csr("sstatus", read, (cpu, v) -> set(cpu, v, own), Csr.Guard.NONE, true);
        table.add(0x100, csr.with(new SupervisorStatus(own, visible, dirty)));
    }

    /**
     * {@code sstatus} as operations, which a kernel reads and writes with every lock: {@code SIE} and what a trap keeps there. A
     * write of other fields, which asks for another view, is given up, and one that may let a pending interrupt in.
     *
     * @param own fields that can be written
     * @param visible fields that can be read
     * @param dirty SD
     */
    private record SupervisorStatus(long own, long visible, long dirty) implements Csr.Inline {
        private static final long QUICK = Status.SIE | Status.SPIE | Status.SPP;

        @Override
        public Node read(RiscvBuilder t) {
            Node fields = t.and(t.get(PrivilegedSlots.MSTATUS), t.i64(visible));
            boolean clean = t.isIn(RiscvCpu.FLOAT_OFF) && t.isIn(RiscvCpu.VECTOR_OFF);
            return clean ? fields : t.or(fields, t.i64(dirty));
        }

        @Override
        public void write(RiscvBuilder t, Csr.Change change, Node operand) {
            Node old = t.get(PrivilegedSlots.MSTATUS);
            Node different = switch (change) {
                case ASSIGN -> t.xor(operand, old);
                case SET -> t.and(operand, t.not(old));
                case CLEAR -> t.and(operand, old);
            };
            giveUpIfSet(t, t.and(different, t.i64(own & ~QUICK)));
            if (change != Csr.Change.CLEAR) {
                giveUpIfSet(t, PendingInterrupts.enabled(t));
            }
            Node kept = change == Csr.Change.ASSIGN ? t.and(old, t.i64(~QUICK)) : t.i64(0);
            Node bits = t.and(operand, t.i64(QUICK));
            t.set(PrivilegedSlots.MSTATUS, t.or(change.of(t, old, bits), kept));
        }

        private static void giveUpIfSet(RiscvBuilder t, Node bits) {
            t.giveUpIf(t.compare(Op.NE, bits, t.i64(0)));
        }
    }

    private long fields() {
        long all = Status.MIE | Status.MPIE | Status.MPP | Status.MPRV | Status.TW;
        if (options.supervisor()) {
            all |= Status.SIE | Status.SPIE | Status.SPP | Status.SUM | Status.MXR | Status.TVM | Status.TSR;
        }
        all |= extensions.has(Extension.F) ? Status.FS : 0;
        return all | (extensions.has(Extension.V) ? Status.VS : 0);
    }

    /** SD sums FS and VS up. */
    private static long withDirty(long status, long dirty) {
        return (status & (Status.FS | Status.VS)) != 0 ? status | dirty : status;
    }

    /**
     * Takes fields over. A unit that is on is always called dirty: section "Extension Context Status in mstatus Register"
     * allows it, and instructions need not tell that they changed a register.
     */
    private void set(SystemCpu cpu, long value, long fields) {
        int mpp = (int) (value >>> Status.MPP_SHIFT) & 3;
        if (mpp == 2 || mpp == 1 && !options.supervisor()) {
            fields &= ~Status.MPP;
        }
        long status = cpu.mstatus() & ~fields | value & fields;
        status |= (status & Status.FS) != 0 ? Status.FS : 0;
        cpu.mstatus(status | ((status & Status.VS) != 0 ? Status.VS : 0));
    }
}
