package dev.rhea.arch.riscv;

import static dev.rhea.arch.riscv.Extension.A;
import static dev.rhea.arch.riscv.Extension.D;
import static dev.rhea.arch.riscv.Extension.F;
import static dev.rhea.arch.riscv.Extension.V;
import static dev.rhea.arch.riscv.Extension.ZACAS;
import static dev.rhea.arch.riscv.Extension.ZAWRS;
import static dev.rhea.arch.riscv.Extension.ZCA;
import static dev.rhea.arch.riscv.Extension.ZCB;
import static dev.rhea.arch.riscv.Extension.ZCD;
import static dev.rhea.arch.riscv.Extension.ZCF;
import static dev.rhea.arch.riscv.Extension.ZCMP;
import static dev.rhea.arch.riscv.Extension.ZCMT;
import static dev.rhea.arch.riscv.Extension.ZFA;
import static dev.rhea.arch.riscv.Extension.ZFH;
import static dev.rhea.arch.riscv.Extension.ZFHMIN;
import static dev.rhea.arch.riscv.Extension.ZICNTR;
import static dev.rhea.arch.riscv.Extension.ZICSR;
import static dev.rhea.arch.riscv.Extension.ZIHPM;
import static dev.rhea.arch.riscv.Extension.ZVBB;
import static dev.rhea.arch.riscv.Extension.ZVBC;
import static dev.rhea.arch.riscv.Extension.ZVE32F;
import static dev.rhea.arch.riscv.Extension.ZVE32X;
import static dev.rhea.arch.riscv.Extension.ZVE64D;
import static dev.rhea.arch.riscv.Extension.ZVE64F;
import static dev.rhea.arch.riscv.Extension.ZVE64X;
import static dev.rhea.arch.riscv.Extension.ZVFH;
import static dev.rhea.arch.riscv.Extension.ZVFHMIN;
import static dev.rhea.arch.riscv.Extension.ZVKB;
import static dev.rhea.arch.riscv.Extension.ZVKG;
import static dev.rhea.arch.riscv.Extension.ZVKNED;
import static dev.rhea.arch.riscv.Extension.ZVKNHA;
import static dev.rhea.arch.riscv.Extension.ZVKNHB;
import static dev.rhea.arch.riscv.Extension.ZVKSED;
import static dev.rhea.arch.riscv.Extension.ZVKSH;

import dev.rhea.engine.abi.Architecture.BadCpu;
import java.util.List;
import java.util.Set;

/** What cannot be in one processor, said in the reference's words. */
final class CpuChecks {
    private CpuChecks() {}

    /** @param on the extensions of the choice, with what they bring along */
    static void check(CpuChoice choice, Set<Extension> on) throws BadCpu {
        requires(on, F, ZICSR, "F extension requires Zicsr");
        requires(on, ZAWRS, A, "Zawrs extension requires A extension");
        requires(on, ZACAS, A, "Zacas extension requires A extension");
        requires(on, ZFA, F, "Zfa extension requires F extension");
        requires(on, ZFH, F, "Zfh/Zfhmin extensions require F extension");
        requires(on, ZFHMIN, F, "Zfh/Zfhmin extensions require F extension");
        requires(on, D, F, "D extension requires F extension");
        requires(on, V, D, "Zve64d/V extensions require D extension");
        for (Extension crypto : List.of(ZVBB, ZVKB, ZVKG, ZVKNED, ZVKNHA, ZVKSED, ZVKSH)) {
            requires(on, crypto, ZVE32X, "Vector crypto extensions require V or Zve* extensions");
        }
        requires(on, ZVBC, ZVE64X, "Zvbc and Zvknhb extensions require V or Zve64x extensions");
        requires(on, ZVKNHB, ZVE64X, "Zvbc and Zvknhb extensions require V or Zve64x extensions");
        requires(on, ZCD, D, "Zcd extension requires D extension");
        for (Extension part : List.of(ZCB, ZCD, ZCF, ZCMP, ZCMT)) {
            requires(on, part, ZCA, "Zcf/Zcd/Zcb/Zcmp/Zcmt extensions require Zca extension");
        }
        if ((on.contains(ZCMP) || on.contains(ZCMT)) && on.contains(ZCD)) {
            throw new BadCpu("Zcmp/Zcmt extensions are incompatible with Zcd extension");
        }
        requires(on, ZCMT, ZICSR, "Zcmt extension requires Zicsr extension");
        requires(on, ZICNTR, ZICSR, "Zicntr extension requires Zicsr extension");
        requires(on, ZIHPM, ZICSR, "Zihpm extension requires Zicsr extension");
        if (choice.xlen == 64 && on.contains(ZCF)) {
            throw new BadCpu("Zcf extension is only relevant to RV32");
        }
        if (on.contains(V)) {
            vectors(choice);
        } else {
            // what is there of vectors is there as a whole
            for (Extension part : List.of(ZVE32X, ZVE32F, ZVE64X, ZVE64F, ZVE64D, ZVFH, ZVFHMIN)) {
                requires(on, part, V, part.manual() + " is only there together with V extension");
            }
        }
        requires(on, ZVFHMIN, ZVFH, "Zvfhmin is only there together with Zvfh extension");
    }

    private static void vectors(CpuChoice choice) throws BadCpu {
        if (choice.vlen < 128 || choice.vlen > 1024) {
            throw new BadCpu("Vector extension implementation only supports VLEN in the range [128, 1024]");
        }
        if (choice.elen < 8 || choice.elen > 64) {
            throw new BadCpu("Vector extension implementation only supports ELEN in the range [8, 64]");
        }
        if (choice.elen != 64) {
            throw new BadCpu("V extension requires ELEN of 64");
        }
    }

    private static void requires(Set<Extension> on, Extension extension, Extension required, String message)
            throws BadCpu {
        if (on.contains(extension) && !on.contains(required)) {
            throw new BadCpu(message);
        }
    }
}
