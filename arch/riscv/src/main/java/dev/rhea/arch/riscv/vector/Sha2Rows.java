package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.RiscvCpu;

/** Zvknha, Zvknhb: manual, chapter "Cryptography Extensions: Vector", section "Zvknh[ab] - NIST Suite: Vector SHA-2 Secure Hash". */
final class Sha2Rows {
    /** Elements in an element group. */
    private static final int GROUP = 4;

    /**
     * FIPS 180-4, section 4.1: each is the exclusive or of three rotations to the right; of the lower-case ones the last is a
     * shift.
     *
     * @param eew log2 of a word's bytes
     */
    private record Functions(int eew, int[] bigSigma0, int[] bigSigma1, int[] sigma0, int[] sigma1) {
        static final Functions SHA_256 = new Functions(
                ElementGroups.WORD, new int[] {2, 13, 22}, new int[] {6, 11, 25}, new int[] {7, 18, 3}, new int[] {
                    17, 19, 10
                });
        static final Functions SHA_512 = new Functions(
                ElementGroups.DOUBLEWORD,
                new int[] {28, 34, 39},
                new int[] {14, 18, 41},
                new int[] {1, 8, 7},
                new int[] {19, 61, 6});

        private long rotate(long x, int by) {
            return eew == ElementGroups.WORD ? Integer.rotateRight((int) x, by) : Long.rotateRight(x, by);
        }

        long rotations(long x, int[] by) {
            return rotate(x, by[0]) ^ rotate(x, by[1]) ^ rotate(x, by[2]);
        }

        long rotationsAndShift(long x, int[] by) {
            return rotate(x, by[0]) ^ rotate(x, by[1]) ^ VectorState.extend(x, eew, false) >>> by[2];
        }
    }

    /** Whether there are the words of 64 bits too. */
    private final boolean sha512;

    private Sha2Rows(boolean sha512) {
        this.sha512 = sha512;
    }

    /** @param sha512 whether it is Zvknhb, which has SHA-512 too */
    static void addTo(Forms f, boolean sha512) {
        var rows = new Sha2Rows(sha512);
        row(f, "101101", "vsha2ms.vv", (cpu, bits, x) -> rows.expandMessage(cpu, bits));
        row(f, "101110", "vsha2ch.vv", (cpu, bits, x) -> rows.compress(cpu, bits, 2));
        row(f, "101111", "vsha2cl.vv", (cpu, bits, x) -> rows.compress(cpu, bits, 0));
    }

    private static void row(Forms f, String funct6, String mnemonic, Forms.Action action) {
        f.row(
                funct6 + " 1 vs2:5 vs1:5 010 vd:5 1110111",
                mnemonic + " {vd:v}, {vs2:v}, {vs1:v}",
                Forms.helper(mnemonic, action),
                Forms.NONE);
    }

    /** The functions of the selected element width. */
    private Functions functions(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        require(
                (v.sew == ElementGroups.WORD || sha512 && v.sew == ElementGroups.DOUBLEWORD)
                        && ElementGroups.legal(v, bits, GROUP)
                        && ElementGroups.apart(v, bits, VectorState.vs1(bits))
                        && ElementGroups.apart(v, bits, VectorState.vs2(bits)),
                cpu,
                bits);
        return v.sew == ElementGroups.WORD ? Functions.SHA_256 : Functions.SHA_512;
    }

    /** W 16 to 19 from W 0 to 3 in vd, W 4, 9, 10, 11 in vs2 and W 12 to 15 in vs1. */
    private void expandMessage(RiscvCpu cpu, long bits) {
        Functions f = functions(cpu, bits);
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs1 = VectorState.vs1(bits);
        int vs2 = VectorState.vs2(bits);
        var w = new long[20];
        for (int at = v.vstart; at < v.vl; at += GROUP) {
            for (int i = 0; i < GROUP; i++) {
                w[i] = v.get(vd, at + i, v.sew);
                w[i == 0 ? 4 : 8 + i] = v.get(vs2, at + i, v.sew);
                w[12 + i] = v.get(vs1, at + i, v.sew);
            }
            for (int t = 16; t < w.length; t++) {
                w[t] = f.rotationsAndShift(w[t - 2], f.sigma1)
                        + w[t - 7]
                        + f.rotationsAndShift(w[t - 15], f.sigma0)
                        + w[t - 16];
                v.put(vd, at + t - 16, v.sew, w[t]);
            }
        }
        v.vstart = 0;
    }

    /** Two rounds. @param first which of the words in vs1 is the first of two */
    private void compress(RiscvCpu cpu, long bits, int first) {
        Functions functions = functions(cpu, bits);
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs1 = VectorState.vs1(bits);
        int vs2 = VectorState.vs2(bits);
        for (int at = v.vstart; at < v.vl; at += GROUP) {
            long f = v.get(vs2, at, v.sew);
            long e = v.get(vs2, at + 1, v.sew);
            long b = v.get(vs2, at + 2, v.sew);
            long a = v.get(vs2, at + 3, v.sew);
            long h = v.get(vd, at, v.sew);
            long g = v.get(vd, at + 1, v.sew);
            long d = v.get(vd, at + 2, v.sew);
            long c = v.get(vd, at + 3, v.sew);
            for (int i = first; i < first + 2; i++) {
                long t1 =
                        h + functions.rotations(e, functions.bigSigma1) + (e & f ^ ~e & g) + v.get(vs1, at + i, v.sew);
                long t2 = functions.rotations(a, functions.bigSigma0) + (a & b ^ a & c ^ b & c);
                h = g;
                g = f;
                f = e;
                e = d + t1;
                d = c;
                c = b;
                b = a;
                a = t1 + t2;
            }
            v.put(vd, at, v.sew, f);
            v.put(vd, at + 1, v.sew, e);
            v.put(vd, at + 2, v.sew, b);
            v.put(vd, at + 3, v.sew, a);
        }
        v.vstart = 0;
    }
}
