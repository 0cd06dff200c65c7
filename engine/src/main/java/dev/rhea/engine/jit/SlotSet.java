package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Globals;

/** A set of global slots. */
public final class SlotSet {
    private final long[] words = new long[Globals.SLOTS / Long.SIZE];

    public SlotSet() {}

    public SlotSet(SlotSet other) {
        System.arraycopy(other.words, 0, words, 0, words.length);
    }

    public void add(int slot) {
        words[slot >>> 6] |= 1L << slot;
    }

    public void remove(int slot) {
        words[slot >>> 6] &= ~(1L << slot);
    }

    public boolean contains(int slot) {
        return (words[slot >>> 6] >>> slot & 1) != 0;
    }

    /** Adds all of {@code other}. @return whether that changed anything */
    public boolean addAll(SlotSet other) {
        long changed = 0;
        for (int i = 0; i < words.length; i++) {
            changed |= other.words[i] & ~words[i];
            words[i] |= other.words[i];
        }
        return changed != 0;
    }

    public void removeAll(SlotSet other) {
        for (int i = 0; i < words.length; i++) {
            words[i] &= ~other.words[i];
        }
    }

    /** Keeps what {@code other} has too. @return whether that changed anything */
    public boolean retainAll(SlotSet other) {
        long changed = 0;
        for (int i = 0; i < words.length; i++) {
            changed |= words[i] & ~other.words[i];
            words[i] &= other.words[i];
        }
        return changed != 0;
    }

    public boolean containsAll(SlotSet other) {
        long missing = 0;
        for (int i = 0; i < words.length; i++) {
            missing |= other.words[i] & ~words[i];
        }
        return missing == 0;
    }

    public void clear() {
        java.util.Arrays.fill(words, 0);
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    public int size() {
        int n = 0;
        for (long word : words) {
            n += Long.bitCount(word);
        }
        return n;
    }

    /** The first slot from {@code from} on, or -1. */
    public int next(int from) {
        for (int i = from >>> 6; i < words.length; i++) {
            long word = i == from >>> 6 ? words[i] & -1L << from : words[i];
            if (word != 0) {
                return i << 6 | Long.numberOfTrailingZeros(word);
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SlotSet s && java.util.Arrays.equals(words, s.words);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        var out = new StringBuilder("{");
        for (int s = next(0); s >= 0; s = next(s + 1)) {
            out.append(out.length() > 1 ? "," : "").append(s);
        }
        return out.append('}').toString();
    }
}
