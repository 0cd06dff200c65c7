package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.host.RawMemory;

/**
 * The first tier's loop.
 *
 * <p>It has few variables: the address of the present word, what turns that address into the pc, the instructions left.
 * Memory accesses take one path with one TLB computation and then a small switch on the width: were they cases of the large
 * switch, C2 would hoist what they share above it and spill everything else. {@link #run} must stay below 8,000 bytecodes,
 * over which HotSpot never compiles a method.
 */
public final class Interpreter {
    /** The slice is over, at a taken branch: {@link Cpu#pc} is its target. */
    public static final int SLICE = 0;
    /** There is translated code at {@link Cpu#pc}. */
    public static final int ENTER_REGION = 1;
    /** The guest asked for what only the loop can do, or the mode may have changed. */
    public static final int LEFT = 2;
    /** A guest exception: {@link Cpu#trap} at {@link Cpu#pc}. */
    public static final int TRAPPED = 3;

    private Interpreter() {}

    /** Runs the instruction at {@link Cpu#pc} that a region word hides, then goes on as {@link #run} does. */
    public static int runOriginal(Cpu cpu, int slice, long stop) {
        long word;
        try {
            word = cpu.code.original(cpu, cpu.pc);
        } catch (GuestFault fault) {
            return TRAPPED;
        }
        return run(cpu, slice, stop, word);
    }

    /**
     * Runs from {@link Cpu#pc} on, up to the first taken branch after {@code slice} instructions; takes what it ran off
     * {@link Cpu#budget}.
     *
     * @param stop a computed jump to there ends the slice too
     */
    public static int run(Cpu cpu, int slice, long stop) {
        return run(cpu, slice, stop, 0);
    }

    /**
     * @param first the first instruction's word if it is not the one that is stored for the pc, or 0
     */
    private static int run(Cpu cpu, int slice, long stop, long first) {
        final long[] r = cpu.r;
        final CodeStore code = cpu.code;
        final long tlb = cpu.tlb.base;
        final long mask = cpu.addressMask;
        final int shift = code.shift;
        final int narrow = mask == -1 ? 0 : 32;
        int left = slice;
        long npc = cpu.pc;
        long cp = 0;
        long bias = npc;
        int exit;
        try {
            enter:
            for (;;) {
                CodePage page = cpu.fetch.find(npc, cpu.mode);
                if (page == null) {
                    bias = npc - (cp >> shift);
                    page = code.fetch(cpu, npc);
                }
                cpu.fetch.current = page;
                cp = page.words + ((npc & ~Mmu.PAGE_MASK) << shift & -8);
                bias = npc - (cp >> shift);
                long w = first;
                if (w == 0) {
                    w = RawMemory.getLong(cp);
                }
                first = 0;
                for (;;) {
                    left--;
                    int op = (int) w & 255;
                    long x = r[(int) (w >>> 20) & 255];
                    if (op >= MicroOp.LOAD) {
                        long address = x + (w >> 31) & mask;
                        long entry = tlb + (address >>> Tlb.INDEX_SHIFT & Tlb.INDEX_MASK);
                        long last = address + (w >>> 28 & 7) & Mmu.PAGE_MASK;
                        if (op < MicroOp.STORE) {
                            long v;
                            if (RawMemory.getLong(entry) == last) {
                                long host = address + RawMemory.getLong(entry + Tlb.READ_ADDEND);
                                v = switch (op & 7) {
                                    case MicroOp.KIND_64 -> RawMemory.getLong(host);
                                    case MicroOp.KIND_S32 -> RawMemory.getInt(host);
                                    case MicroOp.KIND_U8 -> RawMemory.getByte(host) & 255;
                                    case MicroOp.KIND_S8 -> RawMemory.getByte(host);
                                    case MicroOp.KIND_S16 -> RawMemory.getShort(host);
                                    case MicroOp.KIND_U16 -> RawMemory.getShort(host) & 65535;
                                    default -> RawMemory.getInt(host) & 0xffffffffL;
                                };
                            } else {
                                v = slowLoad(cpu, op & 7, address);
                            }
                            r[(int) (w >>> 8) & 255] = v;
                        } else {
                            long v = r[(int) (w >>> 8) & 255];
                            if (RawMemory.getLong(entry + Tlb.WRITE_TAG) == last) {
                                long host = address + RawMemory.getLong(entry + Tlb.WRITE_ADDEND);
                                switch (op & 3) {
                                    case 3 -> RawMemory.putLong(host, v);
                                    case 2 -> RawMemory.putInt(host, (int) v);
                                    case 1 -> RawMemory.putShort(host, (short) v);
                                    default -> RawMemory.putByte(host, (byte) v);
                                }
                            } else {
                                GuestAccess.store(cpu, address, v, 1 << (op & 3));
                            }
                        }
                        cp += w >>> 13 & 0x78;
                        w = RawMemory.getLong(cp);
                        continue;
                    }
                    switch (op) {
                        case MicroOp.DECODE -> {
                            left++;
                            npc = (cp >> shift) + bias;
                            code.decode(cpu, npc);
                            continue enter;
                        }
                        case MicroOp.NEXT_PAGE -> {
                            npc = (cp >> shift) + bias & mask;
                            if (++left < 0) {
                                exit = SLICE;
                                break enter;
                            }
                            continue enter;
                        }
                        case MicroOp.SPAN -> {
                            left++;
                            w = code.span(cpu, (cp >> shift) + bias);
                            continue;
                        }
                        case MicroOp.REGION -> {
                            left++;
                            npc = (cp >> shift) + bias;
                            exit = ENTER_REGION;
                            break enter;
                        }
                        case MicroOp.SEQUENCE -> {
                            int how = Sequences.run(cpu, w >>> 20 << 3, (cp >> shift) + bias);
                            if (how != Sequences.NEXT) {
                                if (how == Sequences.TRAP) {
                                    left++;
                                    npc = (cp >> shift) + bias;
                                    exit = TRAPPED;
                                    break enter;
                                }
                                npc = (how & Sequences.JUMP) != 0 ? cpu.pc : (cp + (w >>> 13 & 0x78) >> shift) + bias & mask;
                                if ((how & Sequences.LEAVE) != 0) {
                                    exit = LEFT;
                                    break enter;
                                }
                                if (left < 0) {
                                    exit = SLICE;
                                    break enter;
                                }
                                continue enter;
                            }
                        }
                        case MicroOp.TRAP -> {
                            left++;
                            npc = (cp >> shift) + bias;
                            cpu.trap = (int) (w >> 28);
                            cpu.trapValue = 0;
                            exit = TRAPPED;
                            break enter;
                        }
                        case MicroOp.LEAVE -> {
                            npc = (cp + (w >>> 13 & 0x78) >> shift) + bias & mask;
                            exit = LEFT;
                            break enter;
                        }
                        case MicroOp.NOP -> { }
                        case MicroOp.LI -> r[(int) (w >>> 8) & 255] = w >> 20;
                        case MicroOp.MOV -> r[(int) (w >>> 8) & 255] = x;
                        case MicroOp.PC -> r[(int) (w >>> 8) & 255] = (cp >> shift) + bias + (w >> 28) << narrow >> narrow;
                        case MicroOp.BRANCH_IN -> {
                            if (x == r[(int) (w >>> 8) & 255]) {
                                cp += w >> 28;
                                if (left < 0) {
                                    npc = (cp >> shift) + bias;
                                    exit = SLICE;
                                    break enter;
                                }
                                w = RawMemory.getLong(cp);
                                continue;
                            }
                        }
                        case MicroOp.BRANCH_IN + 1 -> {
                            if (x != r[(int) (w >>> 8) & 255]) {
                                cp += w >> 28;
                                if (left < 0) {
                                    npc = (cp >> shift) + bias;
                                    exit = SLICE;
                                    break enter;
                                }
                                w = RawMemory.getLong(cp);
                                continue;
                            }
                        }
                        case MicroOp.BRANCH_IN + 2 -> {
                            if (x < r[(int) (w >>> 8) & 255]) {
                                cp += w >> 28;
                                if (left < 0) {
                                    npc = (cp >> shift) + bias;
                                    exit = SLICE;
                                    break enter;
                                }
                                w = RawMemory.getLong(cp);
                                continue;
                            }
                        }
                        case MicroOp.BRANCH_IN + 3 -> {
                            if (x >= r[(int) (w >>> 8) & 255]) {
                                cp += w >> 28;
                                if (left < 0) {
                                    npc = (cp >> shift) + bias;
                                    exit = SLICE;
                                    break enter;
                                }
                                w = RawMemory.getLong(cp);
                                continue;
                            }
                        }
                        case MicroOp.BRANCH_IN + 4 -> {
                            if (x + Long.MIN_VALUE < r[(int) (w >>> 8) & 255] + Long.MIN_VALUE) {
                                cp += w >> 28;
                                if (left < 0) {
                                    npc = (cp >> shift) + bias;
                                    exit = SLICE;
                                    break enter;
                                }
                                w = RawMemory.getLong(cp);
                                continue;
                            }
                        }
                        case MicroOp.BRANCH_IN + 5 -> {
                            if (x + Long.MIN_VALUE >= r[(int) (w >>> 8) & 255] + Long.MIN_VALUE) {
                                cp += w >> 28;
                                if (left < 0) {
                                    npc = (cp >> shift) + bias;
                                    exit = SLICE;
                                    break enter;
                                }
                                w = RawMemory.getLong(cp);
                                continue;
                            }
                        }
                        case MicroOp.BRANCH_OUT, MicroOp.BRANCH_OUT + 1, MicroOp.BRANCH_OUT + 2, MicroOp.BRANCH_OUT + 3,
                                MicroOp.BRANCH_OUT + 4, MicroOp.BRANCH_OUT + 5 -> {
                            if (holds(op - MicroOp.BRANCH_OUT, x, r[(int) (w >>> 8) & 255])) {
                                npc = (cp >> shift) + bias + (w >> 28) & mask;
                                if (left < 0) {
                                    exit = SLICE;
                                    break enter;
                                }
                                continue enter;
                            }
                        }
                        case MicroOp.JUMP_IN -> {
                            cp += w >> 28;
                            if (left < 0) {
                                npc = (cp >> shift) + bias;
                                exit = SLICE;
                                break enter;
                            }
                            w = RawMemory.getLong(cp);
                            continue;
                        }
                        case MicroOp.JUMP_OUT -> {
                            npc = (cp >> shift) + bias + (w >> 28) & mask;
                            if (left < 0) {
                                exit = SLICE;
                                break enter;
                            }
                            continue enter;
                        }
                        case MicroOp.LINK_IN -> {
                            r[(int) (w >>> 8) & 255] = (cp + (w >>> 13 & 0x78) >> shift) + bias << narrow >> narrow;
                            cp += w >> 28;
                            if (left < 0) {
                                npc = (cp >> shift) + bias;
                                exit = SLICE;
                                break enter;
                            }
                            w = RawMemory.getLong(cp);
                            continue;
                        }
                        case MicroOp.LINK_OUT -> {
                            npc = (cp >> shift) + bias + (w >> 28) & mask;
                            r[(int) (w >>> 8) & 255] = (cp + (w >>> 13 & 0x78) >> shift) + bias << narrow >> narrow;
                            if (left < 0) {
                                exit = SLICE;
                                break enter;
                            }
                            continue enter;
                        }
                        case MicroOp.INDIRECT, MicroOp.INDIRECT_LINK, MicroOp.INDIRECT_EVEN, MicroOp.INDIRECT_EVEN_LINK -> {
                            npc = x + (w >> 28) & mask;
                            if (op >= MicroOp.INDIRECT_EVEN) {
                                npc &= -2;
                            }
                            if ((op - MicroOp.INDIRECT & 1) != 0) {
                                r[(int) (w >>> 8) & 255] = (cp + (w >>> 13 & 0x78) >> shift) + bias << narrow >> narrow;
                            }
                            if (left < 0 || npc == stop) {
                                exit = SLICE;
                                break enter;
                            }
                            continue enter;
                        }
                        case MicroOp.ADDI -> r[(int) (w >>> 8) & 255] = x + (w >> 28);
                        case MicroOp.ANDI -> r[(int) (w >>> 8) & 255] = x & w >> 28;
                        case MicroOp.ORI -> r[(int) (w >>> 8) & 255] = x | w >> 28;
                        case MicroOp.XORI -> r[(int) (w >>> 8) & 255] = x ^ w >> 28;
                        case MicroOp.SHLI -> r[(int) (w >>> 8) & 255] = x << (int) (w >> 28);
                        case MicroOp.SHRI -> r[(int) (w >>> 8) & 255] = x >>> (int) (w >> 28);
                        case MicroOp.SARI -> r[(int) (w >>> 8) & 255] = x >> (int) (w >> 28);
                        case MicroOp.ADD -> r[(int) (w >>> 8) & 255] = x + r[(int) (w >>> 28) & 255];
                        case MicroOp.SUB -> r[(int) (w >>> 8) & 255] = x - r[(int) (w >>> 28) & 255];
                        case MicroOp.AND -> r[(int) (w >>> 8) & 255] = x & r[(int) (w >>> 28) & 255];
                        case MicroOp.OR -> r[(int) (w >>> 8) & 255] = x | r[(int) (w >>> 28) & 255];
                        case MicroOp.XOR -> r[(int) (w >>> 8) & 255] = x ^ r[(int) (w >>> 28) & 255];
                        case MicroOp.SHL -> r[(int) (w >>> 8) & 255] = x << (int) r[(int) (w >>> 28) & 255];
                        case MicroOp.SHR -> r[(int) (w >>> 8) & 255] = x >>> (int) r[(int) (w >>> 28) & 255];
                        case MicroOp.SAR -> r[(int) (w >>> 8) & 255] = x >> (int) r[(int) (w >>> 28) & 255];
                        case MicroOp.MUL -> r[(int) (w >>> 8) & 255] = x * r[(int) (w >>> 28) & 255];
                        case MicroOp.ADDIW -> r[(int) (w >>> 8) & 255] = (int) (x + (w >> 28));
                        case MicroOp.SHLIW -> r[(int) (w >>> 8) & 255] = (int) x << (int) (w >> 28);
                        case MicroOp.SHRIW -> r[(int) (w >>> 8) & 255] = (int) x >>> (int) (w >> 28);
                        case MicroOp.SARIW -> r[(int) (w >>> 8) & 255] = (int) x >> (int) (w >> 28);
                        case MicroOp.ADDW -> r[(int) (w >>> 8) & 255] = (int) (x + r[(int) (w >>> 28) & 255]);
                        case MicroOp.SUBW -> r[(int) (w >>> 8) & 255] = (int) (x - r[(int) (w >>> 28) & 255]);
                        case MicroOp.SHLW -> r[(int) (w >>> 8) & 255] = (int) x << (int) r[(int) (w >>> 28) & 255];
                        case MicroOp.SHRW -> r[(int) (w >>> 8) & 255] = (int) x >>> (int) r[(int) (w >>> 28) & 255];
                        case MicroOp.SARW -> r[(int) (w >>> 8) & 255] = (int) x >> (int) r[(int) (w >>> 28) & 255];
                        case MicroOp.MULW -> r[(int) (w >>> 8) & 255] = (int) (x * r[(int) (w >>> 28) & 255]);
                        case MicroOp.LTS -> r[(int) (w >>> 8) & 255] = x < r[(int) (w >>> 28) & 255] ? 1 : 0;
                        case MicroOp.LTU -> r[(int) (w >>> 8) & 255] =
                                x + Long.MIN_VALUE < r[(int) (w >>> 28) & 255] + Long.MIN_VALUE ? 1 : 0;
                        case MicroOp.LTSI -> r[(int) (w >>> 8) & 255] = x < w >> 28 ? 1 : 0;
                        case MicroOp.LTUI -> r[(int) (w >>> 8) & 255] = x + Long.MIN_VALUE < (w >> 28) + Long.MIN_VALUE ? 1 : 0;
                        case MicroOp.SEXTW -> r[(int) (w >>> 8) & 255] = (int) x;
                        case MicroOp.ZEXTW -> r[(int) (w >>> 8) & 255] = x & 0xffffffffL;
                        case MicroOp.SHADD -> r[(int) (w >>> 8) & 255] = (x << (int) (w >> 36)) + r[(int) (w >>> 28) & 255];
                        default -> RareOps.execute(cpu, r, w, (cp >> shift) + bias);
                    }
                    cp += w >>> 13 & 0x78;
                    w = RawMemory.getLong(cp);
                }
            }
        } catch (GuestFault fault) {
            left++;
            npc = (cp >> shift) + bias;
            exit = TRAPPED;
        }
        cpu.pc = npc;
        cpu.budget -= slice - left;
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

    private static long slowLoad(Cpu cpu, int kind, long address) {
        long v = GuestAccess.load(cpu, address, 1 << (kind & 3));
        return switch (kind) {
            case MicroOp.KIND_S8 -> (byte) v;
            case MicroOp.KIND_S16 -> (short) v;
            case MicroOp.KIND_S32 -> (int) v;
            default -> v;
        };
    }
}
