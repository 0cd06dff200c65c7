package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Encoding#special} computes: by masks, without extracting fields, since every instruction that is decoded for
 * the first time is asked.
 *
 * @param masks where each field stands
 * @param pairs of two fields of one run of bits and of equal width each: the lower shifts, and a mask of the width
 */
record Special(long[] masks, List<Pair> pairs) {
    /** The number's bits have to fit. */
    private static final int MOST_BITS = 31;

    private record Pair(int one, int other, long mask) {}

    static Special of(Field[] fields) {
        long[] masks = new long[fields.length];
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            masks[i] = fields[i].insert(-1);
            for (int j = 0; j < i; j++) {
                if (fields[i].pieces().length == 1
                        && fields[j].pieces().length == 1
                        && fields[i].width() == fields[j].width()) {
                    Field.Piece piece = fields[i].pieces()[0];
                    pairs.add(new Pair(piece.from(), fields[j].pieces()[0].from(), -1L >>> 64 - piece.width()));
                }
            }
        }
        return new Special(masks, pairs);
    }

    int number(long instruction) {
        if (masks.length * 2 + pairs.size() > MOST_BITS) {
            return -1;
        }
        int number = 0;
        for (long mask : masks) {
            long value = instruction & mask;
            number = number << 2 | (value == 0 ? 1 : 0) | (value == mask ? 2 : 0);
        }
        for (int i = 0, n = pairs.size(); i < n; i++) {
            Pair pair = pairs.get(i);
            long difference = instruction >>> pair.one ^ instruction >>> pair.other;
            number = number << 1 | ((difference & pair.mask) == 0 ? 1 : 0);
        }
        return number;
    }
}
