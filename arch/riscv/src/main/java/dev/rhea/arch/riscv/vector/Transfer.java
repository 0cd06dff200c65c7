package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.host.RawMemory;

/**
 * Elements between memory and registers. vstart is the segment under way whenever memory is touched, so it is exact at a
 * fault and the instruction goes on from there when it is run again.
 */
final class Transfer {
    private Transfer() {}

    /** Where the next element or segment is. */
    enum Order {
        UNIT,
        FAULT_FIRST,
        STRIDED,
        INDEXED
    }

    /**
     * Loads or stores vl segments of nf fields.
     *
     * @param eew width of the elements, or of the indices of an indexed access, whose elements are of SEW
     */
    static void elements(RiscvCpu cpu, long bits, long base, long stride, int eew, boolean store, Order order) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs2 = VectorState.vs2(bits);
        int fields = ((int) (bits >>> 29) & 7) + 1;
        boolean masked = VectorState.masked(bits);
        boolean indexed = order == Order.INDEXED;
        int width = indexed ? v.sew : eew;
        int emul = v.emul(width);
        require(
                !v.vill
                        && legal(v, vd, emul, fields, masked, store)
                        && (!indexed || legalIndices(v, vd, vs2, eew, emul, fields, masked, store)),
                cpu,
                bits);
        int group = VectorState.registers(emul);
        int size = 1 << width;
        long step = order == Order.STRIDED ? stride : (long) fields * size;
        for (int i = v.vstart; i < v.vl; i++) {
            v.vstart = i;
            if (masked && !v.bit(0, i)) {
                continue;
            }
            long at = base + (indexed ? v.get(vs2, i, eew) : i * step);
            if (order == Order.FAULT_FIRST) {
                if (!loadSegment(cpu, v, vd, group, fields, i, width, at)) {
                    v.vl = i;
                    break;
                }
                continue;
            }
            for (int f = 0; f < fields; f++) {
                long address = at + (long) f * size & cpu.addressMask;
                if (store) {
                    store(cpu, address, v.get(vd + f * group, i, width), size);
                } else {
                    v.put(vd + f * group, i, width, load(cpu, address, size));
                }
            }
        }
        v.vstart = 0;
    }

    /**
     * Fault-only-first: nothing of a segment that faults is loaded, and beyond element 0 a fault only shortens vl.
     *
     * @return false if it did
     */
    private static boolean loadSegment(
            RiscvCpu cpu, VectorState v, int vd, int group, int fields, int i, int width, long at) {
        try {
            for (int f = 0; f < fields; f++) {
                v.segment[f] = load(cpu, at + ((long) f << width) & cpu.addressMask, 1 << width);
            }
        } catch (GuestFault fault) {
            if (i == 0) {
                throw fault;
            }
            return false;
        }
        for (int f = 0; f < fields; f++) {
            v.put(vd + f * group, i, width, v.segment[f]);
        }
        return true;
    }

    private static boolean legal(VectorState v, int vd, int emul, int fields, boolean masked, boolean store) {
        int registers = VectorState.registers(emul) * fields;
        return aligned(vd, emul) && registers <= 8 && vd + registers <= 32 && (store || !masked || vd != 0);
    }

    private static boolean legalIndices(
            VectorState v, int vd, int vs2, int eew, int emul, int fields, boolean masked, boolean store) {
        int indexEmul = v.emul(eew);
        if (!aligned(vs2, indexEmul) || masked && vs2 == 0) {
            return false;
        }
        if (store) {
            return !(masked && vd == 0) && VectorState.together(vd, emul, v.sew, vs2, indexEmul, eew);
        }
        if (fields == 1) {
            return VectorState.mayShare(vd, emul, v.sew, vs2, indexEmul, eew);
        }
        int registers = VectorState.registers(emul) * fields;
        return vd + registers <= vs2 || vs2 + VectorState.registers(indexEmul) <= vd;
    }

    /** VLM, VSM: the bytes that hold vl bits. */
    static void mask(RiscvCpu cpu, long bits, long base, boolean store) {
        VectorState v = cpu.vector();
        require(!v.vill, cpu, bits);
        bytes(cpu, v, VectorState.vd(bits), base, 0, (v.vl + 7) / 8, store);
    }

    /** Whole registers, whatever vtype says. */
    static void whole(RiscvCpu cpu, long bits, long base, int registers, int eew, boolean store) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        require((vd & registers - 1) == 0, cpu, bits);
        bytes(cpu, v, vd, base, eew, registers * v.vlenb >> eew, store);
    }

    private static void bytes(RiscvCpu cpu, VectorState v, int vd, long base, int eew, int count, boolean store) {
        for (int i = v.vstart; i < count; i++) {
            v.vstart = i;
            long address = base + ((long) i << eew) & cpu.addressMask;
            if (store) {
                store(cpu, address, v.get(vd, i, eew), 1 << eew);
            } else {
                v.put(vd, i, eew, load(cpu, address, 1 << eew));
            }
        }
        v.vstart = 0;
    }

    /** A hit in the soft TLB is all that {@link Tlb} asks for: the last byte's page is the entry's. */
    private static long load(RiscvCpu cpu, long address, int size) {
        long entry = cpu.tlb.entry(address);
        if (RawMemory.getLong(entry + Tlb.READ_TAG) == (address + size - 1 & Mmu.PAGE_MASK)) {
            return GuestAccess.read(address + RawMemory.getLong(entry + Tlb.READ_ADDEND), size);
        }
        return GuestAccess.load(cpu, address, size);
    }

    private static void store(RiscvCpu cpu, long address, long value, int size) {
        long entry = cpu.tlb.entry(address);
        if (RawMemory.getLong(entry + Tlb.WRITE_TAG) == (address + size - 1 & Mmu.PAGE_MASK)) {
            GuestAccess.write(address + RawMemory.getLong(entry + Tlb.WRITE_ADDEND), value, size);
        } else {
            GuestAccess.store(cpu, address, value, size);
        }
    }
}
