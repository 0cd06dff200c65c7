package dev.rhea.arch.riscv;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Iterator;

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

    public boolean has(Extension extension) {
        return set.contains(extension);
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

    private static void add(EnumSet<Extension> to, Extension extension) {
        to.add(extension);
        switch (extension) {
            case F, ZICNTR, ZIHPM -> add(to, Extension.ZICSR);
            case D, ZFA, ZFHMIN -> add(to, Extension.F);
            case ZFH -> add(to, Extension.ZFHMIN);
            case V -> add(to, Extension.D);
            case ZACAS -> add(to, Extension.A);
            case ZVBB, ZVFH, ZVKSED -> add(to, Extension.V);
            default -> {}
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
