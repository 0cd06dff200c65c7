package dev.rhea.arch.riscv;

import static dev.rhea.arch.riscv.PrivilegedVersion.V1_10_0;
import static dev.rhea.arch.riscv.PrivilegedVersion.V1_11_0;
import static dev.rhea.arch.riscv.PrivilegedVersion.V1_12_0;

import java.util.Locale;

/**
 * The extensions that this architecture knows, in the order in which the reference's ISA string names them. The base I is
 * always there. Each comes with a version of the privileged manual, whose models can have it.
 */
public enum Extension {
    M(V1_10_0),
    A(V1_10_0),
    F(V1_10_0),
    D(V1_10_0),
    C(V1_10_0),
    V(V1_10_0),
    ZIC64B(V1_12_0, Kind.NAMED),
    ZICBOM(V1_12_0),
    ZICBOP(V1_12_0),
    ZICBOZ(V1_12_0),
    ZICCAMOA(V1_11_0, Kind.NAMED),
    ZICCIF(V1_11_0, Kind.NAMED),
    ZICCLSM(V1_11_0, Kind.NAMED),
    ZICCRSE(V1_11_0, Kind.NAMED),
    ZICOND(V1_12_0),
    ZICNTR(V1_12_0),
    ZICSR(V1_10_0),
    ZIFENCEI(V1_10_0),
    ZIHINTNTL(V1_10_0),
    ZIHINTPAUSE(V1_10_0),
    ZIHPM(V1_12_0),
    ZMMUL(V1_12_0),
    ZA64RS(V1_12_0, Kind.NAMED),
    ZAAMO(V1_12_0),
    ZACAS(V1_12_0),
    ZALRSC(V1_12_0),
    ZAWRS(V1_12_0),
    ZFA(V1_12_0),
    ZFH(V1_11_0),
    ZFHMIN(V1_11_0),
    ZCA(V1_12_0),
    ZCB(V1_12_0),
    ZCF(V1_12_0),
    ZCD(V1_12_0),
    ZCE(V1_12_0),
    ZCMP(V1_12_0),
    ZCMT(V1_12_0),
    ZBA(V1_12_0),
    ZBB(V1_12_0),
    ZBC(V1_12_0),
    ZBKB(V1_12_0),
    ZBKC(V1_12_0),
    ZBKX(V1_12_0),
    ZBS(V1_12_0),
    ZK(V1_12_0),
    ZKN(V1_12_0),
    ZKND(V1_12_0),
    ZKNE(V1_12_0),
    ZKNH(V1_12_0),
    ZKR(V1_12_0),
    ZKS(V1_12_0),
    ZKSED(V1_12_0),
    ZKSH(V1_12_0),
    ZKT(V1_12_0),
    ZTSO(V1_12_0),
    ZVBB(V1_12_0),
    ZVBC(V1_12_0),
    ZVE32F(V1_10_0),
    ZVE32X(V1_10_0),
    ZVE64F(V1_10_0),
    ZVE64D(V1_10_0),
    ZVE64X(V1_10_0),
    ZVFH(V1_12_0),
    ZVFHMIN(V1_12_0),
    ZVKB(V1_12_0),
    ZVKG(V1_12_0),
    ZVKN(V1_12_0),
    ZVKNC(V1_12_0),
    ZVKNED(V1_12_0),
    ZVKNG(V1_12_0),
    ZVKNHA(V1_12_0),
    ZVKNHB(V1_12_0),
    ZVKS(V1_12_0),
    ZVKSC(V1_12_0),
    ZVKSED(V1_12_0),
    ZVKSG(V1_12_0),
    ZVKSH(V1_12_0),
    ZVKT(V1_12_0),
    SMSTATEEN(V1_12_0, Kind.PRIVILEGED),
    SSCCPTR(V1_11_0, Kind.NAMED),
    SSCOUNTERENW(V1_12_0, Kind.NAMED),
    SSSTATEEN(V1_12_0, Kind.NAMED),
    SSTC(V1_12_0, Kind.PRIVILEGED),
    SSTVALA(V1_12_0, Kind.NAMED),
    SSTVECD(V1_12_0, Kind.NAMED),
    SVADE(V1_11_0, Kind.PRIVILEGED),
    SVADU(V1_12_0, Kind.PRIVILEGED),
    SVINVAL(V1_12_0, Kind.PRIVILEGED),
    SVNAPOT(V1_12_0, Kind.PRIVILEGED),
    SVPBMT(V1_12_0, Kind.PRIVILEGED);

    /** What an extension is to who chooses a model. */
    public enum Kind {
        /** Instructions or registers for user level. */
        USER,
        /** Something for the levels above it. */
        PRIVILEGED,
        /** A name that profiles gave to what every model of a version does anyway; nobody switches it. */
        NAMED
    }

    private final PrivilegedVersion since;
    private final Kind kind;

    Extension(PrivilegedVersion since) {
        this(since, Kind.USER);
    }

    Extension(PrivilegedVersion since, Kind kind) {
        this.since = since;
        this.kind = kind;
    }

    /** The first version of the privileged manual whose models can have it. */
    public PrivilegedVersion since() {
        return since;
    }

    /** What it is to who chooses a model. */
    public Kind kind() {
        return kind;
    }

    /** As users write it: {@code zba}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As the manual writes it: {@code D}, {@code Zba}. */
    public String manual() {
        String name = name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
