package dev.rhea.device.sd;

/** What CMD32 and CMD33 say, for CMD38 to erase. In bytes; -1 where it was not said. */
final class EraseRange {
    private long start = -1;
    private long end = -1;

    boolean isBegun() {
        return start >= 0 || end >= 0;
    }

    boolean isComplete() {
        return start >= 0 && end >= start;
    }

    long start() {
        return start;
    }

    /** The last block. */
    long end() {
        return end;
    }

    long length() {
        return end + SdRegisters.BLOCK - start;
    }

    /** Takes the first block. */
    void begin(long at) {
        start = at;
        end = -1;
    }

    /** Takes the last block; false if there is no first. */
    boolean finish(long at) {
        if (start < 0) {
            return false;
        }
        end = at;
        return true;
    }

    void clear() {
        start = -1;
        end = -1;
    }

    /** Whether a saved end of a range can be on a card. */
    static boolean accepts(long at, long size) {
        return at == -1 || at >= 0 && at < size && at % SdRegisters.BLOCK == 0;
    }

    void load(long first, long last) {
        start = first;
        end = last;
    }
}
