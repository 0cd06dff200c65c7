package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;

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
                cpu -> withDirty(cpu.mstatus, dirty),
                (cpu, v) -> set(cpu, v, fields),
                Csr.Guard.NONE);
        if (!options.supervisor()) {
            return;
        }
        long own = fields & (Status.SIE | Status.SPIE | Status.SPP | Status.VS | Status.FS | Status.SUM | Status.MXR);
        long visible = own | dirty | (table.xlen == 64 ? Status.UXL_64 : 0);
        table.addCourse(0x100, "sstatus", cpu -> withDirty(cpu.mstatus, dirty) & visible, (cpu, v) -> set(cpu, v, own));
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
        long status = cpu.mstatus & ~fields | value & fields;
        status |= (status & Status.FS) != 0 ? Status.FS : 0;
        cpu.mstatus = status | ((status & Status.VS) != 0 ? Status.VS : 0);
    }
}
