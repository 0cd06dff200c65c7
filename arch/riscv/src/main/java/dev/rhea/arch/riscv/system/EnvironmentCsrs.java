package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.PrivilegedVersion;

/** What a level lets the levels below it have: sections "Machine Environment Configuration" and "Supervisor Environment Configuration". */
final class EnvironmentCsrs {
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
            Csr.Write write = (cpu, v) -> cpu.senvcfg = cacheBits(cpu.senvcfg, v & bits);
            table.add(0x10a, new Csr("senvcfg", cpu -> cpu.senvcfg, write, this::mayKnow, false));
        }
    }

    /** Whether S mode may know of its register: section "State Enable 0 Registers". */
    private boolean mayKnow(SystemCpu cpu) {
        return !options.smstateen()
                || cpu.privilege == SystemCpu.MACHINE
                || (cpu.mstateen[0] & StateEnableCsrs.ENVCFG) != 0;
    }

    private long ofUser() {
        long bits = extensions.has(Extension.ZICBOM) ? EnvironmentBits.CBIE | EnvironmentBits.CBCFE : 0;
        return bits | (extensions.has(Extension.ZICBOZ) ? EnvironmentBits.CBZE : 0);
    }

    /** CBIE of 2 is reserved, and not taken. */
    private static long cacheBits(long old, long value) {
        return (value & EnvironmentBits.CBIE) == 2 << 4
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
