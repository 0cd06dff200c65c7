package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Helper;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/** Numbers for helpers, so that a word can name one. Grows only; readers need no lock. */
final class HelperTable {
    private final Map<Helper, Integer> numbers = new IdentityHashMap<>();
    private volatile Helper.Code[] codes = new Helper.Code[0];

    synchronized int number(Helper helper) {
        Integer known = numbers.get(helper);
        if (known != null) {
            return known;
        }
        Helper.Code[] grown = Arrays.copyOf(codes, codes.length + 1);
        grown[codes.length] = helper.code();
        codes = grown;
        numbers.put(helper, grown.length - 1);
        return grown.length - 1;
    }

    Helper.Code code(int number) {
        return codes[number];
    }
}
