package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.mayShare;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.RiscvCpu;

/** The loop of every instruction that treats its elements one by one. */
final class Elementwise {
    private Elementwise() {}

    /** {@code vd = op(vs2, vs1)}; unary shapes pass 0 for vs1. */
    static void vector(RiscvCpu cpu, long bits, Shape shape, Element op) {
        run(cpu, bits, !shape.unary(), 0, shape, op);
    }

    /** {@code vd = op(vs2, scalar)}. */
    static void scalar(RiscvCpu cpu, long bits, long scalar, Shape shape, Element op) {
        run(cpu, bits, false, scalar, shape, op);
    }

    private static void run(RiscvCpu cpu, long bits, boolean vector, long scalar, Shape shape, Element op) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs1 = VectorState.vs1(bits);
        int vs2 = VectorState.vs2(bits);
        boolean masked = VectorState.masked(bits);
        require(legal(v, vd, vs1, vs2, masked, vector, shape), cpu, bits);
        int eewD = v.sew + shape.d();
        int eewB = v.sew + shape.b();
        int eewA = v.sew + shape.a();
        boolean carry = shape.carry();
        boolean toMask = shape.toMask();
        long a = vector ? 0 : VectorState.extend(scalar, eewA, shape.signedA());
        for (int i = v.vstart; i < v.vl; i++) {
            boolean bit = masked && v.bit(0, i);
            if (masked && !bit && !carry) {
                continue;
            }
            if (vector) {
                a = shape.signedA() ? v.getSigned(vs1, i, eewA) : v.get(vs1, i, eewA);
            }
            long b = shape.signedB() ? v.getSigned(vs2, i, eewB) : v.get(vs2, i, eewB);
            long d = carry ? (bit ? 1 : 0) : toMask ? 0 : v.get(vd, i, eewD);
            long value = op.of(v, d, b, a);
            if (toMask) {
                v.bit(vd, i, (value & 1) != 0);
            } else {
                v.put(vd, i, eewD, value);
            }
        }
        v.vstart = 0;
    }

    /** Whether each operand's group exists and is aligned, and none overlaps another where it must not. */
    private static boolean legal(VectorState v, int vd, int vs1, int vs2, boolean masked, boolean vector, Shape shape) {
        if (v.vill) {
            return false;
        }
        int eewD = shape.toMask() ? -1 : v.sew + shape.d();
        int emulD = shape.toMask() ? 0 : v.emul(eewD);
        int eewB = v.sew + shape.b();
        int emulB = v.emul(eewB);
        int eewA = v.sew + shape.a();
        int emulA = v.emul(eewA);
        // a destination as wide as a mask may be v0 even where v0 masks or carries
        if (masked && vd == 0 && !shape.toMask()) {
            return false;
        }
        boolean sources = !(masked && !shape.sharesV0() && (vs2 == 0 || vector && vs1 == 0))
                && (!vector || VectorState.together(vs2, emulB, eewB, vs1, emulA, eewA))
                && (!shape.readsD()
                        || VectorState.together(vd, emulD, eewD, vs2, emulB, eewB)
                                && (!vector || VectorState.together(vd, emulD, eewD, vs1, emulA, eewA)));
        return sources
                && eewD <= 3
                && eewB >= 0
                && eewB <= 3
                && aligned(vd, emulD)
                && aligned(vs2, emulB)
                && mayShare(vd, emulD, eewD, vs2, emulB, eewB)
                && (!vector || aligned(vs1, emulA) && mayShare(vd, emulD, eewD, vs1, emulA, eewA));
    }
}
