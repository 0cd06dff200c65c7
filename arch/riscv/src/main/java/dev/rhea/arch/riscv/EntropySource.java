package dev.rhea.arch.riscv;

import java.security.SecureRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What {@code seed} reads: unprivileged manual, section "Entropy Source". Owned by the hart's thread. */
final class EntropySource {
    /** OPST: the low 16 bits are entropy. */
    private static final int ES16 = 2 << 30;

    /** Gives entropy in its low 16 bits; null until it is first asked for. */
    private @Nullable IntSupplier bits;

    /** Lets the entropy come from elsewhere than the host. */
    void from(IntSupplier other) {
        bits = other;
    }

    /** The next value of {@code seed}. */
    int next() {
        IntSupplier from = bits;
        if (from == null) {
            from = new SecureRandom()::nextInt;
            bits = from;
        }
        return ES16 | from.getAsInt() & 0xffff;
    }
}
