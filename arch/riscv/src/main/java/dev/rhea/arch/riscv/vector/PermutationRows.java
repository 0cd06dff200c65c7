package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.masked;
import static dev.rhea.arch.riscv.vector.VectorState.overlap;
import static dev.rhea.arch.riscv.vector.VectorState.require;
import static dev.rhea.arch.riscv.vector.VectorState.vd;
import static dev.rhea.arch.riscv.vector.VectorState.vs1;
import static dev.rhea.arch.riscv.vector.VectorState.vs2;

import dev.rhea.arch.riscv.RiscvCpu;

/** Moves, slides, gathers and compress: manual, section "Vector Permutation Instructions". */
final class PermutationRows {
    private PermutationRows() {}

    static void addTo(Forms f) {
        f.toX("010000 1 vs2:5 00000 010 rd:5 1010111", "vmv.x.s {rd}, {vs2:v}", (cpu, bits, x) -> {
            VectorState v = cpu.vector();
            require(!v.vill, cpu, bits);
            v.vstart = 0;
            return v.getSigned(vs2(bits), 0, v.sew);
        });
        f.row(
                "010000 1 00000 rs1:5 110 vd:5 1010111",
                "vmv.s.x {vd:v}, {rs1}",
                Forms.helper("vmv.s.x", PermutationRows::moveToFirst),
                Forms.X);
        slide(f, "001110", "vslideup", PermutationRows::slideUp);
        slide(f, "001111", "vslidedown", PermutationRows::slideDown);
        f.row(
                "001110 vm:1 vs2:5 rs1:5 110 vd:5 1010111",
                "vslide1up.vx {vd:v}, {vs2:v}, {rs1}{vm}",
                Forms.helper("vslide1up.vx", PermutationRows::slideOneUp),
                Forms.X);
        f.row(
                "001111 vm:1 vs2:5 rs1:5 110 vd:5 1010111",
                "vslide1down.vx {vd:v}, {vs2:v}, {rs1}{vm}",
                Forms.helper("vslide1down.vx", PermutationRows::slideOneDown),
                Forms.X);
        f.row(
                "001100 vm:1 vs2:5 vs1:5 000 vd:5 1010111",
                "vrgather.vv {vd:v}, {vs2:v}, {vs1:v}{vm}",
                Forms.helper("vrgather.vv", (cpu, bits, x) -> gather(cpu, bits, cpu.vector().sew)),
                Forms.NONE);
        f.row(
                "001110 vm:1 vs2:5 vs1:5 000 vd:5 1010111",
                "vrgatherei16.vv {vd:v}, {vs2:v}, {vs1:v}{vm}",
                Forms.helper("vrgatherei16.vv", (cpu, bits, x) -> gather(cpu, bits, 1)),
                Forms.NONE);
        f.row(
                "001100 vm:1 vs2:5 rs1:5 100 vd:5 1010111",
                "vrgather.vx {vd:v}, {vs2:v}, {rs1}{vm}",
                Forms.helper("vrgather.vx", PermutationRows::gatherOne),
                Forms.X);
        f.row(
                "001100 vm:1 vs2:5 imm:5 011 vd:5 1010111",
                "vrgather.vi {vd:v}, {vs2:v}, {imm}{vm}",
                Forms.helper("vrgather.vi", PermutationRows::gatherOne),
                Forms.IMMEDIATE);
        f.row(
                "010111 1 vs2:5 vs1:5 010 vd:5 1010111",
                "vcompress.vm {vd:v}, {vs2:v}, {vs1:v}",
                Forms.helper("vcompress.vm", (cpu, bits, x) -> compress(cpu, bits)),
                Forms.NONE);
        for (int n = 1; n <= 8; n *= 2) {
            int registers = n;
            String selector = Integer.toBinaryString(32 + n - 1).substring(1);
            f.row(
                    "100111 1 vs2:5 " + selector + " 011 vd:5 1010111",
                    "vmv" + n + "r.v {vd:v}, {vs2:v}",
                    Forms.helper("vmv" + n + "r.v", (cpu, bits, x) -> moveRegisters(cpu, bits, registers)),
                    Forms.NONE);
        }
    }

    private static void slide(Forms f, String funct6, String name, Forms.Action action) {
        f.row(
                funct6 + " vm:1 vs2:5 rs1:5 100 vd:5 1010111",
                name + ".vx {vd:v}, {vs2:v}, {rs1}{vm}",
                Forms.helper(name + ".vx", action),
                Forms.X);
        f.row(
                funct6 + " vm:1 vs2:5 imm:5 011 vd:5 1010111",
                name + ".vi {vd:v}, {vs2:v}, {imm}{vm}",
                Forms.helper(name + ".vi", action),
                Forms.IMMEDIATE);
    }

    private static boolean active(VectorState v, long bits, int i) {
        return !masked(bits) || v.bit(0, i);
    }

    /** Both groups aligned, vd not the mask; and apart from vs2 where elements move upwards. */
    private static boolean legal(VectorState v, long bits, boolean apart) {
        return !v.vill
                && aligned(vd(bits), v.lmul)
                && aligned(vs2(bits), v.lmul)
                && !(masked(bits) && (vd(bits) == 0 || vs2(bits) == 0))
                && !(apart && overlap(vd(bits), v.lmul, vs2(bits), v.lmul));
    }

    /** Writes element 0; the scalar is cut to SEW. */
    static void moveToFirst(RiscvCpu cpu, long bits, long x) {
        VectorState v = cpu.vector();
        require(!v.vill, cpu, bits);
        if (v.vstart < v.vl) {
            v.put(vd(bits), 0, v.sew, x);
        }
        v.vstart = 0;
    }

    private static void slideUp(RiscvCpu cpu, long bits, long offset) {
        VectorState v = cpu.vector();
        require(legal(v, bits, true), cpu, bits);
        int by = clamp(v, offset);
        for (int i = Math.max(v.vstart, by); i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd(bits), i, v.sew, v.get(vs2(bits), i - by, v.sew));
            }
        }
        v.vstart = 0;
    }

    private static void slideDown(RiscvCpu cpu, long bits, long offset) {
        VectorState v = cpu.vector();
        require(legal(v, bits, false), cpu, bits);
        int by = clamp(v, offset);
        int vlmax = v.vlmax();
        for (int i = v.vstart; i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd(bits), i, v.sew, i + by < vlmax ? v.get(vs2(bits), i + by, v.sew) : 0);
            }
        }
        v.vstart = 0;
    }

    /** An unsigned offset; all from VLMAX up are alike. */
    private static int clamp(VectorState v, long offset) {
        return Long.compareUnsigned(offset, v.vlmax()) < 0 ? (int) offset : v.vlmax();
    }

    static void slideOneUp(RiscvCpu cpu, long bits, long x) {
        VectorState v = cpu.vector();
        require(legal(v, bits, true), cpu, bits);
        for (int i = v.vstart; i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd(bits), i, v.sew, i == 0 ? x : v.get(vs2(bits), i - 1, v.sew));
            }
        }
        v.vstart = 0;
    }

    static void slideOneDown(RiscvCpu cpu, long bits, long x) {
        VectorState v = cpu.vector();
        require(legal(v, bits, false), cpu, bits);
        for (int i = v.vstart; i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd(bits), i, v.sew, i == v.vl - 1 ? x : v.get(vs2(bits), i + 1, v.sew));
            }
        }
        v.vstart = 0;
    }

    private static void gather(RiscvCpu cpu, long bits, int indexEew) {
        VectorState v = cpu.vector();
        int emul = v.emul(indexEew);
        require(
                legal(v, bits, true)
                        && aligned(vs1(bits), emul)
                        && !overlap(vd(bits), v.lmul, vs1(bits), emul)
                        && VectorState.besideMask(bits, vs1(bits))
                        && VectorState.together(vs1(bits), emul, indexEew, vs2(bits), v.lmul, v.sew),
                cpu,
                bits);
        long vlmax = v.vlmax();
        for (int i = v.vstart; i < v.vl; i++) {
            if (active(v, bits, i)) {
                long index = v.get(vs1(bits), i, indexEew);
                v.put(
                        vd(bits),
                        i,
                        v.sew,
                        Long.compareUnsigned(index, vlmax) < 0 ? v.get(vs2(bits), (int) index, v.sew) : 0);
            }
        }
        v.vstart = 0;
    }

    private static void gatherOne(RiscvCpu cpu, long bits, long index) {
        VectorState v = cpu.vector();
        require(legal(v, bits, true), cpu, bits);
        long value = Long.compareUnsigned(index, v.vlmax()) < 0 ? v.get(vs2(bits), (int) index, v.sew) : 0;
        for (int i = v.vstart; i < v.vl; i++) {
            if (active(v, bits, i)) {
                v.put(vd(bits), i, v.sew, value);
            }
        }
        v.vstart = 0;
    }

    private static void compress(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        require(legal(v, bits, true) && v.vstart == 0 && !overlap(vd(bits), v.lmul, vs1(bits), 0), cpu, bits);
        int to = 0;
        for (int i = 0; i < v.vl; i++) {
            if (v.bit(vs1(bits), i)) {
                v.put(vd(bits), to++, v.sew, v.get(vs2(bits), i, v.sew));
            }
        }
    }

    /** Whole registers, from the element vstart on; vtype only says how wide the elements are that vstart counts. */
    private static void moveRegisters(RiscvCpu cpu, long bits, int registers) {
        VectorState v = cpu.vector();
        int vd = vd(bits);
        int vs2 = vs2(bits);
        require(!v.vill && (vd & registers - 1) == 0 && (vs2 & registers - 1) == 0, cpu, bits);
        int from = v.vstart << v.sew;
        int length = registers * v.vlenb;
        if (from < length) {
            System.arraycopy(v.bytes, vs2 * v.vlenb + from, v.bytes, vd * v.vlenb + from, length - from);
        }
        v.vstart = 0;
    }
}
