package dev.rhea.arch.riscv.system;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The harts that one binary interface serves, by their numbers and as calls name them. */
final class SbiHarts {
    private final List<Hart> harts;
    private final Map<Hart, HartPlace> places = new IdentityHashMap<>();

    SbiHarts(List<Hart> harts) {
        this.harts = List.copyOf(harts);
        for (Hart hart : harts) {
            places.put(hart, new HartPlace(hart));
        }
    }

    /** All, by their numbers. */
    List<Hart> all() {
        return harts;
    }

    /** What is known of one of them. */
    HartPlace place(Hart hart) {
        return Objects.requireNonNull(places.get(hart));
    }

    /** The one of that number, unsigned; null where there is none. */
    @Nullable
    Hart find(long number) {
        return Long.compareUnsigned(number, harts.size()) < 0 ? harts.get((int) number) : null;
    }

    /** Those that two arguments name, a mask and the number of its first bit: section "Hart list parameter". Null where one is not there. */
    @Nullable
    List<Hart> named(SbiCall call, int argument) {
        long mask = call.argument(argument);
        long base = call.argument(argument + 1);
        if (base == call.cpu().registerMask()) {
            return harts;
        }
        List<Hart> found = new ArrayList<>();
        for (int bit = 0; bit < call.cpu().xlen; bit++) {
            if ((mask >>> bit & 1) != 0) {
                Hart hart = find(base + bit);
                if (hart == null) {
                    return null;
                }
                found.add(hart);
            }
        }
        return found;
    }
}
