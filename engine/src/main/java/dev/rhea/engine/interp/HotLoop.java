package dev.rhea.engine.interp;

import static dev.rhea.host.RawMemory.element;
import static dev.rhea.host.RawMemory.getLong;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.host.RawMemory;

/**
 * The loop over micro-operations for HotSpot, where the host runs no {@link TemplateLoop}; shaped by what C2 makes of it (measured: together they double the speed).
 *
 * <ul>
 *   <li>It calls nothing: C2 has no registers that survive a call, and would keep the loop's few variables in memory because
 *       of calls that hardly ever happen. What needs a call is left to {@link Interpreter}.
 *   <li>Fields are taken out of the word and both sources are read before the switch, the result is written after it: the
 *       cases stay small and need few registers. C2 moves what cases have in common before the switch anyway.
 *   <li>There is one way back to the top, with the next word loaded at its end: several make C2 nest loops and pass the
 *       variables between them in memory; that latency is most of what an instruction costs.
 *   <li>Memory accesses take one path with one TLB computation and then a small switch on the width.
 *   <li>Far below 8,000 bytecodes, over which HotSpot never compiles a method.
 * </ul>
 */
final class HotLoop implements Loop {
    /** Masks eight times a slot number. */
    private static final long A = 255 * 8;

    @Override
    public int run(Cpu cpu, InterpreterState s, long stop) {
        final long[] r = cpu.r;
        final long tlb = cpu.tlb.base;
        final long mask = cpu.addressMask;
        final int shift = cpu.code.shift;
        int left = s.left;
        long cp = s.cp;
        long bias = s.bias;
        long w = getLong(cp);
        int exit;
        run:
        for (; ; ) {
            long x = element(r, w >>> 5 & A);
            long y = element(r, w >>> 13 & A);
            long imm = w << 12 >> 28;
            int op = (int) (w >>> 52) & 255;
            long next = cp + (w >>> 60 << 3);
            long d = w << 3 & A;
            left--;
            done:
            {
                leave:
                {
                    long to;
                    jump:
                    {
                        advance:
                        {
                            long v;
                            if (op >= MicroOp.FIRST_RARE) {
                                if (op < MicroOp.LOAD) {
                                    exit = RARE;
                                    break run;
                                }
                                long address = x + (w << 12 >> 31) & mask;
                                long entry = tlb + (address >>> Tlb.INDEX_SHIFT & Tlb.INDEX_MASK);
                                long last = address + (w >>> 16 & 7) & Mmu.PAGE_MASK;
                                if (op < MicroOp.STORE) {
                                    if (getLong(entry) != last) {
                                        exit = RARE;
                                        break run;
                                    }
                                    long host = address + getLong(entry + Tlb.READ_ADDEND);
                                    v = switch (op & 7) {
                                        case MicroOp.KIND_64 -> getLong(host);
                                        case MicroOp.KIND_S32 -> RawMemory.getInt(host);
                                        case MicroOp.KIND_U8 -> RawMemory.getByte(host) & 255;
                                        case MicroOp.KIND_S8 -> RawMemory.getByte(host);
                                        case MicroOp.KIND_S16 -> RawMemory.getShort(host);
                                        case MicroOp.KIND_U16 -> RawMemory.getShort(host) & 65535;
                                        default -> RawMemory.getInt(host) & 0xffffffffL;
                                    };
                                } else {
                                    if (getLong(entry + Tlb.WRITE_TAG) != last) {
                                        exit = RARE;
                                        break run;
                                    }
                                    long host = address + getLong(entry + Tlb.WRITE_ADDEND);
                                    long value = element(r, d);
                                    switch (op & 3) {
                                        case 3 -> RawMemory.putLong(host, value);
                                        case 2 -> RawMemory.putInt(host, (int) value);
                                        case 1 -> RawMemory.putShort(host, (short) value);
                                        default -> RawMemory.putByte(host, (byte) value);
                                    }
                                    break advance;
                                }
                            } else {
                                switch (op & 63) {
                                    case MicroOp.DECODE,
                                            MicroOp.NEXT_PAGE,
                                            MicroOp.SPAN,
                                            MicroOp.REGION,
                                            MicroOp.SEQUENCE,
                                            MicroOp.TRAP,
                                            MicroOp.LEAVE -> {
                                        exit = RARE;
                                        break run;
                                    }
                                    case MicroOp.NOP -> {
                                        break advance;
                                    }
                                    case MicroOp.LI -> v = w << 12 >> 20;
                                    case MicroOp.MOV -> v = x;
                                    case MicroOp.PC -> {
                                        long pc = (cp >> shift) + bias + imm;
                                        v = mask == -1 ? pc : (int) pc;
                                    }
                                    case MicroOp.BRANCH_IN -> {
                                        if (x == y) {
                                            break leave;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.BRANCH_IN + 1 -> {
                                        if (x != y) {
                                            break leave;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.BRANCH_IN + 2 -> {
                                        if (x < y) {
                                            break leave;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.BRANCH_IN + 3 -> {
                                        if (x >= y) {
                                            break leave;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.BRANCH_IN + 4 -> {
                                        if (Long.compareUnsigned(x, y) < 0) {
                                            break leave;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.BRANCH_IN + 5 -> {
                                        if (Long.compareUnsigned(x, y) >= 0) {
                                            break leave;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.BRANCH_OUT,
                                            MicroOp.BRANCH_OUT + 1,
                                            MicroOp.BRANCH_OUT + 2,
                                            MicroOp.BRANCH_OUT + 3,
                                            MicroOp.BRANCH_OUT + 4,
                                            MicroOp.BRANCH_OUT + 5 -> {
                                        if (holds(op - MicroOp.BRANCH_OUT, x, y)) {
                                            to = (cp >> shift) + bias + (w << 12 >> 36);
                                            break jump;
                                        }
                                        break advance;
                                    }
                                    case MicroOp.JUMP_IN -> {
                                        break leave;
                                    }
                                    case MicroOp.JUMP_OUT, MicroOp.LINK_OUT -> {
                                        to = (cp >> shift) + bias + imm;
                                        break jump;
                                    }
                                    case MicroOp.LINK_IN -> {
                                        long pc = (next >> shift) + bias;
                                        element(r, d, mask == -1 ? pc : (int) pc);
                                        break leave;
                                    }
                                    case MicroOp.INDIRECT,
                                            MicroOp.INDIRECT_LINK,
                                            MicroOp.INDIRECT_EVEN,
                                            MicroOp.INDIRECT_EVEN_LINK -> {
                                        to = x + imm;
                                        break jump;
                                    }
                                    case MicroOp.ADDI -> v = x + imm;
                                    case MicroOp.ANDI -> v = x & imm;
                                    case MicroOp.ORI -> v = x | imm;
                                    case MicroOp.XORI -> v = x ^ imm;
                                    case MicroOp.SHLI -> v = x << (int) imm;
                                    case MicroOp.SHRI -> v = x >>> (int) imm;
                                    case MicroOp.SARI -> v = x >> (int) imm;
                                    case MicroOp.ADD -> v = x + y;
                                    case MicroOp.SUB -> v = x - y;
                                    case MicroOp.AND -> v = x & y;
                                    case MicroOp.OR -> v = x | y;
                                    case MicroOp.XOR -> v = x ^ y;
                                    case MicroOp.SHL -> v = x << (int) y;
                                    case MicroOp.SHR -> v = x >>> (int) y;
                                    case MicroOp.SAR -> v = x >> (int) y;
                                    case MicroOp.MUL -> v = x * y;
                                    case MicroOp.ADDIW -> v = (int) x + (int) imm;
                                    case MicroOp.SHLIW -> v = (int) x << (int) imm;
                                    case MicroOp.SHRIW -> v = (int) x >>> (int) imm;
                                    case MicroOp.SARIW -> v = (int) x >> (int) imm;
                                    case MicroOp.ADDW -> v = (int) x + (int) y;
                                    case MicroOp.SUBW -> v = (int) x - (int) y;
                                    case MicroOp.SHLW -> v = (int) x << (int) y;
                                    case MicroOp.SHRW -> v = (int) x >>> (int) y;
                                    case MicroOp.SARW -> v = (int) x >> (int) y;
                                    case MicroOp.MULW -> v = (int) x * (int) y;
                                    case MicroOp.LTS -> v = x < y ? 1 : 0;
                                    case MicroOp.LTU -> v = Long.compareUnsigned(x, y) < 0 ? 1 : 0;
                                    case MicroOp.LTSI -> v = x < imm ? 1 : 0;
                                    case MicroOp.LTUI -> v = Long.compareUnsigned(x, imm) < 0 ? 1 : 0;
                                    case MicroOp.SEXTW -> v = (int) x;
                                    case MicroOp.ZEXTW -> v = x & 0xffffffffL;
                                    default -> v = (x << (int) (w << 12 >> 36)) + y; // SHADD
                                }
                            }
                            element(r, d, v);
                        }
                        break done;
                    }
                    // A jump that may leave the page: relative to the pc, or computed.
                    to &= op >= MicroOp.INDIRECT_EVEN ? mask & -2 : mask;
                    if (op >= MicroOp.LINK_OUT && (op & 1) == 0) {
                        long pc = (next >> shift) + bias;
                        element(r, d, mask == -1 ? pc : (int) pc);
                    }
                    s.target = to;
                    if (left < 0 || to == stop) {
                        s.left = left;
                        return SLICE;
                    }
                    long entry = InterpreterState.entry(s.fetch, to);
                    if (getLong(entry) != InterpreterState.tag(to, cpu.mode)) {
                        s.left = left;
                        return ELSEWHERE;
                    }
                    next = getLong(entry + InterpreterState.WORDS) + ((to & ~Mmu.PAGE_MASK) << shift & -8);
                    bias = to - (next >> shift);
                    break done;
                }
                // A taken branch within the page.
                next = cp + (w << 12 >> 36);
                if (left < 0) {
                    s.target = (next >> shift) + bias;
                    s.left = left;
                    return SLICE;
                }
            }
            cp = next;
            w = getLong(cp);
        }
        s.left = left + 1;
        s.cp = cp;
        s.bias = bias;
        return exit;
    }

    static boolean holds(int condition, long x, long y) {
        return switch (condition) {
            case 0 -> x == y;
            case 1 -> x != y;
            case 2 -> x < y;
            case 3 -> x >= y;
            case 4 -> Long.compareUnsigned(x, y) < 0;
            default -> Long.compareUnsigned(x, y) >= 0;
        };
    }
}
