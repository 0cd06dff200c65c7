package dev.rhea.arch.riscv;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The set of extensions of a CPU model. Immutable. What an extension requires is added with it. */
public final class Extensions implements Iterable<Extension> {
    /** The base alone. */
    public static final Extensions NONE = new Extensions(EnumSet.noneOf(Extension.class));

    /** What general-purpose Linux programs expect: IMAFDC with the extensions split off the base. */
    public static final Extensions GC = of(
            Extension.M,
            Extension.A,
            Extension.F,
            Extension.D,
            Extension.C,
            Extension.ZICSR,
            Extension.ZIFENCEI,
            Extension.ZICNTR);

    private final EnumSet<Extension> set;

    private Extensions(EnumSet<Extension> set) {
        this.set = set;
    }

    public static Extensions of(Extension... extensions) {
        return NONE.with(extensions);
    }

    /** A set of exactly these and what they require. */
    public static Extensions of(Collection<Extension> extensions) {
        return NONE.with(extensions.toArray(Extension[]::new));
    }

    /** A set of exactly these, whatever they require. */
    static Extensions exactly(Collection<Extension> extensions) {
        EnumSet<Extension> set = EnumSet.noneOf(Extension.class);
        set.addAll(extensions);
        return new Extensions(set);
    }

    /** These and all that comes along with them. @param xlen 32 or 64 */
    static EnumSet<Extension> closure(Set<Extension> extensions, int xlen) {
        EnumSet<Extension> all = EnumSet.noneOf(Extension.class);
        extensions.forEach(each -> addImplied(all, each));
        addCompressedFloats(all, xlen);
        return all;
    }

    public boolean has(Extension extension) {
        return set.contains(extension);
    }

    /** Whether instructions may have 16 bits. */
    public boolean hasCompressed() {
        return has(Extension.C) || has(Extension.ZCA);
    }

    public boolean hasAll(Extension... extensions) {
        for (Extension extension : extensions) {
            if (!set.contains(extension)) {
                return false;
            }
        }
        return true;
    }

    /** These too, and what they require. */
    public Extensions with(Extension... extensions) {
        EnumSet<Extension> more = EnumSet.copyOf(set);
        for (Extension extension : extensions) {
            add(more, extension);
        }
        addCompressedFloats(more, 64);
        return new Extensions(more);
    }

    /** These not, nor what requires them. */
    public Extensions without(Extension... extensions) {
        EnumSet<Extension> fewer = EnumSet.noneOf(Extension.class);
        for (Extension kept : set) {
            EnumSet<Extension> needed = EnumSet.noneOf(Extension.class);
            add(needed, kept);
            boolean stays = true;
            for (Extension gone : extensions) {
                stays &= !needed.contains(gone);
            }
            if (stays) {
                fewer.add(kept);
            }
        }
        return new Extensions(fewer);
    }

    /** With what a model must have beside it, so that a few names tell a whole model. */
    private static void add(EnumSet<Extension> to, Extension extension) {
        addImplied(to, extension);
        switch (extension) {
            case ZACAS -> add(to, Extension.A);
            case ZCA, ZCB, ZCD, ZCE, ZCF, ZCMP, ZCMT -> add(to, Extension.C);
            case ZVBB, ZVBC, ZVFH, ZVKB, ZVKG, ZVKNED, ZVKNHA, ZVKNHB, ZVKSED, ZVKSH -> add(to, Extension.V);
            case ZVKN, ZVKNC, ZVKNG, ZVKS, ZVKSC, ZVKSG -> add(to, Extension.V);
            default -> {}
        }
    }

    /** With what its own chapter of the manual says that it has. */
    private static void addImplied(EnumSet<Extension> to, Extension extension) {
        if (!to.add(extension)) {
            return;
        }
        for (Extension implied : implied(extension)) {
            addImplied(to, implied);
        }
    }

    private static List<Extension> implied(Extension extension) {
        return switch (extension) {
            case M -> List.of(Extension.ZMMUL);
            case A -> List.of(Extension.ZAAMO, Extension.ZALRSC);
            case C -> List.of(Extension.ZCA);
            case ZCB, ZCMP -> List.of(Extension.ZCA);
            case ZCMT -> List.of(Extension.ZCA, Extension.ZICSR);
            case ZCE -> List.of(Extension.ZCB, Extension.ZCMP, Extension.ZCMT);
            case ZCD -> List.of(Extension.ZCA, Extension.D);
            case ZCF -> List.of(Extension.ZCA, Extension.F);
            case F, ZICNTR, ZIHPM, ZVE32X -> List.of(Extension.ZICSR);
            case D, ZFA, ZFHMIN -> List.of(Extension.F);
            case ZFH -> List.of(Extension.ZFHMIN);
            case V -> List.of(Extension.ZVE64D);
            case ZVE64D -> List.of(Extension.ZVE64F, Extension.D);
            case ZVE64F -> List.of(Extension.ZVE32F, Extension.ZVE64X);
            case ZVE64X -> List.of(Extension.ZVE32X);
            case ZVE32F -> List.of(Extension.ZVE32X, Extension.F);
            case ZVFH -> List.of(Extension.ZVFHMIN, Extension.ZFHMIN);
            case ZVFHMIN -> List.of(Extension.ZVE32F);
            case ZVBB -> List.of(Extension.ZVKB);
            case ZK -> List.of(Extension.ZKN, Extension.ZKR, Extension.ZKT);
            case ZKN ->
                List.of(Extension.ZBKB, Extension.ZBKC, Extension.ZBKX, Extension.ZKND, Extension.ZKNE, Extension.ZKNH);
            case ZKS -> List.of(Extension.ZBKB, Extension.ZBKC, Extension.ZBKX, Extension.ZKSED, Extension.ZKSH);
            case ZVKN -> List.of(Extension.ZVKNED, Extension.ZVKNHB, Extension.ZVKB, Extension.ZVKT);
            case ZVKNC -> List.of(Extension.ZVKN, Extension.ZVBC);
            case ZVKNG -> List.of(Extension.ZVKN, Extension.ZVKG);
            case ZVKNHB -> List.of(Extension.ZVE64X);
            case ZVKS -> List.of(Extension.ZVKSED, Extension.ZVKSH, Extension.ZVKB, Extension.ZVKT);
            case ZVKSC -> List.of(Extension.ZVKS, Extension.ZVBC);
            case ZVKSG -> List.of(Extension.ZVKS, Extension.ZVKG);
            default -> List.of();
        };
    }

    /** Whether these are all that C is: Zca, and what it has for the floating-point registers that there are. */
    static boolean isWholeC(Set<Extension> set, int xlen) {
        return set.contains(Extension.ZCA)
                && (!set.contains(Extension.D) || set.contains(Extension.ZCD))
                && (xlen == 64 || !set.contains(Extension.F) || set.contains(Extension.ZCF));
    }

    /** What C has for floating-point registers is an extension of its own where there are others than Zca. */
    private static void addCompressedFloats(EnumSet<Extension> to, int xlen) {
        if (to.contains(Extension.C) && to.contains(Extension.D)) {
            to.add(Extension.ZCD);
        }
        boolean all = to.contains(Extension.C) || to.contains(Extension.ZCE);
        if (xlen == 32 && all && to.contains(Extension.F)) {
            to.add(Extension.ZCF);
        }
    }

    @Override
    public Iterator<Extension> iterator() {
        return EnumSet.copyOf(set).iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Extensions e && e.set.equals(set);
    }

    @Override
    public int hashCode() {
        return set.hashCode();
    }

    @Override
    public String toString() {
        return set.toString();
    }
}
