package dev.rhea.device.serial;

/** Received characters with what was wrong with each: the 16550A's receiver FIFO, or with a depth of 1 its buffer register. */
final class ReceiveFifo {
    static final int DEPTH = 16;

    private final short[] entries = new short[DEPTH];
    private int first;
    private int count;

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Appends a character. There must be room. @param errors its bits of LSR */
    void add(int character, int errors) {
        entries[(first + count++) % DEPTH] = (short) (errors << 8 | character & 0xff);
    }

    /** Replaces the last character, as a receiver without FIFO does. */
    void replaceLast(int character, int errors) {
        entries[(first + count - 1) % DEPTH] = (short) (errors << 8 | character & 0xff);
    }

    /** Takes the first one out. There must be one. */
    int take() {
        int character = entries[first] & 0xff;
        first = (first + 1) % DEPTH;
        count--;
        return character;
    }

    /** What is wrong with the first one; 0 if there is none. */
    int errors() {
        return count == 0 ? 0 : entries[first] >>> 8 & 0xff;
    }

    /** Forgets what is wrong with the first one: it was reported. */
    void clearErrors() {
        if (count != 0) {
            entries[first] &= 0xff;
        }
    }

    /** Whether something is wrong with any. */
    boolean hasErrors() {
        for (int i = 0; i < count; i++) {
            if (entries[(first + i) % DEPTH] >>> 8 != 0) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        first = 0;
        count = 0;
    }

    /** All entries, the first one first: its state. */
    short[] save() {
        short[] result = new short[count];
        for (int i = 0; i < count; i++) {
            result[i] = entries[(first + i) % DEPTH];
        }
        return result;
    }

    /** @param saved at most {@link #DEPTH} entries */
    void load(short[] saved) {
        clear();
        System.arraycopy(saved, 0, entries, 0, saved.length);
        count = saved.length;
    }
}
