package dev.rhea.device.flash;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Words that wait to be programmed together. They belong into a window of the array that is aligned to the buffer's size; the
 * first word says which.
 */
final class WriteBuffer {
    private final byte[] content;
    private final BitSet written = new BitSet();
    private long start = -1;
    private int left;
    private boolean failed;

    WriteBuffer(int size) {
        content = new byte[size];
    }

    /** Takes a range of the array that is to change. */
    interface Sink {
        void accept(byte[] bytes, int from, long offset, int length);
    }

    /** Forgets what was in it. */
    void clear() {
        Arrays.fill(content, (byte) 0);
        written.clear();
        start = -1;
        left = 0;
        failed = false;
    }

    /** How many words come. Returns whether they fit. @param size of each in bytes */
    boolean expect(int words, int size) {
        left = words;
        return (long) words * size <= content.length;
    }

    /** Takes a word; one that belongs into another window fails the whole. Returns whether it was the last. */
    boolean add(long offset, long value, int size) {
        if (start < 0) {
            start = offset & -content.length;
        }
        long at = offset - start;
        if (at < 0 || at + size > content.length) {
            failed = true;
        } else {
            for (int i = 0; i < size; i++) {
                content[(int) at + i] = (byte) (value >>> 8 * i);
            }
            written.set((int) at, (int) at + size);
        }
        return --left == 0;
    }

    boolean isFailed() {
        return failed;
    }

    /** Where its window is in the array; -1 while no word came. */
    long start() {
        return start;
    }

    /** What came, range by range. */
    void forEach(Sink sink) {
        for (int from = written.nextSetBit(0); from >= 0; ) {
            int to = written.nextClearBit(from);
            sink.accept(content, from, start + from, to - from);
            from = written.nextSetBit(to);
        }
    }

    int left() {
        return left;
    }

    byte[] content() {
        return content.clone();
    }

    long[] written() {
        return written.toLongArray();
    }

    /** Whether {@link #load} takes these. @param arraySize of the flash in bytes */
    boolean accepts(CfiFlash.State state, long arraySize) {
        boolean word = state.bufferStart() == -1
                || state.bufferStart() >= 0
                        && state.bufferStart() < arraySize
                        && (state.bufferStart() & content.length - 1) == 0;
        boolean expected = switch (state.step()) {
            case BUFFER_DATA -> state.bufferLeft() > 0 && state.bufferLeft() <= content.length;
            case BUFFER_CONFIRM -> state.bufferStart() >= 0;
            default -> true;
        };
        return word
                && expected
                && state.buffer().length == content.length
                && BitSet.valueOf(state.written()).length() <= content.length;
    }

    void load(CfiFlash.State state) {
        System.arraycopy(state.buffer(), 0, content, 0, content.length);
        written.clear();
        written.or(BitSet.valueOf(state.written()));
        start = state.bufferStart();
        left = state.bufferLeft();
        failed = state.bufferFailed();
    }
}
