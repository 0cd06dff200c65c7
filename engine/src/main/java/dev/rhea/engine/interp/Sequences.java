package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.host.RawMemory;

/** Runs the micro-operations of an instruction that needs several. */
final class Sequences {
    /** On to the next instruction. */
    static final int NEXT = 0;
    /** To {@link Cpu#pc}. */
    static final int JUMP = 1;
    /** A guest exception. */
    static final int TRAP = 2;
    /** Added to NEXT or JUMP: through the execution loop. */
    static final int LEAVE = 4;

    private Sequences() {}

    /**
     * @param p host address of the first micro-operation
     * @param pc address of the instruction
     * @param after address of the one behind it
     * @throws dev.rhea.engine.cpu.GuestFault from memory accesses and helpers
     */
    static int run(Cpu cpu, long p, long pc, long after) {
        long[] r = cpu.r;
        int how = NEXT;
        for (; ; p += 8) {
            long w = RawMemory.getLong(p);
            int op = MicroOp.op(w);
            switch (op) {
                case MicroOp.NEXT_PAGE -> {
                    return how;
                }
                case MicroOp.LEAVE -> {
                    return how | LEAVE;
                }
                case MicroOp.LI -> r[MicroOp.d(w)] = MicroOp.imm44(w);
                case MicroOp.LI64 -> {
                    p += 8;
                    r[MicroOp.d(w)] = RawMemory.getLong(p);
                }
                case MicroOp.TRAP -> {
                    cpu.trap = (int) MicroOp.imm36(w);
                    cpu.trapValue = 0;
                    return TRAP;
                }
                case MicroOp.TRAP_VALUE, MicroOp.TRAP_IF -> {
                    if (op == MicroOp.TRAP_VALUE || r[MicroOp.b(w)] != 0) {
                        cpu.trap = (int) MicroOp.imm28(w);
                        cpu.trapValue = r[MicroOp.a(w)];
                        return TRAP;
                    }
                }
                case MicroOp.BRANCH_OUT,
                        MicroOp.BRANCH_OUT + 1,
                        MicroOp.BRANCH_OUT + 2,
                        MicroOp.BRANCH_OUT + 3,
                        MicroOp.BRANCH_OUT + 4,
                        MicroOp.BRANCH_OUT + 5 -> {
                    if (HotLoop.holds(op - MicroOp.BRANCH_OUT, r[MicroOp.a(w)], r[MicroOp.b(w)])) {
                        cpu.pc = pc + MicroOp.imm28(w) & cpu.addressMask;
                        return how | JUMP;
                    }
                }
                case MicroOp.JUMP_OUT -> {
                    cpu.pc = pc + MicroOp.imm36(w) & cpu.addressMask;
                    return how | JUMP;
                }
                case MicroOp.INDIRECT, MicroOp.INDIRECT_LINK, MicroOp.INDIRECT_EVEN, MicroOp.INDIRECT_EVEN_LINK -> {
                    long to = r[MicroOp.a(w)] + MicroOp.imm36(w) & cpu.addressMask;
                    if (op == MicroOp.INDIRECT_LINK || op == MicroOp.INDIRECT_EVEN_LINK) {
                        r[MicroOp.d(w)] = cpu.addressMask == -1 ? after : (int) after;
                    }
                    cpu.pc = op >= MicroOp.INDIRECT_EVEN ? to & -2 : to;
                    return how | JUMP;
                }
                case MicroOp.LINK_OUT -> {
                    r[MicroOp.d(w)] = cpu.addressMask == -1 ? after : (int) after;
                    cpu.pc = pc + MicroOp.imm36(w) & cpu.addressMask;
                    return how | JUMP;
                }
                case MicroOp.CALL_AND_LEAVE -> {
                    how = LEAVE;
                    RareOps.call(cpu, r, w, pc);
                }
                default -> RareOps.execute(cpu, r, w, pc);
            }
        }
    }
}
