package dev.rhea.difftest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sequence and what it starts with, made from a seed and its number.
 *
 * @param number of the case under the seed
 * @param items the whole sequence
 * @param kept which items are in
 * @param record the record before the run, with the entry address still open
 */
record Case(long number, List<Item> items, BitSet kept, byte[] record) {
    static final int LENGTH = 40;

    static Case of(Target target, long seed, long number) {
        var random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
        var generator = new Generator(target, random);
        List<Item> items = generator.sequence(LENGTH);
        BitSet kept = new BitSet();
        kept.set(0, items.size());
        byte[] record = new byte[Layout.RECORD];
        for (int i = 1; i < 32; i++) {
            long value = Layout.isBase(i)
                    ? Layout.BASE
                    : i == Layout.COUNTER ? 1 : Layout.reserved(i) ? 0 : generator.integer();
            Records.put(record, i * 8, target.isa.xlen() == 32 ? (int) value : value);
        }
        for (int i = 0; i < 32; i++) {
            Records.put(record, Layout.FLOATS + i * 8, generator.floating());
        }
        int flags = random.nextInt(3) == 0 ? random.nextInt(32) : 0;
        int rounding = random.nextInt(3) == 0 ? random.nextInt(5) : 0;
        Records.put(record, Layout.FCSR, rounding << 5 | flags);
        for (int i = 0; i < Layout.WINDOW_BYTES; i += 8) {
            Records.put(record, Layout.WINDOW + i, random.nextBoolean() ? generator.integer() : generator.floating());
        }
        for (int i = 0; i < 32 * 16; i += 8) {
            Records.put(record, Layout.VECTORS + i, random.nextBoolean() ? generator.integer() : generator.floating());
        }
        Records.put(record, Layout.VL, random.nextInt(17));
        Records.put(record, Layout.VTYPE, random.nextInt(4) << 3);
        Records.put(record, Layout.VCSR, random.nextInt(8));
        return new Case(number, items, kept, record);
    }

    /** The same with only these items. */
    Case with(BitSet items) {
        return new Case(number, this.items, items, record);
    }

    /** The sequence as assembly, with labels that begin with {@code prefix}; it goes on behind its end. */
    String assembly(String prefix) {
        var text = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            String label = prefix + i;
            if (kept.get(i)) {
                Item item = items.get(i);
                text.append(item.write(label, item.target() < 0 ? null : prefix + item.target()));
            } else {
                text.append(label).append(":\n");
            }
        }
        return text.append(prefix).append(items.size()).append(":\n").toString();
    }

    /** The kept items as numbers, for the command that repeats this. */
    String keptList() {
        List<String> list = new ArrayList<>();
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            list.add(Integer.toString(i));
        }
        return String.join(",", list);
    }
}
