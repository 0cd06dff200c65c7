package dev.rhea.arch.riscv;

import java.util.Locale;

/** Versions of the privileged manual that {@code priv_spec} can name. Later ones have what earlier ones have. */
public enum PrivilegedVersion {
    V1_10_0,
    V1_11_0,
    V1_12_0;

    /** As users write it: {@code v1.12.0}. */
    String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** Whether it has what {@code other} introduced. */
    public boolean includes(PrivilegedVersion other) {
        return compareTo(other) >= 0;
    }
}
