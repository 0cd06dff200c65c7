package dev.rhea.arch.riscv;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;

/**
 * Zcb, Zcmp and Zcmt: unprivileged manual, chapter "Zc* Extension for Code Size Reduction". An instruction of Zcb that stands for one
 * of another extension is there where that is.
 */
final class CodeSizeRows {
    private CodeSizeRows() {}

    private static final int SP = 2;
    private static final int A0 = 10;
    private static final int A1 = 11;

    /** Zcb. */
    static void addSimple(Table<RiscvBuilder> table, int xlen, Extensions on) {
        table.group("Zcb")
                .insn(
                        "100 000 rs1':3 imm[0|1] rd':3 00",
                        "c.lbu {rd'}, {imm}({rs1'})",
                        (t, i) -> load(t, i, MemOp.little(1, false)))
                .insn(
                        "100 001 rs1':3 0 imm[1] rd':3 00",
                        "c.lhu {rd'}, {imm}({rs1'})",
                        (t, i) -> load(t, i, MemOp.little(2, false)))
                .insn(
                        "100 001 rs1':3 1 imm[1] rd':3 00",
                        "c.lh {rd'}, {imm}({rs1'})",
                        (t, i) -> load(t, i, MemOp.little(2, true)))
                .insn(
                        "100 010 rs1':3 imm[0|1] rs2':3 00",
                        "c.sb {rs2'}, {imm}({rs1'})",
                        (t, i) -> store(t, i, MemOp.little(1, false)))
                .insn(
                        "100 011 rs1':3 0 imm[1] rs2':3 00",
                        "c.sh {rs2'}, {imm}({rs1'})",
                        (t, i) -> store(t, i, MemOp.little(2, false)));
        unary(table, "000", "c.zext.b", Op.ZEXT8);
        table.insn("100 1 11 rd':3 11 101 01", "c.not {rd'}", (t, i) -> {
            int register = prime(i, "rd'");
            t.x(register, t.not(t.x(register)));
        });
        if (on.has(Extension.ZBB)) {
            unary(table, "001", "c.sext.b", Op.SEXT8);
            unary(table, "010", "c.zext.h", Op.ZEXT16);
            unary(table, "011", "c.sext.h", Op.SEXT16);
        }
        if (xlen == 64 && on.has(Extension.ZBA)) {
            table.insn("100 1 11 rd':3 11 100 01", "c.zext.w {rd'}", (t, i) -> {
                int register = prime(i, "rd'");
                t.x(register, t.zext32(t.w(register)));
            });
        }
        if (on.has(Extension.M) || on.has(Extension.ZMMUL)) {
            table.insn("100 1 11 rd':3 10 rs2':3 01", "c.mul {rd'}, {rs2'}", (t, i) -> {
                int register = prime(i, "rd'");
                t.x(register, t.mul(t.x(register), t.x(prime(i, "rs2'"))));
            });
        }
    }

    private static void unary(Table<RiscvBuilder> table, String function, String name, Op op) {
        table.insn("100 1 11 rd':3 11 " + function + " 01", name + " {rd'}", (t, i) -> {
            int register = prime(i, "rd'");
            t.x(register, t.unary(op, t.x(register)));
        });
    }

    private static void load(RiscvBuilder t, Insn i, MemOp memory) {
        t.x(prime(i, "rd'"), t.load(t.xlen, t.x(prime(i, "rs1'")), i.imm(), memory));
    }

    private static void store(RiscvBuilder t, Insn i, MemOp memory) {
        t.store(t.x(prime(i, "rs1'")), i.imm(), t.x(prime(i, "rs2'")), memory);
    }

    private static int prime(Insn i, String field) {
        return 8 + (int) i.get(field);
    }

    /**
     * Zcmp, on models without Zcd, whose encodings it takes. Registers are written when all of memory was accessed, so that an
     * instruction that faults can start again.
     */
    static void addStack(Table<RiscvBuilder> table, int xlen) {
        boolean wide = xlen == 64;
        table.group("Zcmp")
                .insn(
                        "101 11000 frame:6 10",
                        "cm.push {frame:push}",
                        CodeSizeRows::isFrame,
                        (t, i) -> push(t, frame(t, i)))
                .insn(
                        "101 11010 frame:6 10",
                        "cm.pop {frame:pop}",
                        CodeSizeRows::isFrame,
                        (t, i) -> pop(t, frame(t, i)))
                .insn("101 11100 frame:6 10", "cm.popretz {frame:pop}", CodeSizeRows::isFrame, (t, i) -> {
                    Node target = pop(t, frame(t, i));
                    t.x(A0, t.imm(0));
                    t.jumpRegister(target, 0, 2, Flow.RETURN);
                })
                .insn(
                        "101 11110 frame:6 10",
                        "cm.popret {frame:pop}",
                        CodeSizeRows::isFrame,
                        (t, i) -> t.jumpRegister(pop(t, frame(t, i)), 0, 2, Flow.RETURN))
                .insn(
                        "101 011 r1s':3 01 r2s':3 10",
                        "cm.mvsa01 {r1s'}, {r2s'}",
                        i -> i.get("r1s'") != i.get("r2s'"),
                        (t, i) -> {
                            Node first = t.x(A0);
                            Node second = t.x(A1);
                            t.x(saved(i, "r1s'"), first);
                            t.x(saved(i, "r2s'"), second);
                        })
                .insn("101 011 r1s':3 11 r2s':3 10", "cm.mva01s {r1s'}, {r2s'}", (t, i) -> {
                    Node first = t.x(saved(i, "r1s'"));
                    Node second = t.x(saved(i, "r2s'"));
                    t.x(A0, first);
                    t.x(A1, second);
                });
    }

    private static final int FIRST_CALL = 32;
    private static final int MODE = 0x3f;

    private static final Helper TARGET =
            Helper.of("jump table", Type.I64, CodeSizeRows::target, Effect.MAY_FAULT, Effect.IMPURE);

    /** Zcmt, on models without Zcd too. */
    static void addTables(Table<RiscvBuilder> table) {
        table.group("Zcmt")
                .insn(
                        "101 000 index:8 10",
                        "cm.jt {index}",
                        i -> i.get("index") < FIRST_CALL,
                        (t, i) -> jump(t, i, 0, Flow.JUMP))
                .insn("101 000 index:8 10", "cm.jalt {index}", i -> i.get("index") >= FIRST_CALL, (t, i) -> {
                    jump(t, i, 1, Flow.CALL);
                });
    }

    private static void jump(RiscvBuilder t, Insn i, int link, Flow flow) {
        Node bytes = t.i64(t.xlen == Type.I64 ? 8 : 4);
        Node target = t.value(TARGET, t.i64(i.get("index")), bytes, t.i64(i.bits()));
        t.jumpRegister(t.xlen == Type.I64 ? target : t.trunc(target), link, 2, flow);
    }

    /** Fetches an entry, as instructions are fetched. */
    private static long target(Cpu engineCpu, long index, long bytes, long bits) {
        var cpu = (RiscvCpu) engineCpu;
        if ((cpu.jvt & MODE) != 0 || !cpu.hasJumpTable()) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, bits);
        }
        long address = cpu.jvt + index * bytes & cpu.addressMask;
        long host = cpu.mmu.translate(cpu, address, Access.FETCH);
        return host == Mmu.DEVICE ? cpu.mmu.readDevice(cpu, address, (int) bytes) : GuestAccess.read(host, (int) bytes);
    }

    private static boolean isFrame(Insn i) {
        return StackFrame.exists((int) i.get("frame"));
    }

    private static StackFrame frame(RiscvBuilder t, Insn i) {
        return StackFrame.of((int) i.get("frame"), t.xlen == Type.I64 ? 64 : 32);
    }

    private static int saved(Insn i, String field) {
        return StackFrame.saved((int) i.get(field));
    }

    private static void push(RiscvBuilder t, StackFrame frame) {
        Node sp = t.x(SP);
        int offset = 0;
        for (int register : frame.registers()) {
            offset -= frame.registerBytes();
            t.store(sp, offset, t.x(register), MemOp.little(frame.registerBytes(), true));
        }
        t.x(SP, t.add(sp, t.imm(-frame.bytes())));
    }

    /** Loads the registers and frees the stack; the new value of ra. */
    private static Node pop(RiscvBuilder t, StackFrame frame) {
        Node sp = t.x(SP);
        int[] registers = frame.registers();
        Node[] values = new Node[registers.length];
        int offset = frame.bytes();
        for (int n = 0; n < registers.length; n++) {
            offset -= frame.registerBytes();
            values[n] = t.load(t.xlen, sp, offset, MemOp.little(frame.registerBytes(), true));
        }
        for (int n = 0; n < registers.length; n++) {
            t.x(registers[n], values[n]);
        }
        t.x(SP, t.add(sp, t.imm(frame.bytes())));
        return values[registers.length - 1];
    }
}
