package dev.rhea.arch.riscv;

import static dev.rhea.arch.riscv.Extension.A;
import static dev.rhea.arch.riscv.Extension.C;
import static dev.rhea.arch.riscv.Extension.D;
import static dev.rhea.arch.riscv.Extension.F;
import static dev.rhea.arch.riscv.Extension.M;
import static dev.rhea.arch.riscv.Extension.SSTC;
import static dev.rhea.arch.riscv.Extension.SVADE;
import static dev.rhea.arch.riscv.Extension.SVADU;
import static dev.rhea.arch.riscv.Extension.SVINVAL;
import static dev.rhea.arch.riscv.Extension.SVPBMT;
import static dev.rhea.arch.riscv.Extension.ZAWRS;
import static dev.rhea.arch.riscv.Extension.ZBA;
import static dev.rhea.arch.riscv.Extension.ZBB;
import static dev.rhea.arch.riscv.Extension.ZBC;
import static dev.rhea.arch.riscv.Extension.ZBS;
import static dev.rhea.arch.riscv.Extension.ZCE;
import static dev.rhea.arch.riscv.Extension.ZCF;
import static dev.rhea.arch.riscv.Extension.ZCMP;
import static dev.rhea.arch.riscv.Extension.ZCMT;
import static dev.rhea.arch.riscv.Extension.ZFA;
import static dev.rhea.arch.riscv.Extension.ZFHMIN;
import static dev.rhea.arch.riscv.Extension.ZICBOM;
import static dev.rhea.arch.riscv.Extension.ZICBOP;
import static dev.rhea.arch.riscv.Extension.ZICBOZ;
import static dev.rhea.arch.riscv.Extension.ZICNTR;
import static dev.rhea.arch.riscv.Extension.ZICSR;
import static dev.rhea.arch.riscv.Extension.ZIFENCEI;
import static dev.rhea.arch.riscv.Extension.ZIHINTNTL;
import static dev.rhea.arch.riscv.Extension.ZIHINTPAUSE;
import static dev.rhea.arch.riscv.Extension.ZIHPM;
import static dev.rhea.arch.riscv.Extension.ZKT;

import dev.rhea.arch.riscv.Extension.Kind;
import dev.rhea.arch.riscv.system.SystemOptions;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.abi.NearMiss;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model that {@code -cpu} can name.
 *
 * @param name as users write it
 * @param extensions what it has if nothing is said
 * @param supervisor whether it has S mode
 * @param maxMode the largest {@code satp.MODE} if nothing is said
 * @param pmp whether it has entries of physical memory protection
 * @param version the privileged manual that it follows
 * @param kind what may be changed about it
 */
public record CpuModel(
        String name,
        Set<Extension> extensions,
        boolean supervisor,
        int maxMode,
        boolean pmp,
        PrivilegedVersion version,
        Choice kind) {
    /** What users may change. */
    enum Choice {
        /** Everything. */
        GENERAL,
        /** Everything, and what is added brings the privileged manual that it needs. */
        BARE,
        /** A chip that was made: what it has can only be left away. */
        CHIP
    }

    /** The reference's default: what general-purpose programs may find. */
    private static final Set<Extension> GENERIC = EnumSet.of(
            M,
            A,
            F,
            D,
            C,
            ZICSR,
            ZIFENCEI,
            ZICNTR,
            ZIHPM,
            ZIHINTNTL,
            ZIHINTPAUSE,
            ZICBOM,
            ZICBOP,
            ZICBOZ,
            ZAWRS,
            ZFA,
            ZBA,
            ZBB,
            ZBC,
            ZBS,
            SSTC,
            SVADU);

    /** The user-mode profile of 2022: RISC-V profiles, section "RVA22U64"; no Zifencei. */
    private static final Set<Extension> RVA22U64 = EnumSet.of(
            M, A, F, D, C, ZICSR, ZICNTR, ZIHPM, ZIHINTPAUSE, ZICBOM, ZICBOP, ZICBOZ, ZFHMIN, ZBA, ZBB, ZBS, ZKT);

    /** What the supervisor's profile adds: section "RVA22S64". */
    private static final Set<Extension> RVA22S64 = EnumSet.of(ZIFENCEI, SVADE, SVINVAL, SVPBMT);

    /** SiFive's E cores: FE310 and U54-MC manuals, "Core Complex". */
    private static final Set<Extension> EMBEDDED = EnumSet.of(M, A, C, ZICSR, ZIFENCEI, ZICNTR, ZIHPM);

    /** Their U cores. */
    private static final Set<Extension> APPLICATION = EnumSet.of(M, A, F, D, C, ZICSR, ZIFENCEI, ZICNTR, ZIHPM);

    private static final List<CpuModel> WIDE = models(64);
    private static final List<CpuModel> NARROW = models(32);

    /** In the order of their names. */
    private static List<CpuModel> models(int xlen) {
        int widest = xlen == 64 ? SystemOptions.SV57 : SystemOptions.SV32;
        CpuModel max = general("max", everything(), widest);
        CpuModel generic = general("rv" + xlen, GENERIC, widest);
        var bare = new CpuModel(
                "rv" + xlen + "i",
                EnumSet.noneOf(Extension.class),
                false,
                SystemOptions.BARE,
                false,
                PrivilegedVersion.V1_10_0,
                Choice.BARE);
        if (xlen == 32) {
            EnumSet<Extension> single = EnumSet.copyOf(EMBEDDED);
            single.add(F);
            return List.of(
                    max,
                    generic,
                    bare,
                    chip("sifive-e31", EMBEDDED, SystemOptions.BARE),
                    chip("sifive-e34", single, SystemOptions.BARE),
                    chip("sifive-u34", APPLICATION, SystemOptions.SV32));
        }
        EnumSet<Extension> supervisor = EnumSet.copyOf(RVA22U64);
        supervisor.addAll(RVA22S64);
        return List.of(
                max,
                generic,
                bare,
                new CpuModel(
                        "rva22s64",
                        supervisor,
                        true,
                        SystemOptions.SV39,
                        false,
                        PrivilegedVersion.V1_12_0,
                        Choice.BARE),
                new CpuModel(
                        "rva22u64", RVA22U64, false, SystemOptions.BARE, false, PrivilegedVersion.V1_12_0, Choice.BARE),
                chip("shakti-c", APPLICATION, SystemOptions.SV39),
                chip("sifive-e51", EMBEDDED, SystemOptions.BARE),
                chip("sifive-u54", APPLICATION, SystemOptions.SV39));
    }

    private static CpuModel general(String name, Set<Extension> extensions, int mode) {
        return new CpuModel(name, extensions, true, mode, true, PrivilegedVersion.V1_12_0, Choice.GENERAL);
    }

    private static CpuModel chip(String name, Set<Extension> extensions, int mode) {
        boolean supervisor = mode != SystemOptions.BARE;
        return new CpuModel(name, extensions, supervisor, mode, true, PrivilegedVersion.V1_10_0, Choice.CHIP);
    }

    /** All but what excludes something else: page faults for accessed bits, half of what C is on RV32, and what takes Zcd's encodings. */
    private static Set<Extension> everything() {
        EnumSet<Extension> all = EnumSet.allOf(Extension.class);
        all.removeIf(each -> each.kind() == Kind.NAMED || each == SVADE || each == ZCF);
        all.removeAll(EnumSet.of(ZCE, ZCMP, ZCMT));
        return all;
    }

    private static List<CpuModel> all(int xlen) {
        return xlen == 64 ? WIDE : NARROW;
    }

    /** The names of the models of that XLEN, as help lists them. @param xlen 32 or 64 */
    public static List<String> names(int xlen) {
        return all(xlen).stream().map(CpuModel::name).toList();
    }

    /**
     * A model with its properties chosen, at user level.
     *
     * @param cpu {@code model[,+extension][,-extension][,property=value]...}, or null for the generic model
     */
    static Riscv parse(int xlen, @Nullable String cpu) throws BadCpu {
        return chosen(xlen, cpu).atUserLevel();
    }

    /**
     * The same with the privileged levels.
     *
     * @param xlen 32 or 64
     * @param cpu as above, or null for the generic model
     */
    public static Riscv parseSystem(int xlen, @Nullable String cpu) throws BadCpu {
        return chosen(xlen, cpu).withSystem();
    }

    private static CpuChoice chosen(int xlen, @Nullable String cpu) throws BadCpu {
        String text = cpu == null ? "rv" + xlen : cpu;
        if (text.isEmpty()) {
            throw new BadCpu("-cpu option cannot be empty");
        }
        int comma = text.indexOf(',');
        String name = comma < 0 ? text : text.substring(0, comma);
        CpuChoice choice = new CpuChoice(xlen, find(xlen, name));
        for (int at = comma; at >= 0; ) {
            int next = text.indexOf(',', at + 1);
            String property = next < 0 ? text.substring(at + 1) : text.substring(at + 1, next);
            if (!property.isEmpty()) {
                CpuProperties.apply(choice, property);
            }
            at = next;
        }
        choice.settle();
        return choice;
    }

    private static CpuModel find(int xlen, String name) throws BadCpu {
        for (CpuModel model : all(xlen)) {
            if (model.name.equals(name)) {
                return model;
            }
        }
        String near = NearMiss.of(name.toLowerCase(Locale.ROOT), names(xlen));
        throw new BadCpu(
                "unable to find CPU model '" + name + "'" + (near == null ? "" : "; did you mean '" + near + "'?"));
    }
}
