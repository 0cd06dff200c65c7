package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.log.LogItem;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A hart's memory: page walk, then PMP, then what answers at the physical address. */
final class SystemMmu implements Mmu {
    private final AddressSpace memory;
    /** Known from {@link #connect} on: the walk needs the processor, which is made after its memory map. */
    private @Nullable PageTable table;

    private @Nullable PageTable recheck;

    SystemMmu(AddressSpace memory) {
        this.memory = memory;
    }

    /** Says whose memory this is; once, before it runs. */
    void connect(SystemCpu cpu) {
        table = new PageTable(cpu, memory, PageTable.Purpose.ACCESS);
        recheck = new PageTable(cpu, memory, PageTable.Purpose.RECHECK);
    }

    private PageTable table() {
        return Objects.requireNonNull(table);
    }

    @Override
    public long translate(Cpu engineCpu, long address, Access access) {
        var cpu = (SystemCpu) engineCpu;
        boolean write = access == Access.WRITE;
        if (access != Access.FETCH && cpu.tlb.device(address, write) != Tlb.UNKNOWN) {
            return DEVICE;
        }
        int epoch = cpu.tlb.epoch();
        int privilege = access == Access.FETCH ? cpu.privilege : cpu.dataPrivilege();
        long physical = table().walk(address, access, privilege);
        long page = physical & PAGE_MASK;
        switch (cpu.pmp.check(page, PAGE_SIZE, access, privilege)) {
            case DENIED -> throw table().accessFault(address, access);
            case MIXED -> {
                // Code is checked where the page is entered: a page is fetched from as a whole.
                if (access != Access.FETCH) {
                    return DEVICE;
                }
                if (cpu.pmp.check(physical, 2, access, privilege) != Pmp.Answer.ALLOWED) {
                    throw table().accessFault(address, access);
                }
            }
            case ALLOWED -> {}
        }
        long host = write ? memory.writableHost(page, PAGE_SIZE) : memory.host(page, PAGE_SIZE);
        if (host == 0) {
            if (access == Access.FETCH) {
                throw table().accessFault(address, access);
            }
            cpu.tlb.fillDevice(address, physical, write, epoch);
            return DEVICE;
        }
        return host + (physical - page);
    }

    @Override
    public long fetched(Cpu engineCpu, long page) {
        var cpu = (SystemCpu) engineCpu;
        int trap = cpu.trap;
        long value = cpu.trapValue;
        try {
            long physical = Objects.requireNonNull(recheck).walk(page, Access.FETCH, cpu.privilege);
            Pmp.Answer answer = cpu.pmp.check(physical, PAGE_SIZE, Access.FETCH, cpu.privilege);
            return answer == Pmp.Answer.ALLOWED ? memory.host(physical, PAGE_SIZE) : 0;
        } catch (GuestFault fault) {
            cpu.trap = trap;
            cpu.trapValue = value;
            return 0;
        }
    }

    private long physical(SystemCpu cpu, long address, int size, Access access) {
        long known = cpu.tlb.device(address, access == Access.WRITE);
        if (known != Tlb.UNKNOWN) {
            return known;
        }
        int privilege = cpu.dataPrivilege();
        long physical = table().walk(address, access, privilege);
        if (cpu.pmp.check(physical, size, access, privilege) != Pmp.Answer.ALLOWED) {
            throw table().accessFault(address, access);
        }
        return physical;
    }

    @Override
    public long readDevice(Cpu cpu, long address, int size) {
        try {
            var hart = (SystemCpu) cpu;
            return hart.outside.read(memory, physical(hart, address, size, Access.READ), size);
        } catch (BusError e) {
            rejected((SystemCpu) cpu, "read", e.address, size);
            throw table().accessFault(address, Access.READ);
        }
    }

    @Override
    public void writeDevice(Cpu cpu, long address, long value, int size) {
        try {
            var hart = (SystemCpu) cpu;
            hart.outside.write(memory, physical(hart, address, size, Access.WRITE), value, size);
        } catch (BusError e) {
            rejected((SystemCpu) cpu, "write", e.address, size);
            throw table().accessFault(address, Access.WRITE);
        }
    }

    private static void rejected(SystemCpu cpu, String what, long address, int size) {
        if (cpu.log.has(LogItem.INVALID_MEM) || cpu.log.has(LogItem.GUEST_ERRORS)) {
            cpu.log.write("Invalid " + what + " at addr 0x"
                    + Long.toHexString(address).toUpperCase(Locale.ROOT)
                    + ", size " + size + ", hart " + cpu.hartId + ", pc 0x" + Long.toHexString(cpu.pc)
                    + ", reason: rejected\n");
        }
    }
}
