package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.masked;
import static dev.rhea.arch.riscv.vector.VectorState.require;
import static dev.rhea.arch.riscv.vector.VectorState.vd;
import static dev.rhea.arch.riscv.vector.VectorState.vs1;
import static dev.rhea.arch.riscv.vector.VectorState.vs2;

import dev.rhea.arch.riscv.RiscvCpu;

/** Mask registers: manual, section "Vector Mask Instructions". */
final class MaskRows {
    private MaskRows() {}

    /** Of a bit of vs2 and one of vs1. */
    private interface Logic {
        boolean of(boolean b, boolean a);
    }

    /** What VMSBF and its siblings set: the elements before, up to or at the first set bit. */
    private enum First {
        BEFORE,
        INCLUDING,
        ONLY
    }

    static void addTo(Forms f) {
        logic(f, "011000", "vmandn", (b, a) -> b & !a);
        logic(f, "011001", "vmand", (b, a) -> b & a);
        logic(f, "011010", "vmor", (b, a) -> b | a);
        logic(f, "011011", "vmxor", (b, a) -> b ^ a);
        logic(f, "011100", "vmorn", (b, a) -> b | !a);
        logic(f, "011101", "vmnand", (b, a) -> !(b & a));
        logic(f, "011110", "vmnor", (b, a) -> !(b | a));
        logic(f, "011111", "vmxnor", (b, a) -> b == a);
        f.toX(
                "010000 vm:1 vs2:5 10000 010 rd:5 1010111",
                "vcpop.m {rd}, {vs2:v}{vm}",
                (cpu, bits, x) -> count(cpu, bits));
        f.toX(
                "010000 vm:1 vs2:5 10001 010 rd:5 1010111",
                "vfirst.m {rd}, {vs2:v}{vm}",
                (cpu, bits, x) -> first(cpu, bits));
        setFirst(f, "00001", "vmsbf.m", First.BEFORE);
        setFirst(f, "00010", "vmsof.m", First.ONLY);
        setFirst(f, "00011", "vmsif.m", First.INCLUDING);
        f.row(
                "010100 vm:1 vs2:5 10000 010 vd:5 1010111",
                "viota.m {vd:v}, {vs2:v}{vm}",
                Forms.helper("viota.m", (cpu, bits, x) -> iota(cpu, bits)),
                Forms.NONE);
        f.row(
                "010100 vm:1 00000 10001 010 vd:5 1010111",
                "vid.v {vd:v}{vm}",
                Forms.helper("vid.v", (cpu, bits, x) -> index(cpu, bits)),
                Forms.NONE);
    }

    private static void logic(Forms f, String funct6, String name, Logic logic) {
        f.row(
                funct6 + " 1 vs2:5 vs1:5 010 vd:5 1010111",
                name + ".mm {vd:v}, {vs2:v}, {vs1:v}",
                Forms.helper(name + ".mm", (cpu, bits, x) -> {
                    VectorState v = cpu.vector();
                    require(!v.vill, cpu, bits);
                    for (int i = v.vstart; i < v.vl; i++) {
                        v.bit(vd(bits), i, logic.of(v.bit(vs2(bits), i), v.bit(vs1(bits), i)));
                    }
                    v.vstart = 0;
                }),
                Forms.NONE);
    }

    private static boolean active(VectorState v, long bits, int i) {
        return !masked(bits) || v.bit(0, i);
    }

    private static long count(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        require(!v.vill && v.vstart == 0, cpu, bits);
        long count = 0;
        for (int i = 0; i < v.vl; i++) {
            if (active(v, bits, i) && v.bit(vs2(bits), i)) {
                count++;
            }
        }
        return count;
    }

    private static long first(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        require(!v.vill && v.vstart == 0, cpu, bits);
        for (int i = 0; i < v.vl; i++) {
            if (active(v, bits, i) && v.bit(vs2(bits), i)) {
                return i;
            }
        }
        return -1;
    }

    private static void setFirst(Forms f, String selector, String name, First what) {
        f.row(
                "010100 vm:1 vs2:5 " + selector + " 010 vd:5 1010111",
                name + " {vd:v}, {vs2:v}{vm}",
                Forms.helper(name, (cpu, bits, x) -> {
                    VectorState v = cpu.vector();
                    require(
                            !v.vill && v.vstart == 0 && vd(bits) != vs2(bits) && !(masked(bits) && vd(bits) == 0),
                            cpu,
                            bits);
                    boolean found = false;
                    for (int i = 0; i < v.vl; i++) {
                        if (active(v, bits, i)) {
                            boolean here = !found && v.bit(vs2(bits), i);
                            v.bit(
                                    vd(bits),
                                    i,
                                    switch (what) {
                                        case BEFORE -> !found && !here;
                                        case INCLUDING -> !found;
                                        case ONLY -> here;
                                    });
                            found |= here;
                        }
                    }
                }),
                Forms.NONE);
    }

    /** Each active element gets the number of set bits of vs2 below it. */
    private static void iota(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        int vd = vd(bits);
        require(
                !v.vill
                        && v.vstart == 0
                        && VectorState.aligned(vd, v.lmul)
                        && !VectorState.overlap(vd, v.lmul, vs2(bits), 0)
                        && !(masked(bits) && vd == 0),
                cpu,
                bits);
        long sum = 0;
        for (int i = 0; i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd, i, v.sew, sum);
                sum += v.bit(vs2(bits), i) ? 1 : 0;
            }
        }
    }

    private static void index(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        int vd = vd(bits);
        require(!v.vill && VectorState.aligned(vd, v.lmul) && !(masked(bits) && vd == 0), cpu, bits);
        for (int i = v.vstart; i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd, i, v.sew, i);
            }
        }
        v.vstart = 0;
    }
}
