package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/**
 * Address translation and protection: privileged manual, "Sv32", "Sv39", "Sv48", "Sv57", with Svnapot, Svpbmt and Svadu.
 */
final class PageWalk implements Mmu {
    private static final long V = 1;
    private static final long R = 1 << 1;
    private static final long W = 1 << 2;
    private static final long X = 1 << 3;
    private static final long U = 1 << 4;
    private static final long A = 1 << 6;
    private static final long D = 1 << 7;
    private static final long N = 1L << 63;
    private static final long PBMT = 3L << 61;
    private static final long RESERVED = 0x7fL << 54;
    private static final long PPN = (1L << 44) - 1;
    private static final long NAPOT_64K = 8;

    private final Privilege state;
    private final AddressSpace memory;

    /** Where devices were found last, by page; two, since an access may lie in two pages. */
    private final long[] devicePages = {-1, -1};

    private final long[] deviceAddresses = new long[2];

    PageWalk(Privilege state, AddressSpace memory) {
        this.state = state;
        this.memory = memory;
    }

    private static int pageFault(Access access) {
        return switch (access) {
            case FETCH -> Cause.INSTRUCTION_PAGE;
            case READ -> Cause.LOAD_PAGE;
            case WRITE -> Cause.STORE_PAGE;
        };
    }

    private static int accessFault(Access access) {
        return switch (access) {
            case FETCH -> Cause.INSTRUCTION_ACCESS;
            case READ -> Cause.LOAD_ACCESS;
            case WRITE -> Cause.STORE_ACCESS;
        };
    }

    private static int right(Access access) {
        return switch (access) {
            case FETCH -> Pmp.EXECUTE;
            case READ -> Pmp.READ;
            case WRITE -> Pmp.WRITE;
        };
    }

    @Override
    public long translate(Cpu cpu, long address, Access access) {
        int privilege = access == Access.FETCH ? state.privilege() : state.dataPrivilege();
        long physical = physical(cpu, address, access, privilege);
        int rights = state.pmp.rights(physical, privilege == Privilege.MACHINE);
        if ((rights & right(access)) == 0) {
            throw cpu.fault(accessFault(access), address);
        }
        long page = physical & PAGE_MASK;
        long host = access == Access.WRITE ? memory.writableHost(page, PAGE_SIZE) : memory.host(page, PAGE_SIZE);
        if (host != 0 && ((rights & Pmp.SPLIT) == 0 || access == Access.FETCH)) {
            return host + (physical - page);
        }
        if (access == Access.FETCH) {
            throw cpu.fault(Cause.INSTRUCTION_ACCESS, address);
        }
        int slot = (int) (address >>> 12) & 1;
        devicePages[slot] = address & PAGE_MASK;
        deviceAddresses[slot] = page;
        return DEVICE;
    }

    /** The physical address of one that may be read or fetched, whoever runs; changes nothing but the accessed bit. */
    long look(Cpu cpu, long address) {
        return physical(cpu, address, Access.READ, state.privilege());
    }

    private long device(Cpu cpu, long address, Access access) {
        int slot = (int) (address >>> 12) & 1;
        if (devicePages[slot] != (address & PAGE_MASK)) {
            translate(cpu, address, access);
        }
        devicePages[slot] = -1; // the next access asks anew: the map may have changed
        return deviceAddresses[slot] + (address & ~PAGE_MASK);
    }

    @Override
    public long readDevice(Cpu cpu, long address, int size) {
        long physical = device(cpu, address, Access.READ);
        try {
            return memory.read(physical, size);
        } catch (BusError e) {
            throw cpu.fault(Cause.LOAD_ACCESS, address);
        }
    }

    @Override
    public void writeDevice(Cpu cpu, long address, long value, int size) {
        long physical = device(cpu, address, Access.WRITE);
        try {
            memory.write(physical, value, size);
        } catch (BusError e) {
            throw cpu.fault(Cause.STORE_ACCESS, address);
        }
    }

    private long physical(Cpu cpu, long address, Access access, int privilege) {
        int levels = privilege == Privilege.MACHINE ? 0 : state.levels();
        if (levels == 0) {
            if (state.xlen == 64 && address >>> 56 != 0) {
                throw cpu.fault(accessFault(access), address);
            }
            return address;
        }
        int bitsPerLevel = state.xlen == 64 ? 9 : 10;
        int width = 12 + levels * bitsPerLevel;
        if (state.xlen == 64 && address << 64 - width >> 64 - width != address) {
            throw cpu.fault(pageFault(access), address);
        }
        int size = state.xlen / 8;
        long table = (state.satp() & (size == 8 ? PPN : (1L << 22) - 1)) << 12;
        for (int level = levels - 1; level >= 0; level--) {
            int shift = 12 + level * bitsPerLevel;
            long index = address >>> shift & (1L << bitsPerLevel) - 1;
            long host = memory.host(table + index * size, size);
            if (host == 0 || (state.pmp.rights(table + index * size, false) & Pmp.READ) == 0) {
                throw cpu.fault(accessFault(access), address);
            }
            long entry = size == 8 ? RawMemory.getLongVolatile(host) : RawMemory.getIntVolatile(host) & 0xffffffffL;
            if ((entry & V) == 0 || (entry & (R | W)) == W || (entry & RESERVED) != 0) {
                throw cpu.fault(pageFault(access), address);
            }
            long number = size == 8 ? entry >>> 10 & PPN : entry >>> 10;
            if ((entry & (R | X)) == 0) {
                if ((entry & (A | D | U | N | PBMT)) != 0 && size == 8) {
                    throw cpu.fault(pageFault(access), address);
                }
                table = number << 12;
                continue;
            }
            long below = (1L << level * bitsPerLevel) - 1;
            if ((entry & N) != 0) {
                if (level != 0 || (number & 15) != NAPOT_64K) {
                    throw cpu.fault(pageFault(access), address);
                }
                below = 15;
                number &= ~15L;
            } else if ((number & below) != 0) {
                throw cpu.fault(pageFault(access), address);
            }
            if (!isAllowed(entry, access, privilege) || (entry & PBMT) == PBMT) {
                throw cpu.fault(pageFault(access), address);
            }
            long wanted = entry | A | (access == Access.WRITE ? D : 0);
            if (wanted != entry) {
                if (!state.updatesAccessed()) {
                    throw cpu.fault(pageFault(access), address);
                }
                boolean done = size == 8
                        ? RawMemory.compareAndExchangeLong(host, entry, wanted) == entry
                        : RawMemory.compareAndExchangeInt(host, (int) entry, (int) wanted) == (int) entry;
                if (!done) {
                    level++; // somebody changed it: look again
                    continue;
                }
            }
            return (number | address >>> 12 & below) << 12 | address & ~PAGE_MASK;
        }
        throw cpu.fault(pageFault(access), address);
    }

    private boolean isAllowed(long entry, Access access, int privilege) {
        if (privilege == Privilege.USER) {
            if ((entry & U) == 0) {
                return false;
            }
        } else if ((entry & U) != 0 && (access == Access.FETCH || !state.sum())) {
            return false;
        }
        return switch (access) {
            case FETCH -> (entry & X) != 0;
            case READ -> (entry & R) != 0 || state.mxr() && (entry & X) != 0;
            case WRITE -> (entry & W) != 0;
        };
    }
}
